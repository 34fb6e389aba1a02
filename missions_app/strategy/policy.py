"""Who keeps the register of documents and the inbox of signals. Pure."""

from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import is_secretariat
from missions_app.strategy.models import Signal


def can_manage_register(actor: Actor, _subject: object = None) -> bool:
    """The secretariat keeps the register of strategic documents and their goals."""
    return is_secretariat(actor)


def can_note_signal(actor: Actor, _subject: object = None) -> bool:
    """Everybody signed in may pass on what they have noticed."""
    return actor.is_signed_in


def can_read_signals(actor: Actor, _subject: object = None) -> bool:
    """The secretariat and members of bodies read the inbox; others see their own."""
    return is_secretariat(actor) or bool(actor.bodies())


def can_read_signal(actor: Actor, signal: Signal) -> bool:
    """Whoever reads the inbox, and the one who noted it."""
    return can_read_signals(actor) or (actor.is_signed_in and actor.user_id == signal.noted_by_id)


def can_settle_signal(actor: Actor, _signal: Signal) -> bool:
    """The secretariat turns signals into challenges or sets them aside."""
    return is_secretariat(actor)


def can_read_clashes(actor: Actor, _subject: object = None) -> bool:
    """The list of clashes is for the secretariat and the bodies."""
    return can_read_signals(actor)
