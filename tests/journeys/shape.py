"""The shape of a story in the audit trail: what was done to which kind of thing, whichever door was used."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

# What belongs to a door or to the stage rather than to the story: tokens, rights, the queues of others.
AROUND = {"api_token", "method_version", "organisation", "site", "strategic_document", "user_account", "waitlist_entry"}
# Each of these has one journey, so the order of its acts is the story's own.
WITH_JOURNEY = ("challenge", "mission", "experiment", "booking")
# A page is saved as often as its writer likes, and a program need not begin with a draft.
SAVED = {"booking.drafted", "booking.saved", "challenge.saved", "report.saved"}
# What the worker notices as days go by is nobody's act; a story told in one day never sees it.
NOTICED = {"criterion.turned_stale", "criterion.stands_again", "criterion.looked_afresh"}


@dataclass(frozen=True)
class Shape:
    """`acts`: the names of the acts by kind of subject; `ways`: the moves and decisions of each journey, in order."""

    acts: dict[str, frozenset[str]]
    ways: dict[str, tuple[str, ...]]


def shape_of(events: Iterable[tuple[str, str]]) -> Shape:
    """The shape of (kind of subject, action) pairs, oldest first."""
    acts: dict[str, set[str]] = defaultdict(set)
    ways: dict[str, list[str]] = {kind: [] for kind in WITH_JOURNEY}
    for kind, action in events:
        if kind in AROUND or action in SAVED | NOTICED:
            continue
        acts[kind].add(action)
        if kind in ways and action.startswith(f"{kind}."):
            ways[kind].append(action)
    return Shape({kind: frozenset(names) for kind, names in acts.items()}, {k: tuple(v) for k, v in ways.items()})
