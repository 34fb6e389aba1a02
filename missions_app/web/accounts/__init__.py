"""Signing in, one's own account, and looking after all accounts."""

from missions_app.web.accounts.blueprint import bp

from missions_app.web.accounts import account, administration, bodies, links, requests, signing_in, tokens  # isort: skip

__all__ = ["account", "administration", "bodies", "bp", "links", "requests", "signing_in", "tokens"]
