"""The only reader of the time. Demonstration data and tests may set it; nothing else may."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)
_zone: ZoneInfo = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The present date in the site's zone."""
    return now().astimezone(_zone).date()


def zone() -> ZoneInfo:
    """The site's zone: the one in which people read and write times."""
    return _zone


def set_zone(name: str) -> None:
    """Choose the site's zone once, at start-up."""
    global _zone
    _zone = ZoneInfo(name)


def standing_still() -> datetime | None:
    """The moment at which the time stands still here, if it does."""
    return _fixed.get()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Let the time stand still at an aware moment inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
