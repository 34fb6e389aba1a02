"""Partnerships."""

from missions_app.web.partnerships import (
    agreements,
    calls,
    commitments,
    fits,
    funding,
    invitations,
    needs,
    overview,
    partners,
    state_aid,
    terms,
)  # isort: skip
from missions_app.web.partnerships.blueprint import bp

__all__ = [
    "agreements",
    "bp",
    "calls",
    "commitments",
    "fits",
    "funding",
    "invitations",
    "needs",
    "overview",
    "partners",
    "state_aid",
    "terms",
]
