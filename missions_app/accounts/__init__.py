"""People and their rights: users, bodies, seats, grants, sessions and tokens."""
