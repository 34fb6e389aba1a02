"""Gates, moves and the method."""

from missions_app.web.workflow.blueprint import bp

from missions_app.web.workflow import drafts, gates, method, moves, parts, versions  # isort: skip

__all__ = ["bp", "drafts", "gates", "method", "moves", "parts", "versions"]
