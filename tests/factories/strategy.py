"""Strategic documents and signals for tests."""

import itertools

from missions_app.accounts.actor import SYSTEM, Actor
from missions_app.strategy import register_service, signal_service
from missions_app.strategy.models import Signal, StrategicDocument
from missions_app.strategy.register_service import DocumentValues

_numbers = itertools.count(1)


def make_document(title: str = "Översiktsplan", *, edition: str = "2024") -> StrategicDocument:
    """A document in the register."""
    values = DocumentValues(title_sv=title, title_en=title, level="local", edition=edition)
    return register_service.add_document(f"plan_{next(_numbers)}", values, by=SYSTEM)


def make_signal(by: Actor, title: str = "Fler skyfall") -> Signal:
    """A signal somebody noted."""
    return signal_service.note_signal(title=title, what="Två skyfall på en sommar.", by=by)
