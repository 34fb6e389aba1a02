"""What a site's file holds besides the entry and what can be booked. Packages above offer parts of their own."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from missions_app.accounts.actor import Actor
from missions_app.errors import InvalidInput
from missions_app.sites.models import Site


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking a part in would add and change, by the names of things."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing in a site's file.

    written: the part as plain values, in an order of its own. read: values from plain ones and the slugs of what can
    be booked in the same file; raises KeyError, TypeError or ValueError for what is no such part, and DomainError for
    what breaks a rule. differs: what taking the values in would do, None is a site that is not there yet; writes
    nothing. take_in: does it, in the caller's transaction; removes nothing.
    """

    written: Callable[[Site], Sequence[Mapping[str, Any]]]
    read: Callable[[Sequence[Mapping[str, Any]], Collection[str]], Any]
    differs: Callable[[Site | None, Any], Difference]
    take_in: Callable[[Site, Any, Actor], None]


_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Let a site's file hold something more under this name. Called by wiring.py."""
    _parts[name] = part


def parts() -> Mapping[str, Part]:
    """Every part by its name, in the order in which they are taken in."""
    return _parts


@contextmanager
def placed(where: str) -> Iterator[None]:
    """What is no such part is told with its place in the file, from the outermost name to the innermost."""
    try:
        yield
    except InvalidInput:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        found = error.args[0] if error.args else ""
        within = found if isinstance(found, list) else [found] if isinstance(error, KeyError) else []
        raise ValueError([where, *within]) from error


def only(raw: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """Plain values that have exactly these names; ValueError names those that are unknown or lacking."""
    if wrong := set(raw) ^ set(names):
        raise ValueError(sorted(wrong))
    return raw


def text(value: Any) -> str:
    """A text, or TypeError."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def one_of(known: Collection[str], value: Any) -> str:
    """The name of something in the same file, or ValueError."""
    if text(value) not in known:
        raise ValueError([str(value)[:40]])
    return str(value)
