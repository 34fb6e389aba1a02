"""Amounts of money as they are written, and into the columns that hold them."""

from datetime import date
from typing import Protocol

from missions_app import clock
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.partnerships import checking
from missions_app.partnerships.funding_rules import CURRENCIES, KRONOR, in_ore
from missions_app.partnerships.money_columns import Amount

# The most that one unit of a currency may cost, in millionths of a krona.
DEAREST = 1_000_000_000_000


class Written(Protocol):
    """An amount as somebody wrote it: öre, or hundredths of another currency with a rate and its day."""

    @property
    def amount_ore(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def foreign_minor(self) -> int | None: ...
    @property
    def rate_micro(self) -> int | None: ...
    @property
    def rate_on(self) -> date | None: ...


def wrong(content: Written) -> list[Problem]:
    """Everything that is wrong with an amount; fields are amount, currency, rate and rate_on."""
    is_kronor = content.currency == KRONOR
    amount = content.amount_ore if is_kronor else content.foreign_minor or 0
    problems = [] if amount > 0 else [Problem("not_positive", N_("Write an amount above zero."), "amount")]
    problems += checking.wrong_amount(amount, "amount") if amount > 0 else []
    if content.currency not in CURRENCIES:
        problems.append(Problem("unknown_choice", checking.CHOOSE, "currency"))
    if is_kronor:
        return problems
    if not content.rate_micro or not 0 < content.rate_micro <= DEAREST:
        text = N_("Write what one unit of the currency costs in kronor, such as 11.32.")
        problems.append(Problem("missing", text, "rate"))
    elif amount > 0 and in_ore(amount, content.rate_micro) <= 0:
        problems.append(Problem("not_positive", N_("Write an amount above zero."), "amount"))
    elif not problems:
        problems += checking.wrong_amount(in_ore(amount, content.rate_micro), "amount")
    if content.rate_on is None:
        problems.append(Problem("missing", N_("Write which day the rate is from."), "rate_on"))
    elif content.rate_on > clock.today():
        problems.append(Problem("in_the_future", N_("Choose today or an earlier day."), "rate_on"))
    return problems


def write(row: Amount, content: Written) -> None:
    """Keep an amount that nothing is wrong with."""
    row.currency = content.currency
    if content.currency == KRONOR:
        row.amount_ore, row.foreign_minor, row.rate_micro, row.rate_on = content.amount_ore, None, None, None
        return
    row.foreign_minor, row.rate_micro, row.rate_on = content.foreign_minor, content.rate_micro, content.rate_on
    row.amount_ore = in_ore(content.foreign_minor or 0, content.rate_micro or 0)
