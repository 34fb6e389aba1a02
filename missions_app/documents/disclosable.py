"""What of the documents of a case may be asked for: texts written here; files are named, and handed out by hand."""

from collections.abc import Sequence

from missions_app.documents import queries
from missions_app.documents.disclosure_service import Asked, Source
from missions_app.documents.models import Document, Visibility
from missions_app.i18n import _
from missions_app.workflow.models import Journey


def source() -> Source:
    """Documents of a case."""
    return Source(_things, _fields)


def _things(journey: Journey) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.title) for one in queries.documents_of(journey) if one.official]


def _fields(key: str) -> Sequence[Asked]:
    document: Document = queries.get_document(int(key))
    is_claimed = document.visibility is Visibility.CLAIMED_SECRET
    body = document.body or _("The file %(name)s, check sum %(sum)s.", name=document.file_name, sum=document.checksum)
    return [
        Asked("title", _("Title"), document.title, is_claimed, document.claim_reason),
        Asked("sender", _("From"), document.sender),
        Asked("text", _("The text"), body, is_claimed, document.claim_reason),
    ]
