"""Dossiers: frozen at the end of a day, taken out as files, brought in from another installation."""

from datetime import date

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat, permit
from missions_app.audit import trail
from missions_app.documents import storage
from missions_app.evaluation.policy import can_read_results
from missions_app.missions.models import Mission
from missions_app.portfolio import dossier_archive
from missions_app.portfolio.dossier_record import record_of
from missions_app.portfolio.errors import DossierThere, PeriodNotOver
from missions_app.portfolio.models import Dossier


def make_dossier(mission: Mission, cut_off: date, *, by: Actor) -> Dossier:
    """The dossier of a mission at the end of a day; the one that is there when it has been made before.

    Raises:
        NotAllowed, PeriodNotOver (the day has not passed).
    """
    permit(can_read_results, by, mission)
    if cut_off >= clock.today():
        raise PeriodNotOver(field="cut_off")
    with db.transaction() as session:
        known = find_dossier(mission.reference, cut_off)
        if known is not None:
            return known
        text = dossier_archive.canonical(record_of(mission, cut_off))
        dossier = Dossier(
            reference=mission.reference, cut_off=cut_off, content=text, checksum=dossier_archive.checksum_of(text),
            made_at=clock.now(), made_by_id=by.user_id,
        )  # fmt: skip
        session.add(dossier)
        trail.record("dossier.made", mission, by=by, cut_off=cut_off.isoformat(), checksum=dossier.checksum)
        return dossier


def import_dossier(content: bytes, *, by: Actor) -> Dossier:
    """Take in the archive of a dossier, with its documents. The same one again is the one that is there.

    Raises:
        NotAllowed, NotADossier, DossierThere.
    """
    permit(can_import, by, None)
    unpacked = dossier_archive.unpack(content)
    reference, cut_off = str(unpacked.record["reference"]), date.fromisoformat(str(unpacked.record["cut_off"]))
    with db.transaction() as session:
        known = find_dossier(reference, cut_off)
        if known is not None and known.checksum != unpacked.checksum:
            raise DossierThere(field="file")
        if known is not None:
            return known
        for document in unpacked.documents.values():
            storage.store().put(document)
        dossier = Dossier(
            reference=reference, cut_off=cut_off, content=unpacked.text, checksum=unpacked.checksum,
            made_at=clock.now(), made_by_id=by.user_id, is_imported=True,
        )  # fmt: skip
        session.add(dossier)
        session.flush()
        trail.record("dossier.imported", dossier, by=by, checksum=dossier.checksum)
        return dossier


def find_dossier(reference: str, cut_off: date) -> Dossier | None:
    """The dossier of a mission and day, if there is one."""
    return db.session.scalars(select(Dossier).where(Dossier.reference == reference, Dossier.cut_off == cut_off)).first()


def dossiers_of(reference: str) -> list[Dossier]:
    """A mission's dossiers, newest day first."""
    return list(
        db.session.scalars(select(Dossier).where(Dossier.reference == reference).order_by(Dossier.cut_off.desc()))
    )


def can_import(actor: Actor, _subject: object = None) -> bool:
    """The secretariat takes in dossiers from elsewhere."""
    return is_secretariat(actor)
