"""Results."""

from missions_app.web.evaluation.blueprint import bp

from missions_app.web.evaluation import evaluation, learning, measurements, plans, remains, reports, stories  # isort: skip

__all__ = ["bp", "evaluation", "learning", "measurements", "plans", "remains", "reports", "stories"]
