"""A region's example data, loaded by services act by act, with the clock set to the day of the act."""
