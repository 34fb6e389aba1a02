"""Tagged PDFs: asked for by a page, made by the worker, kept by content so that nothing is made twice.

Packages register what they print. What is printed does not depend on who reads: it holds nothing that is masked for
anybody who may open the printout.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.documents import storage
from missions_app.documents.lettering import compiled, printable
from missions_app.documents.models import Printout
from missions_app.errors import NotFound
from missions_app.i18n import use_locale
from missions_app.outbox import jobs
from missions_app.paths import TEMPLATES

PRINT = "documents.print"


@dataclass(frozen=True, slots=True)
class Print:
    """What a package prints: its template in templates/print, the data of a thing by its key, and who may read it.

    `data` is called in the reader's language and gives JSON-able values; it raises NotFound for what is not there.
    """

    template: str
    data: Callable[[str], Mapping[str, Any]]
    may_read: Callable[[Actor, str], bool]


_prints: dict[str, Print] = {}


def register(kind: str, made: Print) -> None:
    """Say how a kind of thing is printed. Called by wiring.py."""
    _prints[kind] = made


def ask(kind: str, key: str, *, locale: str, by: Actor) -> Printout:
    """A printout of a thing as it is now; made already, or soon, by the worker.

    Raises:
        NotFound, NotAllowed.
    """
    permit(_readable, by, (kind, key))
    with db.transaction() as session:
        fingerprint = hashlib.sha256(_data(kind, key, locale).encode()).hexdigest()
        known = session.scalars(
            select(Printout).where(
                Printout.kind == kind, Printout.key == key, Printout.locale == locale,
                Printout.fingerprint == fingerprint,
            )
        ).first()  # fmt: skip
        if known is not None:
            return known
        printout = Printout(kind=kind, key=key, locale=locale, fingerprint=fingerprint, asked_at=clock.now())
        session.add(printout)
        session.flush()
        jobs.queue(PRINT, printout=printout.id)
        return printout


def make(payload: Mapping[str, Any]) -> None:
    """The worker's part. Doing it twice gives the same bytes again."""
    printout = db.session.get(Printout, payload["printout"])
    if printout is None or printout.sha256:
        return
    template = TEMPLATES / "print" / _prints[printout.kind].template
    data = printable(json.loads(_data(printout.kind, printout.key, printout.locale)))
    # PDF/UA-1 refuses a document that a screen reader could not follow.
    content = compiled(template.read_bytes(), {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)})
    sha256 = storage.store().put(content)
    with db.transaction():
        printout.sha256, printout.made_at = sha256, clock.now()


def get_printout(printout_id: int, *, by: Actor) -> Printout:
    """The printout, for somebody who may read what it is of; NotFound, NotAllowed."""
    found = db.session.get(Printout, printout_id)
    if found is None:
        raise NotFound()
    permit(_readable, by, (found.kind, found.key))
    return found


def read(printout: Printout) -> bytes:
    """The PDF; NotFound while it is being made."""
    if not printout.sha256:
        raise NotFound()
    return storage.store().get(printout.sha256)


def _readable(actor: Actor, thing: tuple[str, str]) -> bool:
    kind, key = thing
    return kind in _prints and _prints[kind].may_read(actor, key)


def _data(kind: str, key: str, locale: str) -> str:
    with use_locale(locale):
        return json.dumps({**_prints[kind].data(key), "lang": locale}, ensure_ascii=False, sort_keys=True)
