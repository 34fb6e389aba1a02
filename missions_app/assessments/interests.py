"""What ties a person to organisations: where they belong now, and where they used to work."""

from collections.abc import Collection, Iterable

from missions_app.assessments.bonds import bonds_of
from missions_app.assessments.conflicts import Tie


def ties_of(user_ids: Collection[int]) -> Iterable[tuple[int, Tie]]:
    """Every organisation that each user belongs to today in any role, and every former employment."""
    bonds = bonds_of(tuple(sorted(user_ids)))
    for user_id, _role, kind, scope_id in bonds.grants:
        if kind == "organisation":
            yield user_id, Tie(int(scope_id), "member")
    for user_id, organisation_id, until in bonds.former:
        yield user_id, Tie(organisation_id, "former_employer", until)
