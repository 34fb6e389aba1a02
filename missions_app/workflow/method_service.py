"""Publishing method versions and finding the one in force."""

from collections.abc import Callable

from sqlalchemy import Date, bindparam, or_, select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.audit import trail
from missions_app.errors import Conflict, NotFound
from missions_app.workflow.method import Method
from missions_app.workflow.method_file import checksum, parse_method
from missions_app.workflow.models import MethodStatus, MethodVersion

IN_FORCE = "workflow.method_in_force"
MOST_PARSED = 32


class MethodChanged(Conflict):
    """An adopted version is fixed by its checksum."""

    code = "method_changed"
    message = "Version %(number)s of the method is adopted and can no longer be changed. Make a new version."


_known: dict[str, Method] = {}


def _parsed(fingerprint: str, read: Callable[[], str]) -> Method:
    """The method of a document, which is read and parsed only the first time in this process."""
    method = _known.get(fingerprint)
    if method is None:
        if len(_known) >= MOST_PARSED:
            _known.clear()
        method = _known[fingerprint] = parse_method(read())
    return method


def method_of(version: MethodVersion) -> Method:
    """The method a version's document describes; read and parsed once per process."""
    return _parsed(version.checksum, lambda: version.document)


def publish_method(document: str, *, by: Actor) -> MethodVersion:
    """Store a document as an adopted version; the same document again changes nothing.

    Raises:
        MethodProblems: the document does not hold together; every problem is listed.
        MethodChanged: the version exists with another content.
    """
    fingerprint = checksum(document)
    method = _parsed(fingerprint, lambda: document)
    with db.transaction() as session:
        known = session.scalars(
            select(MethodVersion).where(
                MethodVersion.key == method.meta.id, MethodVersion.number == method.meta.version
            )
        ).first()
        if known is not None:
            if known.checksum != fingerprint:
                raise MethodChanged(number=method.meta.version)
            return known
        version = MethodVersion(
            key=method.meta.id, number=method.meta.version, status=MethodStatus.ADOPTED, document=document,
            checksum=fingerprint, created_at=clock.now(), adopted_on=clock.today(),
        )  # fmt: skip
        session.add(version)
        db.notes().pop(IN_FORCE, None)
        trail.record("method.adopted", version, by=by, checksum=fingerprint)
        return version


# Built once: nearly every request asks it.
_IN_FORCE = (
    select(MethodVersion)
    .where(
        MethodVersion.status == MethodStatus.ADOPTED,
        or_(MethodVersion.valid_from.is_(None), MethodVersion.valid_from <= bindparam("day", type_=Date())),
    )
    .order_by(MethodVersion.number.desc())
    .limit(1)
)


def find_version_in_force() -> MethodVersion | None:
    """The newest adopted version whose day has come, if a method has been published."""
    return db.session.scalars(_IN_FORCE, {"day": clock.today()}).first()


def version_in_force() -> MethodVersion:
    """The newest adopted version whose day has come: the one new cases begin under."""
    version = find_version_in_force()
    if version is None:
        raise NotFound()
    return version


def method_in_force() -> Method:
    """The method new cases begin under; looked up once in a transaction, which sees one method all through."""
    if not db.in_transaction():
        return method_of(version_in_force())
    notes = db.notes()
    if IN_FORCE not in notes:
        notes[IN_FORCE] = method_of(version_in_force())
    found: Method = notes[IN_FORCE]
    return found
