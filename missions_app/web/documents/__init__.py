"""Documents."""

from missions_app.web.documents.blueprint import bp

from missions_app.web.documents import documents, printouts  # isort: skip

__all__ = ["bp", "documents", "printouts"]
