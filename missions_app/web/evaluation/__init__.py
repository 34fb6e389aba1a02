"""Results."""

from missions_app.web.evaluation.blueprint import bp

from missions_app.web.evaluation import learning, measurements, reports, stories  # isort: skip

__all__ = ["bp", "learning", "measurements", "reports", "stories"]
