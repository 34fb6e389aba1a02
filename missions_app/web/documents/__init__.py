"""Documents."""

from missions_app.web.documents.blueprint import bp

from missions_app.web.documents import disclosures, documents, printouts  # isort: skip

__all__ = ["bp", "disclosures", "documents", "printouts"]
