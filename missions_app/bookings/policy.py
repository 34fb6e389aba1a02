"""Who may do what with bookings. Pure."""

from missions_app.accounts.actor import Actor, mission_scope, organisation_scope, site_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.bookings import states
from missions_app.bookings.models import Booking, Line, LineState
from missions_app.bookings.waitlist_models import WaitlistEntry
from missions_app.sites.models import Resource

MEMBERS = ("member", "org_admin", "problem_owner_rep")
# Whom to reach, what is written for the owners to weigh, and who came when: told to those who take part alone.
CONTACTS = ("on_site_responsible", "emergency_contact", "insurance_reference")
WEIGHED = (
    "personal_data_assessment", "camera_assessment", "ethics_assessment", "public_cannot_opt_out", "visibility",
    "answers",
)  # fmt: skip
PRESENCE = ("checked_in_at", "checked_out_at", "people_present")


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


def manages_any(actor: Actor, booking: Booking) -> bool:
    """A manager of any of the booking's sites."""
    return any(manages_line(actor, line) for line in booking.lines)


def takes_part(actor: Actor, line: Line) -> bool:
    """Who may change the booking, and the managers of the line's site."""
    return can_change(actor, line.booking) or manages_line(actor, line)


def takes_part_in(actor: Actor, booking: Booking) -> bool:
    """Who may change it, and the managers of the sites it asks: those who write in its thread."""
    return can_change(actor, booking) or is_asked(actor, booking)


def keeps_any(actor: Actor, booking: Booking) -> bool:
    """A manager of a site that still has a part in it: whoever has said no moves nothing of the others'."""
    return any(manages_line(actor, line) for line in states.standing(sent_lines(booking)))


def decides_day(actor: Actor, booking: Booking) -> bool:
    """Who may say that all of it comes on its day, or on a reserve date."""
    return can_change(actor, booking) or keeps_any(actor, booking)


def withheld(actor: Actor, booking: Booking) -> tuple[str, ...]:
    """What a reader is not told of a booking that they may read, and of its lines, by name: page and API ask here."""
    return () if takes_part_in(actor, booking) else (*CONTACTS, *WEIGHED, *PRESENCE)


def is_asked(actor: Actor, booking: Booking) -> bool:
    """A manager of a site that has been asked for something of it; what is not sent yet is nobody else's business."""
    return any(manages_line(actor, line) for line in sent_lines(booking))


def is_draft(booking: Booking) -> bool:
    """Whether all of it may still be sent for the first time."""
    return all(line.state is LineState.DRAFT for line in booking.lines)


def was_sent(booking: Booking) -> bool:
    """Whether anybody else has heard of it; a draft that was given up is still its writers' own."""
    return booking.submitted_at is not None


def sent_lines(booking: Booking) -> list[Line]:
    """What somebody else has been asked for; none of a draft, also when it was given up."""
    return [line for line in booking.lines if line.state is not LineState.DRAFT] if was_sent(booking) else []


def can_read_whole(actor: Actor, booking: Booking) -> bool:
    """Those who take part, the organisation it is for and the secretariat."""
    members = actor.has_any(MEMBERS, organisation_scope(booking.organisation_id))
    return takes_part_in(actor, booking) or members or is_secretariat(actor)


def can_copy(actor: Actor, booking: Booking) -> bool:
    """Who reads all of it and books for the same organisation: a copy asks in its name."""
    return can_read_whole(actor, booking) and can_book_for(actor, booking.organisation_id)


def can_read(actor: Actor, booking: Booking) -> bool:
    """Who may change it, the managers of the sites it asks, its organisation, its mission and the secretariat.

    A mission's bookings are part of its case: its partners and the bodies that decide on it read them. A draft is
    its writers' and their organisation's own.
    """
    if not was_sent(booking) and not can_change(actor, booking):
        return actor.has_any(MEMBERS, organisation_scope(booking.organisation_id))
    if can_change(actor, booking) or is_secretariat(actor) or is_asked(actor, booking):
        return True
    if booking.mission_id is not None and (
        actor.has_any(("coordinator", "partner"), mission_scope(booking.mission_id)) or actor.bodies()
    ):
        return True
    return actor.has_any(MEMBERS, organisation_scope(booking.organisation_id))


def can_tend_entry(actor: Actor, entry: WaitlistEntry) -> bool:
    """Whoever waits answers for their own place on the waitlist."""
    return actor.user_id is not None and actor.user_id == entry.user_id


def can_read_demand(actor: Actor) -> bool:
    """What was asked for in vain is for the secretariat and for those who manage sites."""
    return is_secretariat(actor) or bool(actor.scopes_of("site_manager", "site"))
