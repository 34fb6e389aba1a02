"""What stands still with somebody else: the actor has done their part and can remind or help."""

from collections.abc import Iterable
from datetime import date

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.bookings import queries as bookings
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.challenges.policy import state_of
from missions_app.i18n import N_
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import PartnerState


def stuck_for(actor: Actor) -> list[Task]:
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
    return sorted(found, key=lambda task: (task.since or date.max, task.reference))


def _invitations(mission_ids: list[int]) -> Iterable[Task]:
    for one in partnerships.waiting_partners(PartnerState.INVITED, mission_ids=mission_ids):
        reason = N_("Invited. The last day to answer is %(day)s.") if one.invited_until else N_("Invited.")
        yield Task(
            title=N_("Waits for an answer to the invitation: %(title)s"), title_params={"title": one.mission.title},
            reason=reason, reason_params={"day": one.invited_until}, waiting_for=one.organisation.name,
            endpoint="partnerships.show_partnership", values={"reference": one.mission.reference},
            reference=one.mission.reference,
        )  # fmt: skip


def _signatures(mission_ids: list[int]) -> Iterable[Task]:
    for agreement, party in partnerships.unsigned(mission_ids):
        yield Task(
            title=N_("Waits for a signature: %(title)s"), title_params={"title": agreement.title},
            reason=N_("The text is ready to sign."), waiting_for=party.name,
            endpoint="partnerships.show_agreement",
            values={"reference": agreement.mission.reference, "agreement_id": agreement.id},
            since=agreement.document.received_at.astimezone(clock.zone()).date(),
            reference=agreement.mission.reference,
        )  # fmt: skip


def _requests(user_id: int) -> Iterable[Task]:
    for line in bookings.lines_sent_by(user_id):
        yield Task(
            title=N_("Waits for an answer about %(resource)s"), title_params={"resource": line.resource.name_sv},
            reason=N_("Asked for %(day)s."), waiting_for=line.resource.site.owner.name,
            reason_params={"day": line.starts_at.astimezone(clock.zone()).date()}, endpoint="bookings.show_booking",
            values={"reference": line.booking.reference}, reference=line.booking.reference,
        )  # fmt: skip


def _challenges(organisation_ids: list[int]) -> Iterable[Task]:
    for one in challenges.sent_in_by(organisation_ids):
        if state_of(one).kind == "waiting":
            yield _tried(one)


def _tried(one: Challenge) -> Task:
    return Task(
        title=N_("Waits for an answer: %(title)s"), title_params={"title": one.title},
        reason=N_("The secretariat screens and assesses what you have sent in."),
        endpoint="challenges.show_challenge", values={"reference": one.reference},
        since=one.submitted_at.astimezone(clock.zone()).date() if one.submitted_at else None, reference=one.reference,
    )  # fmt: skip
