"""Strategic documents and their goals, the list of clashes, and the inbox of signals."""

from missions_app.web.strategy.blueprint import bp

from missions_app.web.strategy import register, signals  # isort: skip

__all__ = ["bp", "register", "signals"]
