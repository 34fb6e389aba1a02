"""Who may see what across missions. Pure."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.portfolio.models import FollowUpReport


def can_oversee(actor: Actor, _subject: object = None) -> bool:
    """The secretariat and the members of the region's bodies follow all missions."""
    return is_secretariat(actor) or bool(actor.bodies())


def helps_past_checkpoints(actor: Actor, _subject: object = None) -> bool:
    """The secretariat and those who coordinate a mission."""
    return is_secretariat(actor) or bool(actor.scopes_of("coordinator", "mission"))


def can_make_report(actor: Actor, _subject: object = None) -> bool:
    """The secretariat makes and publishes reports."""
    return is_secretariat(actor)


def can_read_report(actor: Actor, report: FollowUpReport) -> bool:
    """Everybody once it is published; before that the secretariat and the bodies."""
    return report.published_at is not None or can_oversee(actor)
