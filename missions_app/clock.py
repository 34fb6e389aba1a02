"""The only reader of the time. Demonstration data and tests may set it; nothing else may."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)
_zone: ZoneInfo = ZoneInfo("Europe/Stockholm")
_told_by: Path | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or _told() or datetime.now(UTC)


def today() -> date:
    """The present date in the site's zone."""
    return now().astimezone(_zone).date()


def day_of(moment: datetime) -> date:
    """The date of an aware moment in the site's zone."""
    return moment.astimezone(_zone).date()


def zone() -> ZoneInfo:
    """The site's zone: the one in which people read and write times."""
    return _zone


def set_zone(name: str) -> None:
    """Choose the site's zone once, at start-up."""
    global _zone
    _zone = ZoneInfo(name)


def follow(file: Path | None) -> None:
    """Let this process stand at the moment that a file tells, so that several processes share one past. Never ahead."""
    global _told_by
    _told_by = file


def _told() -> datetime | None:
    if _told_by is None or not _told_by.exists():
        return None
    moment = datetime.fromisoformat(_told_by.read_text("ascii").strip()).astimezone(UTC)
    return min(moment, datetime.now(UTC))


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
