"""Short references that people can say aloud: U-2026-014."""
