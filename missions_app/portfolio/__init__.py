"""Figures and stories across packages, read only."""
