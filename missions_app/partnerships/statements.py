"""A partner's statement: what it has promised and brought, row by row, for spreadsheets and for print.

Words that are claimed as secret stand in no statement, whoever asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.documents.models import Visibility
from missions_app.documents.print_service import Print
from missions_app.errors import NotFound
from missions_app.i18n import _, both, current_locale, money
from missions_app.missions import queries as missions
from missions_app.partnerships import policy, queries, rules
from missions_app.partnerships.models import Commitment, CommitmentState, Partner
from missions_app.partnerships.units import amount_words, unit_words
from missions_app.workflow.method_service import method_of

KIND = "statement"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A promise in a statement. quantities are in `unit`; values are öre; `extra_*` is what was brought beyond it;
    `confirm_by` is the last day to say that it still holds, None where that is not asked for."""

    kind: str
    words: str
    unit: str
    period_from: date | None
    period_until: date | None
    state: str
    promised: float | None
    promised_ore: int
    kept: float | None
    kept_ore: int
    left: float | None
    left_ore: int
    extra: float | None
    extra_ore: int
    confirmed_on: date | None
    confirm_by: date | None
    is_late: bool

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the day to say that it still holds has passed."""
        return self.confirm_by is not None and self.confirm_by < clock.today()


def rows_of(partner: Partner) -> list[StatementRow]:
    """Every promise of a partner, oldest first, in the reader's language."""
    own = [one for one in queries.commitments_of(partner.mission) if one.partner_id == partner.id]
    return [row_of(one) for one in own]


def row_of(one: Commitment) -> StatementRow:
    """One promise, in the reader's language."""
    method = method_of(one.partner.mission.journey.method_version)
    term: Any = method.term("commitment_type", one.kind)
    kept, more = rules.delivered(one.deliveries), rules.extra(one.deliveries)
    left = rules.left_of(one.quantity, one.value_ore, one.deliveries)
    has_quantity = one.quantity is not None
    is_claimed = one.visibility is Visibility.CLAIMED_SECRET
    is_running = one.state is CommitmentState.COMMITTED
    return StatementRow(
        kind=term.label.in_(current_locale()), words=_("Secrecy is asked for") if is_claimed else one.text,
        unit=term.unit, period_from=one.period_from, period_until=one.period_until,
        state=method.term("commitment_state", one.state.value).label.in_(current_locale()),
        promised=one.quantity, promised_ore=one.value_ore, kept=kept.quantity if has_quantity else None,
        kept_ore=kept.value_ore, left=left.quantity if has_quantity else None, left_ore=left.value_ore,
        extra=more.quantity if has_quantity else None, extra_ore=more.value_ore, confirmed_on=one.confirmed_on,
        confirm_by=rules.confirm_by(clock.day_of(one.made_at), one.confirmed_on) if is_running else None,
        is_late=is_running and rules.is_late(one.period_until, left, clock.today()),
    )  # fmt: skip


def head() -> list[str]:
    """The columns of the spreadsheet."""
    return [
        _("What"), _("In words"), _("Unit"), _("From"), _("Until"), _("State"), _("Promised"), _("Promised, kr"),
        _("Kept"), _("Kept, kr"), _("Left"), _("Left, kr"), _("More than promised"), _("More than promised, kr"),
        _("Confirmed"), _("To be confirmed by"), _("Late"),
    ]  # fmt: skip


def cells(rows: Sequence[StatementRow]) -> list[list[Any]]:
    """The rows of the spreadsheet: kronor with two decimals, days, plain numbers."""
    return [
        [
            one.kind, one.words, unit_words(one.unit), one.period_from, one.period_until, one.state, one.promised,
            one.promised_ore / 100, one.kept, one.kept_ore / 100, one.left, one.left_ore / 100, one.extra,
            one.extra_ore / 100, one.confirmed_on, one.confirm_by, _("Yes") if one.is_late else "",
        ]
        for one in rows
    ]  # fmt: skip


def key_of(partner: Partner) -> str:
    """How a partner is named to the printer."""
    return f"{partner.mission.reference}/{partner.id}"


def printed() -> Print:
    """How statements are printed."""
    return Print("statement.typ", _data, _may_read)


def _partner(key: str) -> Partner:
    reference, _slash, number = key.partition("/")
    if not number.isdecimal():
        raise NotFound()
    return queries.get_partner(missions.get_mission(reference), int(number))


def _may_read(actor: Actor, key: str) -> bool:
    return policy.can_read_statement(actor, _partner(key))


def _data(key: str) -> Mapping[str, Any]:
    partner = _partner(key)
    mission, rows = partner.mission, rows_of(partner)
    total = rules.Sum(0, sum(one.promised_ore for one in rows))
    kept = sum(one.kept_ore for one in rows)
    logged = queries.hours_of(partner)
    return {
        "title": _("Promised and brought: %(name)s", name=partner.organisation.name),
        "subtitle": f"{both(mission.title_sv, mission.title_en)}, {mission.reference}. {_day(clock.today())}.",
        "footer": f"{partner.organisation.name}, {mission.reference}",
        "tables": [
            {
                "heading": _("Promises"), "empty": _("Nothing is promised yet."), "widths": [3, 2, 2, 2, 2],
                "head": [_("What"), _("Period"), _("Promised"), _("Kept"), _("Left")],
                "rows": [_printed(one) for one in rows],
            },
            {
                "heading": _("Hours worked"), "empty": _("No hours have been noted."), "widths": [2, 1, 3, 4],
                "head": [_("Day"), _("Hours"), _("Who worked"), _("With what")],
                "rows": [[_day(one.worked_on), _number(one.hours), one.function, one.what] for one in logged],
            },
        ],
        "notes": [
            _("Promised in all: %(sum)s. Kept: %(kept)s.", sum=money(total.value_ore), kept=money(kept)),
            _("Values are the partners' own estimates. Partners are never ranked."),
        ],
    }  # fmt: skip


def _printed(one: StatementRow) -> list[str]:
    words = f"{one.kind}. {one.words}".strip() + (f" ({one.state})" if one.state else "")
    period = " – ".join(_day(day) if day else "" for day in (one.period_from, one.period_until)).strip(" –")
    late = f" {_('Late')}." if one.is_late else ""
    more = f" {_('More than promised')}: {_amount(one.extra, one.extra_ore, one.unit)}." if one.extra_ore else ""
    return [
        words, f"{period}{late}", _amount(one.promised, one.promised_ore, one.unit),
        f"{_amount(one.kept, one.kept_ore, one.unit)}{more}", _amount(one.left, one.left_ore, one.unit),
    ]  # fmt: skip


def _amount(quantity: float | None, ore: int, unit: str) -> str:
    parts = [amount_words(quantity, unit)] if quantity is not None else []
    return ", ".join([*parts, money(ore)])


def _number(value: float) -> str:
    return format_decimal(round(value, 2), locale=current_locale())


def _day(day: date) -> str:
    return format_date(day, "d MMM y", locale=current_locale())
