"""Who may do what with bookings. Pure."""

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope, site_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings.models import Booking, Line
from missions_app.sites.models import Resource

MEMBERS = ("member", "org_admin", "problem_owner_rep")


def can_book_for(actor: Actor, organisation_id: int) -> bool:
    """Any member books for their organisation."""
    return actor.has_any(MEMBERS, organisation_scope(organisation_id)) or is_secretariat(actor)


def can_book(actor: Actor, resource: Resource) -> bool:
    """Everyone who belongs to an organisation may ask."""
    return bool(actor.organisations()) or is_secretariat(actor)


def can_change(actor: Actor, booking: Booking) -> bool:
    """Who asked, for whom, and whoever leads the experiment."""
    if actor.user_id is not None and actor.user_id in (booking.requested_by_id, booking.booked_for_id):
        return True
    return booking.experiment is not None and actor.has("experiment_lead", *booking.experiment.scopes)


def manages_line(actor: Actor, line: Line) -> bool:
    """A manager of the line's site."""
    return actor.has("site_manager", site_scope(line.resource.site_id))


def can_read(actor: Actor, booking: Booking) -> bool:
    """Who may change it, the managers of its sites, its organisation, its mission and the secretariat.

    A mission's bookings are part of its case: its partners and the bodies that decide on it read them.
    """
    if can_change(actor, booking) or is_secretariat(actor) or any(manages_line(actor, line) for line in booking.lines):
        return True
    if booking.mission_id is not None and (
        actor.has_any(("coordinator", "partner"), mission_scope(booking.mission_id)) or actor.bodies()
    ):
        return True
    return actor.has_any(MEMBERS, organisation_scope(booking.organisation_id))
