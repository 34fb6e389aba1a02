"""Who may do what in partnerships. Pure."""

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.missions import policy as missions
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships.coordination_models import CoordinationOffer
from missions_app.partnerships.models import Agreement, Commitment, Invitation, Partner
from missions_app.secrecy.masking import Circle, visible

SPEAKERS = ("org_admin", "problem_owner_rep")
PARTNER = "partner"


def can_coordinate(actor: Actor, mission: Mission) -> bool:
    """The mission's coordinator and the secretariat."""
    return missions.can_coordinate(actor, mission)


def can_hand_over(actor: Actor, mission: Mission) -> bool:
    """Those who appoint a coordinator, and whoever coordinates today."""
    return missions.can_hand_over(actor, mission)


def can_read_offer(actor: Actor, offer: CoordinationOffer) -> bool:
    """Those who take part in the mission, and the organisation that is asked to coordinate it."""
    return can_read_partnership(actor, offer.mission) or can_speak_for(actor, offer.organisation_id)


def can_speak_for(actor: Actor, organisation_id: int) -> bool:
    """An organisation's administrators and representatives bind it."""
    return actor.has_any(SPEAKERS, organisation_scope(organisation_id))


def can_show_interest(actor: Actor, organisation_id: int) -> bool:
    """Any member may show interest for their organisation."""
    return actor.has_any(("member", *SPEAKERS), organisation_scope(organisation_id))


def can_read_fits(actor: Actor, organisation: Organisation) -> bool:
    """Which needs fit an organisation is its own people's to see, and the secretariat's."""
    return organisation.id in actor.organisations() or is_secretariat(actor)


def can_change_partner(actor: Actor, partner: Partner) -> bool:
    """Whoever speaks for the organisation, and the coordinator."""
    return can_speak_for(actor, partner.organisation_id) or can_coordinate(actor, partner.mission)


def can_read_partner(actor: Actor, partner: Partner) -> bool:
    """Those with a part in the mission, and the organisation itself, also before it has joined."""
    return can_read_partnership(actor, partner.mission) or partner.organisation_id in actor.organisations()


def can_read_statement(actor: Actor, partner: Partner) -> bool:
    """What a partner has promised and brought, hours included: its own people, and those who coordinate."""
    return partner.organisation_id in actor.organisations() or can_coordinate(actor, partner.mission)


def can_answer_invitation(actor: Actor, _invitation: Invitation) -> bool:
    """Whoever is signed in; that the address is theirs is tried with the account itself."""
    return actor.is_signed_in


def can_assess_state_aid(actor: Actor, _partner: Partner) -> bool:
    """The secretariat judges state aid."""
    return is_secretariat(actor)


def can_keep_calls(actor: Actor, _subject: object = None) -> bool:
    """The secretariat keeps the calendar of funders' calls."""
    return is_secretariat(actor)


def can_read_partnership(actor: Actor, mission: Mission) -> bool:
    """Those with a part in it; the public sees who has committed themselves, in another view."""
    return missions.has_part(actor, mission)


def can_read_agreement(actor: Actor, agreement: Agreement) -> bool:
    """Those with a part in the mission, and the people of whoever is to sign it, such as the owner of a site."""
    parties = {one.organisation_id for one in agreement.parties}
    return can_read_partnership(actor, agreement.mission) or bool(parties & set(actor.organisations()))


def can_write_agreement(actor: Actor, agreement: Agreement) -> bool:
    """Who words and ends it: the coordinator; a letter of intent also the party whose it is."""
    if can_coordinate(actor, agreement.mission):
        return True
    return agreement.kind == "intent" and all(can_speak_for(actor, one.organisation_id) for one in agreement.parties)


def can_read_words(actor: Actor, commitment: Commitment) -> bool:
    """Whether the words and the condition of a promise are shown to somebody with a part in the mission."""
    return visible(actor, commitment.visibility, circle_of(commitment))


def circle_of(commitment: Commitment) -> Circle:
    """Around the words of a promise: the organisation that gave it, and those who work on the mission."""
    mission = commitment.partner.mission
    return Circle(
        owners=frozenset({organisation_scope(commitment.partner.organisation_id)}),
        partners=frozenset({mission_scope(mission.id), organisation_scope(mission.problem_owner_id)}),
    )
