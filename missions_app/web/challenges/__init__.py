"""Challenges: the list, their public pages, writing, sending in, screening."""

from missions_app.web.challenges.blueprint import bp

from missions_app.web.challenges import (  # isort: skip
    discussion, editing, following, history, joining, links, measures, pages, screening, starting, translating, writers,
)  # fmt: skip

__all__ = [
    "bp", "discussion", "editing", "following", "history", "joining", "links", "measures", "pages", "screening",
    "starting", "translating", "writers",
]  # fmt: skip
