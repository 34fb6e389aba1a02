"""My work: everybody's tasks, derived from the state of things."""
