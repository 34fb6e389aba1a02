"""Organisations: who they are, whom they belong to, and what they can do."""
