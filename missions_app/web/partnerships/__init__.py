"""Partnerships."""

from missions_app.web.partnerships import (
    agreements,
    commitments,
    funding,
    invitations,
    needs,
    partners,
    state_aid,
    terms,
)  # isort: skip
from missions_app.web.partnerships.blueprint import bp

__all__ = ["agreements", "bp", "commitments", "funding", "invitations", "needs", "partners", "state_aid", "terms"]
