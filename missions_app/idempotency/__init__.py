"""Repeating a request with the same key gives the same answer and does the work once."""
