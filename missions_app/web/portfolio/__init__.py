"""The region's missions taken together: the overview, papers and reports."""

from missions_app.web.portfolio.blueprint import bp

from missions_app.web.portfolio import dossiers, overview, papers, reports  # isort: skip

__all__ = ["bp", "dossiers", "overview", "papers", "reports"]
