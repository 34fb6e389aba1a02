"""Giving out references. Call it last in the transaction, since the counter's row stays locked until commit."""

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from missions_app import clock, db
from missions_app.references.models import ReferenceCounter


def next_reference(prefix: str, digits: int = 3) -> str:
    """The next reference of this year in the site's zone, for example next_reference("U") -> "U-2026-014"."""
    session, year = db.session(), clock.today().year
    take = (
        update(ReferenceCounter)
        .where(ReferenceCounter.prefix == prefix, ReferenceCounter.year == year)
        .values(last=ReferenceCounter.last + 1)
        .returning(ReferenceCounter.last)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(take).scalar()
    if number is None:
        try:
            with session.begin_nested():
                session.execute(insert(ReferenceCounter).values(prefix=prefix, year=year, last=1))
            number = 1
        except IntegrityError:  # a rival opened the year first
            number = session.execute(take).scalar_one()
    return f"{prefix}-{year}-{number:0{digits}d}"
