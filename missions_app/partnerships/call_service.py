"""Open calls: a mission asks everybody, for some days, for what it lacks."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.errors import NotFound, Problem
from missions_app.i18n import N_
from missions_app.missions.models import Mission
from missions_app.partnerships import checking, policy
from missions_app.partnerships.errors import CallRunning
from missions_app.partnerships.models import OpenCall
from missions_app.partnerships.partner_service import require_open

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class CallContent:
    """A call as written: its days, both included, and its words in Swedish and, where it is translated, in English."""

    text_sv: str
    opens_on: date
    closes_on: date
    text_en: str = ""


def publish_call(mission: Mission, content: CallContent, *, by: Actor) -> OpenCall:
    """Ask everybody. One call runs at a time.

    Raises:
        NotAllowed, PartnershipClosed, CallRunning, InvalidInput (every problem).
    """
    permit(policy.can_coordinate, by, mission)
    with db.transaction() as session:
        require_open(mission)
        db.lock_row(mission)
        if find_call(mission) is not None:
            raise CallRunning()
        call = OpenCall(mission=mission, published_at=clock.now())
        _write(call, content)
        session.add(call)
        trail.record("call.published", mission, by=by, closes_on=content.closes_on.isoformat())
        return call


def edit_call(call: OpenCall, content: CallContent, *, by: Actor, expected_version: int) -> None:
    """Word a call anew or give it other days.

    Raises:
        NotAllowed, StaleVersion, InvalidInput.
    """
    permit(policy.can_coordinate, by, call.mission)
    with db.transaction():
        db.expect_version(call, expected_version)
        _write(call, content)
        trail.record("call.edited", call.mission, by=by, closes_on=content.closes_on.isoformat())


def withdraw_call(call: OpenCall, *, by: Actor, expected_version: int) -> None:
    """Close a call before its time. Interest already shown stays."""
    permit(policy.can_coordinate, by, call.mission)
    with db.transaction():
        db.expect_version(call, expected_version)
        call.withdrawn_at = clock.now()
        trail.record("call.withdrawn", call.mission, by=by)


def find_call(mission: Mission) -> OpenCall | None:
    """The mission's call that is open or is to open, if there is one."""
    return db.session.scalars(
        select(OpenCall).where(
            OpenCall.mission_id == mission.id, OpenCall.withdrawn_at.is_(None), OpenCall.closes_on >= clock.today()
        )
    ).first()


def get_call(mission: Mission) -> OpenCall:
    """The mission's call that is open or is to open, or NotFound."""
    found = find_call(mission)
    if found is None:
        raise NotFound()
    return found


def open_calls() -> Select[OpenCall]:
    """Every call that is open today, the one that closes first on top, for a paged list."""
    today = clock.today()
    return (
        select(OpenCall)
        .where(OpenCall.withdrawn_at.is_(None), OpenCall.opens_on <= today, OpenCall.closes_on >= today)
        .options(joinedload(OpenCall.mission).joinedload(Mission.problem_owner))
        .order_by(OpenCall.closes_on, OpenCall.id)
    )


def is_open(call: OpenCall) -> bool:
    """Whether today is one of the call's days."""
    return call.withdrawn_at is None and call.opens_on <= clock.today() <= call.closes_on


def _write(call: OpenCall, content: CallContent) -> None:
    problems: list[Problem] = []
    if not content.text_sv.strip():
        problems.append(Problem("missing", N_("Say what you are looking for."), "text_sv"))
    problems += checking.too_long({"text_sv": (content.text_sv, LONGEST), "text_en": (content.text_en, LONGEST)})
    problems += checking.reversed_period(content.opens_on, content.closes_on, "closes_on")
    if content.closes_on < clock.today():
        problems.append(Problem("in_the_past", N_("The last day has passed. Choose a later day."), "closes_on"))
    checking.refuse(problems)
    call.text_sv, call.text_en = content.text_sv.strip(), content.text_en.strip()
    call.opens_on, call.closes_on = content.opens_on, content.closes_on
