"""The inbox of signals: noting, setting aside, and marking what became a challenge."""

from collections.abc import Mapping

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import InvalidInput, NotAllowed, Problem
from missions_app.i18n import N_
from missions_app.strategy import policy
from missions_app.strategy.errors import SignalSettled, TitleMissing
from missions_app.strategy.models import Signal, SignalState
from missions_app.workflow.errors import ReasonMissing
from missions_app.workflow.method_service import method_in_force
from missions_app.workflow.models import Journey

LONGEST = {"title": 200, "what": 4000, "so_what": 4000, "source": 500}


def note_signal(
    *, title: str, what: str, by: Actor, so_what: str = "", source: str = "", theme: str = "",
    organisation_id: int | None = None,
) -> Signal:  # fmt: skip
    """Pass on a need or a trend: what it is, what it could mean, and where it was seen.

    Raises:
        NotAllowed, TitleMissing. InvalidInput: every text that is too long, and a theme the method does not have.
    """
    permit(policy.can_note_signal, by, None)
    if by.user_id is None:
        raise NotAllowed()
    if not title.strip():
        raise TitleMissing(field="title")
    if not what.strip():
        raise TitleMissing(field="what")
    if problems := _problems({"title": title, "what": what, "so_what": so_what, "source": source}, theme):
        raise InvalidInput.of(problems)
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


def _problems(texts: Mapping[str, str], theme: str) -> list[Problem]:
    found = [
        Problem(
            "text_too_long", N_("Write at most %(most)d characters. Now there are %(length)d."), name,
            {"most": LONGEST[name], "length": len(text.strip())},
        )
        for name, text in texts.items()
        if len(text.strip()) > LONGEST[name]
    ]  # fmt: skip
    if theme and theme not in method_in_force().ids("theme"):
        found.append(Problem("unknown_choice", N_("Choose one of the alternatives in the list."), "theme"))
    return found


def _require_open(signal: Signal, expected_version: int | None) -> None:
    db.expect_version(signal, expected_version)
    if signal.state is not SignalState.OPEN:
        raise SignalSettled()
