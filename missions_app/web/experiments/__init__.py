"""Experiments."""

from missions_app.web.experiments.blueprint import bp

from missions_app.web.experiments import experiments, log  # isort: skip

__all__ = ["bp", "experiments", "log"]
