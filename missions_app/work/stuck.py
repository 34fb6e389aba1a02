"""What stands still with somebody else: the actor has done their part and can remind or help."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from missions_app import clock
from missions_app.accounts.actor import REGION, Actor, site_scope
from missions_app.accounts.models import User
from missions_app.accounts.policy import SECRETARIAT
from missions_app.accounts.queries import users_with
from missions_app.accounts.tasks import Task
from missions_app.audit import queries as audit
from missions_app.bookings import queries as bookings
from missions_app.bookings.as_one import as_one, dates_of
from missions_app.bookings.models import LineState
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.challenges.policy import state_of
from missions_app.i18n import N_
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.letters import speakers
from missions_app.partnerships.models import PartnerState

NUDGED = "reminder.sent"
ASKED = {
    LineState.SUBMITTED: (N_("Waits for an answer about %(resource)s"), N_("Asked for %(day)s.")),
    LineState.CONDITIONAL: (N_("Waits for the yes about %(resource)s"), N_("Every condition is ticked off.")),
    LineState.POSTPONED: (N_("Waits for a new day for %(resource)s"), N_("It was postponed without one.")),
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A task of others: what it is about, the page where they do it, and who can be reminded (looked up when they
    are)."""

    task: Task
    subject: Any
    path: str
    receivers: Callable[[], list[User]]


def stuck_for(actor: Actor) -> list[Stuck]:
    """Invitations, signatures, booking requests and challenges that wait for an answer, the longest waiting first."""
    if actor.user_id is None:
        return []
    missions = [int(key) for key in actor.scopes_of("coordinator", "mission")]
    found = [
        *_invitations(missions),
        *_signatures(missions),
        *_requests(actor.user_id),
        *_challenges([int(key) for key in actor.scopes_of("problem_owner_rep", "organisation")]),
    ]
    return sorted(_nudged(found), key=lambda one: (one.task.since or date.max, one.task.reference))


def _nudged(found: list[Stuck]) -> list[Stuck]:
    """Each with the day of its last reminder."""
    events = audit.history_of({one.subject for one in found}, limit=500, actions=[NUDGED])
    days = {event.data["key"]: clock.day_of(event.at) for event in reversed(events)}
    return [replace(one, task=replace(one.task, nudged_on=days.get(one.task.nudge))) for one in found]


def _invitations(mission_ids: list[int]) -> Iterable[Stuck]:
    for one in partnerships.waiting_partners(PartnerState.INVITED, mission_ids=mission_ids):
        reason = N_("Invited. The last day to answer is %(day)s.") if one.invited_until else N_("Invited.")
        task = Task(
            title=N_("Waits for an answer to the invitation: %(title)s"), title_params={"title": one.mission.titles},
            reason=reason, reason_params={"day": one.invited_until}, waiting_for=one.organisation.name,
            endpoint="partnerships.show_partnership", values={"reference": one.mission.reference},
            reference=one.mission.reference, nudge=f"invitation-{one.id}",
        )  # fmt: skip
        yield Stuck(task, one, f"/missions/{one.mission.reference}/partnership", partial(speakers, one.organisation_id))


def _signatures(mission_ids: list[int]) -> Iterable[Stuck]:
    for agreement, party in partnerships.unsigned(mission_ids):
        task = Task(
            title=N_("Waits for a signature: %(title)s"), title_params={"title": agreement.title},
            reason=N_("The text is ready to sign."), waiting_for=party.name,
            endpoint="partnerships.show_agreement",
            values={"reference": agreement.mission.reference, "agreement_id": agreement.id},
            since=clock.day_of(agreement.document.received_at),
            reference=agreement.mission.reference, nudge=f"signature-{agreement.id}-{party.id}",
        )  # fmt: skip
        path = f"/missions/{agreement.mission.reference}/agreements/{agreement.id}"
        yield Stuck(task, agreement, path, partial(speakers, party.id))


def _requests(user_id: int) -> Iterable[Stuck]:
    for line, number in as_one(bookings.lines_sent_by(user_id)):
        title, reason = ASKED[line.state]
        task = Task(
            title=title, title_params={"resource": dates_of(line, number)}, reason=reason,
            waiting_for=line.resource.site.owner.name,
            reason_params={"day": clock.day_of(line.starts_at)}, endpoint="bookings.show_booking",
            values={"reference": line.booking.reference}, reference=line.booking.reference,
            nudge=f"booking-{line.id}",
        )  # fmt: skip
        managers = partial(users_with, "site_manager", site_scope(line.resource.site_id))
        yield Stuck(task, line.booking, f"/bookings/{line.booking.reference}", managers)


def _challenges(organisation_ids: list[int]) -> Iterable[Stuck]:
    for one in challenges.sent_in_by(organisation_ids):
        if state_of(one).kind == "waiting":
            yield Stuck(_tried(one), one, f"/challenges/{one.reference}", partial(users_with, SECRETARIAT, REGION))


def _tried(one: Challenge) -> Task:
    return Task(
        title=N_("Waits for an answer: %(title)s"), title_params={"title": one.title},
        reason=N_("The secretariat screens and assesses what you have sent in."),
        endpoint="challenges.show_challenge", values={"reference": one.reference},
        since=clock.day_of(one.submitted_at) if one.submitted_at else None, reference=one.reference,
        nudge=f"challenge-{one.id}",
    )  # fmt: skip
