"""Partnerships."""

from missions_app.web.partnerships import (
    agreements,
    calls,
    commitments,
    coordination,
    fits,
    follow_up,
    funding,
    funding_calls,
    invitations,
    needs,
    overview,
    partners,
    pictures,
    state_aid,
    terms,
)  # isort: skip
from missions_app.web.partnerships.blueprint import bp

__all__ = [
    "agreements",
    "bp",
    "calls",
    "commitments",
    "coordination",
    "fits",
    "follow_up",
    "funding",
    "funding_calls",
    "invitations",
    "needs",
    "overview",
    "partners",
    "pictures",
    "state_aid",
    "terms",
]
