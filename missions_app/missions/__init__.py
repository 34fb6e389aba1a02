"""Missions: one measurable target, the challenges adopted into it, and where it stands."""
