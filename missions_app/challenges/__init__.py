"""Challenges: from an idea to a submitted, assessed and adopted challenge, with every revision kept."""
