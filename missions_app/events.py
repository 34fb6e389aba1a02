"""Events in process: announced inside a transaction, handled inside the same one.

Used only where an import would point up. `wiring.py` lists every subscription. If a handler raises, all rolls back.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call the handler whenever such an event is announced. Subscribing twice is the same as once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def announce(event: object) -> None:
    """Tell every subscriber of this event's type, in the order they subscribed."""
    for handler in _handlers[type(event)]:
        handler(event)
