"""Everything that names an organisation goes on in the one it was merged into: it was the same all along.

Packages that know better how their rows follow (places in partnerships, parties of agreements) register it by table;
all other references simply point at the organisation that goes on, save where that would say the same thing twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.organisations.models import Capability, FormerEntry, MembershipRequest, Offer, Organisation
from missions_app.search import index

Mover = Callable[[Organisation, Organisation, Actor], None]
_movers: dict[str, Mover] = {}
# The entry itself and its past stay; what it can do and lends is sorted out where entries end.
OWN = {one.__tablename__ for one in (Organisation, FormerEntry, Capability, Offer, MembershipRequest)}


def register(table: str, mover: Mover) -> None:
    """Say how the rows of a table follow from one organisation to another."""
    _movers[table] = mover


def move_everything(organisation: Organisation, other: Organisation, *, by: Actor) -> None:
    """Let every row that names the organisation name the other instead, and what can be searched for be found by those
    who may read it now. Called in the transaction of the merger."""
    session = db.session
    session.flush()
    named: dict[str, set[int]] = defaultdict(set)
    for column in _references():
        if index.is_found(column.table.name):
            named[column.table.name].update(
                session.scalars(sa.select(column.table.c.id).where(column == organisation.id))
            )
        mover = _movers.get(column.table.name)
        if mover is not None:
            mover(organisation, other, by)
        else:
            session.execute(_pointed_anew(column, organisation.id, other.id))
    session.flush()
    session.expire_all()
    for kind, keys in named.items():
        index.refresh(kind, keys)


def _references() -> Iterator["sa.Column[int]"]:
    for table in db.Base.metadata.sorted_tables:
        if table.name not in OWN:
            yield from (one for one in table.columns if _names_an_organisation(one))


def _names_an_organisation(column: "sa.Column[int]") -> bool:
    return any(key.column.table.name == Organisation.__tablename__ for key in column.foreign_keys)


def _pointed_anew(column: "sa.Column[int]", old: int, new: int) -> sa.Update:
    statement = sa.update(column.table).where(column == old).values({column.name: new})
    for unique in column.table.constraints:
        if isinstance(unique, sa.UniqueConstraint) and column.name in unique.columns:
            there = column.table.alias()
            same = [there.c[one.name] == one for one in unique.columns if one.name != column.name]
            statement = statement.where(~sa.exists().where(there.c[column.name] == new, *same))
    return statement
