"""Random tokens: told once, kept as a digest."""

import hashlib
import secrets


def new_token() -> str:
    """A token that cannot be guessed, for cookies, links and machines: 43 characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token. The tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
