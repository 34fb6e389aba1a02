"""The inbox of signals: noting, setting aside, and marking what became a challenge."""

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import NotAllowed
from missions_app.strategy import policy
from missions_app.strategy.errors import SignalSettled, TitleMissing
from missions_app.strategy.models import Signal, SignalState
from missions_app.workflow.errors import ReasonMissing
from missions_app.workflow.models import Journey


def note_signal(
    *, title: str, what: str, by: Actor, so_what: str = "", source: str = "", theme: str = "",
    organisation_id: int | None = None,
) -> Signal:  # fmt: skip
    """Pass on a need or a trend: what it is, what it could mean, and where it was seen."""
    permit(policy.can_note_signal, by, None)
    if by.user_id is None:
        raise NotAllowed()
    if not title.strip():
        raise TitleMissing(field="title")
    if not what.strip():
        raise TitleMissing(field="what")
    with db.transaction() as session:
        signal = Signal(
            title=title.strip(), what=what.strip(), so_what=so_what.strip(), source=source.strip(), theme=theme,
            organisation_id=organisation_id, noted_by_id=by.user_id, noted_at=clock.now(), state=SignalState.OPEN,
        )  # fmt: skip
        session.add(signal)
        session.flush()
        trail.record("signal.noted", signal, by=by)
        return signal


def set_aside(signal: Signal, *, reason: str, by: Actor, expected_version: int | None = None) -> None:
    """Decide not to go on with a signal, and say why."""
    permit(policy.can_settle_signal, by, signal)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    with db.transaction():
        _require_open(signal, expected_version)
        signal.state, signal.set_aside_because = SignalState.SET_ASIDE, reason.strip()
        trail.record("signal.set_aside", signal, by=by)


def mark_promoted(signal: Signal, journey: Journey, *, by: Actor) -> None:
    """Remember which case a signal became. Called by the package that makes the case, in its transaction."""
    with db.transaction():
        _require_open(signal, None)
        signal.state, signal.became_id = SignalState.PROMOTED, journey.id
        trail.record("signal.promoted", signal, by=by, journey=journey.id)


def _require_open(signal: Signal, expected_version: int | None) -> None:
    db.expect_version(signal, expected_version)
    if signal.state is not SignalState.OPEN:
        raise SignalSettled()
