"""Who may do what with organisations. Pure."""

from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.policy import can_manage_accounts, is_secretariat
from missions_app.organisations.models import Organisation, OrganisationState


def can_edit_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Its administrators and the secretariat."""
    return actor.has("org_admin", organisation_scope(organisation.id)) or is_secretariat(actor)


def can_answer_requests(actor: Actor, organisation: Organisation) -> bool:
    """Its administrators, the secretariat and the system administrator."""
    return actor.has("org_admin", organisation_scope(organisation.id)) or can_manage_accounts(actor)


def can_add_organisation(actor: Actor, _subject: object = None) -> bool:
    """The secretariat enters organisations; others ask for theirs."""
    return can_manage_accounts(actor)


def can_set_locked(actor: Actor, _subject: object = None) -> bool:
    """What the method's criteria count on (sector, number) is set by the secretariat alone."""
    return is_secretariat(actor)


def can_manage_members(actor: Actor, organisation: Organisation) -> bool:
    """Its administrators, the secretariat and the system administrator."""
    return can_answer_requests(actor, organisation)


def can_read_members(actor: Actor, organisation: Organisation) -> bool:
    """Those who belong to it, and those who manage members. Names of people are not public."""
    return organisation.id in actor.organisations() or can_answer_requests(actor, organisation)


def can_ask(actor: Actor, _subject: object = None) -> bool:
    """Everyone with an account may ask to join or register an organisation."""
    return actor.is_signed_in


def can_read_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Everyone reads those that are active; a requested one is seen by who asked and who answers."""
    if organisation.state is not OrganisationState.REQUESTED:
        return True
    return can_manage_accounts(actor) or (actor.user_id is not None and organisation.requested_by_id == actor.user_id)
