"""Gates, moves and the method."""

from missions_app.web.workflow.blueprint import bp

from missions_app.web.workflow import gates, method, moves  # isort: skip

__all__ = ["bp", "gates", "method", "moves"]
