"""Pages about one thing that not everybody may see: one module per domain, each with PAGES.

A domain that has a module here lists every one of its reading routes with a variable in the address: as an ObjectPage,
or in OPEN when everybody who may come to it may read it. The test fails on what is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from missions_app.accounts.models import User

REFUSED = (403, 404)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Something made for the test: the variables of its address, and somebody who may see it."""

    values: Mapping[str, object]
    reader: User


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """One route: how to make the thing it shows, and what a stranger gets."""

    endpoint: str
    make: Callable[[], Arranged]
    stranger: tuple[int, ...] = REFUSED


def modules() -> list[str]:
    """The domains that have a module here."""
    return sorted(module.name for module in iter_modules(__path__))


def pages() -> list[ObjectPage]:
    """Every listed page."""
    return [page for name in modules() for page in import_module(f"{__name__}.{name}").PAGES]


def open_endpoints() -> set[str]:
    """Routes that everybody who may come to them may read."""
    return {one for name in modules() for one in getattr(import_module(f"{__name__}.{name}"), "OPEN", ())}
