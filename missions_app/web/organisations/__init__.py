"""Organisations: the list, their entries, what they can do, and who belongs to them."""

from missions_app.web.organisations.blueprint import bp

from missions_app.web.organisations import administration, entries, imports, members, offers  # isort: skip

__all__ = ["administration", "bp", "entries", "imports", "members", "offers"]
