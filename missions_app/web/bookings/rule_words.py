"""The rules that a manager can set aside, each in a few words."""

from missions_app.i18n import N_, _

WORDS = {
    "closed": N_("opening hours"), "too_short_notice": N_("how late one may ask"),
    "too_far_ahead": N_("how far ahead one may ask"), "too_short": N_("shortest time"), "too_long": N_("longest time"),
    "off_step": N_("whole steps"), "over_quota": N_("quota"), "not_qualified": N_("qualification"),
    "qualification_ends": N_("qualification"), "experiments_only": N_("who may book"),
    "not_among_bookers": N_("who may book"), "not_bookable": N_("not bookable now"),
}  # fmt: skip


def rule_words(code: str) -> str:
    """What a rule is called; its code when it has no name here."""
    return _(WORDS[code]) if code in WORDS else code
