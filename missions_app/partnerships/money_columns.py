"""An amount of money as it was granted: in kronor, or in another currency at the rate of a day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column


class Amount:
    """The columns of an amount. `amount_ore` is what sums are made of.

    In another currency than kronor, `foreign_minor` is the amount as it was granted in hundredths of that currency, and
    `rate_micro` what one unit cost in millionths of a krona on `rate_on`; `amount_ore` is worked out from them.
    """

    amount_ore: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="SEK", server_default="SEK")
    foreign_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    rate_micro: Mapped[int | None] = mapped_column(sa.BigInteger)
    rate_on: Mapped[date | None]


def amount_holds() -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """What the database itself refuses of an amount."""
    return (
        sa.CheckConstraint("amount_ore > 0", name="amount_positive"),
        sa.CheckConstraint(
            "currency = 'SEK' OR (foreign_minor > 0 AND rate_micro > 0 AND rate_on IS NOT NULL)",
            name="rate_with_currency",
        ),
    )
