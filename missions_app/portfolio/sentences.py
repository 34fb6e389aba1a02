"""How an indicator stands, in sentences that pages and papers share."""

from babel.dates import format_date

from missions_app.evaluation.results import IndicatorResult
from missions_app.i18n import _, both, current_locale, number
from missions_app.indicators.library import RANGE
from missions_app.indicators.words import aim_words


def standing_of(one: IndicatorResult) -> str:
    """What is measured now, what it was before, what it shall become, and how far it has come."""
    plan, what = one.plan, both(one.plan.label_sv, one.plan.label_en)
    if one.now is None:
        return f"{what}: {_('missing')}"
    now = number(one.now.value)
    if plan.baseline_value is None:
        said = [_("%(what)s: %(now)s %(unit)s. There is no baseline.", what=what, now=now, unit=plan.unit)]
    else:
        before = number(plan.baseline_value)
        said = [
            _("%(what)s: %(now)s %(unit)s, against %(before)s before the mission.",
              what=what, now=now, unit=plan.unit, before=before)
        ]  # fmt: skip
    if plan.target_value is not None:
        aim = _("The target is %(target)s", target=aim_words(plan.target_value, plan.target_low))
        day = plan.target_on and format_date(plan.target_on, "d MMMM y", locale=current_locale())
        said.append(f"{aim} {_('by %(day)s', day=day)}." if day else f"{aim}.")
    is_range = plan.direction == RANGE
    if is_range and one.reached is not None:
        said.append(_("It lies within the limits.") if one.reached else _("It lies outside the limits."))
    if one.share is not None and not (is_range and one.reached):
        said.append(_("That is %(share)s per cent of the way.", share=number(one.share * 100, 0)))
    return " ".join(said)
