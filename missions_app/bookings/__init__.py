"""Booking: asking for time at a site, holding it, using it, and never twice at once."""
