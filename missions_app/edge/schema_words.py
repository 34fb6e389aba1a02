"""What a schema's own words mean to whoever calls: what to send instead, in the reader's language. The schema library
says what is wrong and in English; here each of its sentences has its remedy."""

import re

from missions_app.i18n import N_, _

A_MOMENT = N_("Send a moment with its offset, such as 2027-03-17T08:00:00+01:00.")
AN_OBJECT = N_("Send an object, in braces.")
A_NUMBER = N_("Send a number, with a point for decimals, such as 2.5.")
REMEDIES = {
    "Missing data for required field.": N_("Send this field too, it is required."),
    "Field may not be null.": N_("Send a value. Null is not one here."),
    "Unknown field.": N_("There is no such field here. Take it away, or look for its name at /api/v1/."),
    "Invalid value.": N_("Send another value. What can be sent is told at /api/v1/."),
    "Invalid input type.": AN_OBJECT,
    "Invalid type.": AN_OBJECT,
    "Not a valid mapping type.": AN_OBJECT,
    "Not a valid string.": N_("Send a text, in quotation marks."),
    "Not a valid utf-8 string.": N_("Send a text, in quotation marks."),
    "Not a valid integer.": N_("Send a whole number, such as 3."),
    "Not a valid number.": A_NUMBER,
    "Number too large.": N_("Send a smaller number."),
    "Special numeric values (nan or infinity) are not permitted.": A_NUMBER,
    "Not a valid boolean.": N_("Send true or false."),
    "Not a valid datetime.": A_MOMENT,
    "Not a valid aware datetime.": A_MOMENT,
    "Not a valid date.": N_("Send a day as year-month-day, such as 2027-03-17."),
    "Not a valid time.": N_("Send a time of day as hours and minutes, such as 08:00."),
    "Not a valid list.": N_("Send a list, in square brackets."),
    "Not a valid email address.": N_("Send an e-mail address, such as name@example.org."),
    "Invalid JSON body.": N_("The content is not JSON."),
}
SHAPES = (
    (re.compile(r"Must be one of: (?P<choices>.*)\.", re.DOTALL), N_("Send one of: %(choices)s.")),
    (
        re.compile(r"Must be greater than or equal to (?P<least>\S+) and less than or equal to (?P<most>\S+)\."),
        N_("Send a number from %(least)s to %(most)s."),
    ),
    (re.compile(r"Longer than maximum length (?P<most>\d+)\."), N_("Send at most %(most)s characters.")),
)


def remedy(text: str) -> str:
    """A sentence of a schema as what to do about it; one of our own as it is, in the reader's language."""
    for shape, words in SHAPES:
        if found := shape.fullmatch(text):
            return _(words, **found.groupdict())
    return _(REMEDIES.get(text, text))
