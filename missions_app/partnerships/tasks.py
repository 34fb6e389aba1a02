"""What waits for somebody about partnerships: invitations, interest, texts to sign, needs and promises to look at."""

from collections.abc import Iterable
from datetime import date, timedelta

from missions_app import clock
from missions_app.accounts import queries as accounts
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.missions import queries as missions
from missions_app.partnerships import coordination_service, policy, queries
from missions_app.partnerships.agreement_service import REMIND_DAYS
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.partnerships.rules import CONFIRM_EVERY, confirm_by

# So long before the year is out the partner is asked whether its promises still hold.
ASK_BEFORE = timedelta(days=30)
# Who has shown interest should not wait longer for an answer.
ANSWER_WITHIN = timedelta(days=10)


def tasks_for(actor: Actor) -> list[Task]:
    """Everything about partnerships that the actor can do something about."""
    if actor.user_id is None:
        return []
    spoken_for = [key for key in actor.organisations() if policy.can_speak_for(actor, key)]
    tasks = [
        *_invited_by_address(actor.user_id),
        *_invited(spoken_for),
        *_asked_to_coordinate(spoken_for),
        *_to_sign(spoken_for),
        *_to_confirm(spoken_for),
    ]
    tasks += [*_interested(actor), *_ending(actor)]
    return tasks + _to_register() if is_secretariat(actor) else tasks


def _invited_by_address(user_id: int) -> Iterable[Task]:
    for one in queries.invitations_for(accounts.get_user(user_id).email):
        yield Task(
            title=N_("Answer the invitation to take part: %(title)s"), title_params={"title": one.mission.titles},
            reason=N_("You have been invited."), endpoint="partnerships.answer_invitation",
            values={"invitation_id": one.id}, due=one.expires_on, reference=one.mission.reference,
        )  # fmt: skip


def _invited(organisation_ids: list[int]) -> Iterable[Task]:
    for one in queries.waiting_partners(PartnerState.INVITED, organisation_ids=organisation_ids):
        yield Task(
            title=N_("Answer the invitation to take part: %(title)s"), title_params={"title": one.mission.titles},
            reason=N_("%(name)s has been invited."), reason_params={"name": one.organisation.name},
            endpoint="partnerships.commit", values=_keys(one), due=one.invited_until, reference=one.mission.reference,
        )  # fmt: skip


def _asked_to_coordinate(organisation_ids: list[int]) -> Iterable[Task]:
    for one in coordination_service.offers_to(organisation_ids):
        yield Task(
            title=N_("Say whether you will coordinate: %(title)s"), title_params={"title": one.mission.titles},
            reason=N_("%(name)s has been asked to coordinate."), reason_params={"name": one.organisation.name},
            endpoint="partnerships.answer_coordination", values={"reference": one.mission.reference},
            reference=one.mission.reference,
        )  # fmt: skip


def _interested(actor: Actor) -> Iterable[Task]:
    mission_ids = [int(key) for key in actor.scopes_of("coordinator", "mission")]
    for one in queries.countered_partners(mission_ids):
        yield Task(
            title=N_("Answer the other terms of %(name)s: %(title)s"),
            title_params={"name": one.organisation.name, "title": one.mission.titles},
            reason=N_("They were invited and would join on other terms."), endpoint="partnerships.answer_counter",
            values=_keys(one), due=one.invited_until, reference=one.mission.reference,
        )  # fmt: skip
    for one in queries.waiting_partners(PartnerState.INTERESTED, mission_ids=mission_ids):
        yield Task(
            title=N_("Answer %(name)s, who would like to take part: %(title)s"),
            title_params={"name": one.organisation.name, "title": one.mission.titles},
            reason=N_("They have shown interest."), endpoint="partnerships.commit", values=_keys(one),
            due=clock.day_of(one.since) + ANSWER_WITHIN, reference=one.mission.reference,
        )  # fmt: skip


def _to_sign(organisation_ids: list[int]) -> Iterable[Task]:
    for agreement, organisation in queries.to_sign(organisation_ids):
        yield Task(
            title=N_("Read and sign: %(title)s"), title_params={"title": agreement.title},
            reason=N_("%(name)s has not signed yet."), reason_params={"name": organisation.name},
            endpoint="partnerships.sign_agreement",
            values={"reference": agreement.mission.reference, "agreement_id": agreement.id},
            reference=agreement.mission.reference, since=clock.day_of(agreement.document.received_at),
        )  # fmt: skip


def _ending(actor: Actor) -> Iterable[Task]:
    """Agreements of the missions one coordinates that end within the reminder's days."""
    today, mission_ids = clock.today(), {int(key) for key in actor.scopes_of("coordinator", "mission")}
    if not mission_ids:
        return
    for one in queries.ending_agreements(today, today + timedelta(days=max(REMIND_DAYS))):
        if one.mission_id in mission_ids and queries.is_held(one):
            yield Task(
                title=N_("Renew or let end: %(title)s"), title_params={"title": one.title},
                reason=N_("The agreement ends then."), endpoint="partnerships.show_agreement",
                values={"reference": one.mission.reference, "agreement_id": one.id}, due=one.document.valid_until,
                reference=one.mission.reference,
            )  # fmt: skip


def _to_confirm(organisation_ids: list[int]) -> Iterable[Task]:
    """One task for each partnership, due when the first of its promises is; the morning's letter reminds of it."""
    due: dict[Partner, date] = {}
    for one in queries.promises_unconfirmed_since(clock.today() - CONFIRM_EVERY + ASK_BEFORE, organisation_ids):
        if not missions.has_ended(one.partner.mission):
            by = confirm_by(clock.day_of(one.made_at), one.confirmed_on)
            due[one.partner] = min(by, due.get(one.partner, by))
    for partner, by in due.items():
        yield Task(
            title=N_("Confirm that your promises still hold: %(title)s"),
            title_params={"title": partner.mission.titles}, reason=N_("What is promised is confirmed every year."),
            endpoint="partnerships.show_partner", values=_keys(partner), due=by, reference=partner.mission.reference,
        )  # fmt: skip


def _to_register() -> list[Task]:
    return [
        Task(
            title=N_("Enter the aid to %(name)s in the central register"),
            title_params={"name": one.partner.organisation.name},
            reason=N_("Aid of minor importance is entered within twenty working days."),
            endpoint="partnerships.note_registration",
            values={"reference": one.partner.mission.reference, "assessment_id": one.id}, due=one.register_by,
            reference=one.partner.mission.reference,
        )
        for one in queries.unregistered_aid()
    ]  # fmt: skip


def _keys(partner: Partner) -> dict[str, object]:
    return {"reference": partner.mission.reference, "partner_id": partner.id}
