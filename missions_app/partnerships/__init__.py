"""Partnerships: who takes part, what they promise, what is still missing, what is signed."""
