"""Organisations counted once, and the programme's common indicators (the EU's RCO and RCR)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.bookings.models import Booking, Line
from missions_app.partnerships.models import Partner
from missions_app.portfolio.figure import Figure, Row, Span
from missions_app.workflow.method import Method, Text
from missions_app.workflow.method_service import method_in_force

ACADEMIA = "academia"


def partners_at(span: Span) -> list[Partner]:
    """Partners of any mission at the end of the last day."""
    rows = db.session.scalars(
        select(Partner)
        .where(Partner.since < span.ends, Partner.state.in_(("committed", "left")))
        .options(joinedload(Partner.organisation), joinedload(Partner.mission))
        .order_by(Partner.id)
    )
    return [one for one in rows if one.left_at is None or one.left_at >= span.ends]


def each_organisation(partners: Iterable[Partner]) -> list[Row]:
    """Each organisation once."""
    found = {one.organisation_id: one.organisation for one in partners}
    return [
        Row(one.name, one.name, 1.0, "organisation", one.slug)
        for one in sorted(found.values(), key=lambda one: one.sort_key)
    ]


def programme_figures(span: Span) -> Iterable[Figure]:
    """The programme's common indicators. Each enterprise counts once, with its size class in its row."""
    partners, method = partners_at(span), method_in_force()
    counted = eu_rows(partners, _enterprises_on_sites(span), method)
    for one in method.eu_indicator:
        rows = counted.get(one.code)
        value = float(len(rows)) if rows is not None else None
        yield Figure("eu", f"eu.{one.code}", value, rows or [], label={"sv": one.label.sv, "en": one.label.en})


def eu_rows(partners: Sequence[Partner], on_sites: Sequence[Row], method: Method) -> dict[str, list[Row]]:
    """The rows of those indicators that can be counted from the record; the others are not set.

    Args:
        partners: partners of missions. on_sites: enterprises that have used a site, each once.
    """
    with_academia = {one.mission_id for one in partners if one.organisation.sector == ACADEMIA}
    enterprises = [one for one in partners if one.is_undertaking]
    return {
        "RCO01": _by_size(enterprises, method),
        "RCO04": list(on_sites),
        "RCO07": each_organisation(one for one in partners if one.organisation.sector == ACADEMIA),
        "RCO10": _by_size((one for one in enterprises if one.mission_id in with_academia), method),
    }


def _by_size(partners: Iterable[Partner], method: Method) -> list[Row]:
    """Each enterprise once, with the size class it had when it first joined."""
    found: dict[int, Partner] = {}
    for one in partners:
        found.setdefault(one.organisation_id, one)
    rows = []
    for one in sorted(found.values(), key=lambda one: one.organisation.sort_key):
        size, name = _size(method, one.size_class or one.organisation.size_class), one.organisation.name
        rows.append(Row(f"{name} ({size.sv})", f"{name} ({size.en})", 1.0, "organisation", one.organisation.slug))
    return rows


def _size(method: Method, size_class: str) -> Text:
    term = method.find_term("size_class", size_class) if size_class else None
    return term.label if term else Text(sv="storlek okänd", en="size unknown")


def _enterprises_on_sites(span: Span) -> list[Row]:
    bookings = db.session.scalars(
        select(Booking)
        .join(Line, Line.booking_id == Booking.id)
        .where(Line.checked_in_at < span.ends)
        .options(joinedload(Booking.organisation))
    ).unique()
    found = {one.organisation_id: one.organisation for one in bookings if one.organisation.is_undertaking}
    return [
        Row(one.name, one.name, 1.0, "organisation", one.slug)
        for one in sorted(found.values(), key=lambda one: one.sort_key)
    ]
