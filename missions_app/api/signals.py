"""Signals: what has been noticed, and what became of it."""

from datetime import date
from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Filters, Input, created
from missions_app.api.challenges import ChallengeOut, whole_of
from missions_app.api.shapes import ReasonIn, output_of
from missions_app.challenges import challenge_service
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.organisations import queries as organisations
from missions_app.strategy import policy, queries, signal_service, weekly
from missions_app.strategy.models import Signal, SignalState

bp = ApiBlueprint("signals", "Needs and trends somebody has noticed, before they are a challenge")
SignalOut = output_of(
    Signal, "id", "title", "what", "so_what", "source", "theme", "noted_at", "state", "set_aside_because", "version",
    name="SignalOut",
)  # fmt: skip


class SignalIn(Input):
    """What has been noticed, where, and what it could mean."""

    title = fields.String(required=True)
    what = fields.String(required=True)
    so_what = fields.String(load_default="")
    source = fields.String(load_default="")
    theme = fields.String(load_default="")


class SignalFilters(Filters):
    """One state only."""

    state = fields.Enum(enum=SignalState, by_value=True, load_default=None, allow_none=True)


class PromoteIn(Input):
    """Whose challenge it becomes, and in which language."""

    organisation = fields.String(required=True, metadata={"description": "slug"})
    language = fields.String(load_default="sv")


def _readable(signal_id: int) -> Signal:
    signal = queries.get_signal(signal_id)
    authorise(policy.can_read_signal, signal)
    return signal


@bp.get("/signals")
@signed_in
@bp.paged(SignalOut, SignalFilters)
def list_signals(filters: dict[str, Any]) -> Any:
    """The inbox for those who read it; one's own for everybody else."""
    whole = policy.can_read_signals(actor())
    return queries.signals(filters["state"], noted_by=None if whole else actor().user_id)


@bp.get("/signals/week/<monday>")
@signed_in
@bp.response(200, SignalOut(many=True))
def list_week(monday: str) -> Any:
    """What was passed on in the week of a day (year-month-day), for those who read the inbox."""
    authorise(lambda reader, _subject: policy.can_read_signals(reader), None)
    try:
        day = date.fromisoformat(monday)
    except ValueError as error:
        raise NotFound() from error
    return weekly.signals_of_week(weekly.monday_of(day))


@bp.post("/signals")
@signed_in
@bp.arguments(SignalIn)
@bp.response(201, SignalOut)
def note_signal(body: dict[str, Any]) -> Any:
    """Pass something on."""
    signal = signal_service.note_signal(by=actor(), **body)
    return created(signal, "signals.show_signal", signal_id=signal.id)


@bp.get("/signals/<int:signal_id>")
@signed_in
@bp.response(200, SignalOut)
def show_signal(signal_id: int) -> Signal:
    """What was noticed, and what became of it."""
    return _readable(signal_id)


@bp.post("/signals/<int:signal_id>/promote")
@signed_in
@bp.arguments(PromoteIn)
@bp.response(201, ChallengeOut)
def promote_signal(body: dict[str, Any], signal_id: int) -> Any:
    """Begin a challenge from it."""
    signal = _readable(signal_id)
    authorise(policy.can_settle_signal, signal)
    challenge = challenge_service.promote_signal(
        signal, organisations.get_organisation(body["organisation"]), language=body["language"], by=actor()
    )
    return created(
        whole_of(challenge, is_own=True), "challenges.show_challenge", reference=challenge.reference
    )  # fmt: skip


@bp.post("/signals/<int:signal_id>/set-aside")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, SignalOut)
def set_aside(body: dict[str, Any], signal_id: int, expected_version: int) -> Signal:
    """Decide not to go on with it."""
    signal = _readable(signal_id)
    signal_service.set_aside(signal, reason=body["reason"], by=actor(), expected_version=expected_version)
    return signal
