"""Finding things by reference, title, text and organisation: one index for both databases, filtered by rights."""
