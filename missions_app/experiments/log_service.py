"""The log of a test: notes, deviations and pictures, written as it goes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import picture_service
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.experiments import policy
from missions_app.experiments.errors import TestNotBegun
from missions_app.experiments.experiment_service import PLANNING
from missions_app.experiments.log_models import LogEntry
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_


def note(
    experiment: Experiment, *, text: str, by: Actor, happened_at: datetime | None = None, is_deviation: bool = False,
    photo: bytes | None = None, photo_text: str = "",
) -> LogEntry:  # fmt: skip
    """Write something down.

    Args:
        happened_at: now, when not given. photo: a JPEG, PNG or WebP; photo_text says what it shows.

    Raises:
        NotAllowed, TestNotBegun, InvalidInput, EmptyFile, TooLarge, WrongContent.
    """
    permit(policy.can_report, by, experiment)
    if experiment.journey.state == PLANNING:
        raise TestNotBegun()
    moment, problems = happened_at or clock.now(), []
    if not text.strip():
        problems.append(Problem("missing", N_("Write what happened."), "text"))
    if moment > clock.now():
        problems.append(Problem("in_the_future", N_("Choose a time that has been."), "happened_at"))
    if photo is not None and not photo_text.strip():
        problems.append(Problem("photo_text_missing", N_("Say what the picture shows."), "photo_text"))
    if problems:
        raise InvalidInput.of(problems)
    with db.transaction() as session:
        entry = LogEntry(
            experiment=experiment, happened_at=moment, text=text.strip(), is_deviation=is_deviation,
            photo=picture_service.take_in(photo)[0] if photo is not None else None, photo_text=photo_text.strip(),
            noted_at=clock.now(), noted_by_id=by.user_id,
        )  # fmt: skip
        session.add(entry)
        session.flush()
        trail.record("experiment.noted", experiment, by=by, entry=entry.id, deviation=is_deviation)
        return entry


def remove_photo(entry: LogEntry, *, by: Actor) -> None:
    """Take the picture of a note away; the note stands, and says that there was one. The file itself is thrown away in
    a day, unless something else has the same.

    Raises:
        NotAllowed, NotFound (there is no picture).
    """
    permit(policy.can_remove_photo, by, entry)
    with db.transaction():
        db.lock_row(entry)
        if entry.photo is None:
            raise NotFound()
        picture_service.let_go(entry.photo)
        entry.photo, entry.photo_removed_at = None, clock.now()
        trail.record("experiment.photo_removed", entry.experiment, by=by, entry=entry.id)


def log_of(experiment: Experiment) -> Sequence[LogEntry]:
    """The whole log, newest first."""
    return db.session.scalars(
        select(LogEntry)
        .where(LogEntry.experiment_id == experiment.id)
        .order_by(LogEntry.happened_at.desc(), LogEntry.id.desc())
    ).all()


def get_entry(experiment: Experiment, entry_id: int) -> LogEntry:
    """One note of this very log, or NotFound."""
    found = db.session.get(LogEntry, entry_id)
    if found is None or found.experiment_id != experiment.id:
        raise NotFound()
    return found
