"""What an indicator aims at, as people read it."""

from missions_app.i18n import _, number


def aim_words(target: float | None, low: float | None) -> str:
    """ "24", or "between 20 and 24" where there is a lower limit too; "" while nothing is set."""
    if low is None:
        return number(target)
    return _("between %(low)s and %(high)s", low=number(low), high=number(target))
