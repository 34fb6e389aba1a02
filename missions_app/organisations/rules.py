"""What an organisation's entry must hold, and its names in order. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from missions_app.accounts.rules import email_problems
from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.organisations.models import Organisation
from missions_app.workflow.method import Method

NAME = 200
LONGEST = {
    "contact_function": 200,
    "contact_email": 254,
    "website": 300,
    "description_sv": 4000,
    "description_en": 4000,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as entered. Keys are the method's; municipality is the official code of four digits; number is
    a Swedish organisation number or "" (another country's number is kept as written); provenance says whence
    the entry is known."""

    name: str
    sector: str
    subtype: str = ""
    size_class: str = ""
    municipality: str = ""
    number: str = ""
    contact_function: str = ""
    contact_email: str = ""
    website: str = ""
    description_sv: str = ""
    description_en: str = ""
    is_undertaking: bool = False
    is_outside_region: bool = False
    country: str = "SE"
    provenance: str = ""


def slug_of(name: str) -> str:
    """A name for addresses: "Sölvesborgs kommun" -> "solvesborgs-kommun"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:72] or "organisation"


# What names of organisations hold beside the name itself.
FORMS = frozenset({"ab", "aktiebolag", "publ", "hb", "kb", "ekonomisk", "forening", "foreningen", "stiftelsen",
                   "kommun", "kommuns", "kommunen", "the", "ltd", "exempel"})  # fmt: skip


def plain_name(name: str) -> str:
    """A name without its legal form, signs and endings of possession: "Sund, AB (publ)" -> "sund"."""
    words = [word for word in slug_of(name).split("-") if word not in FORMS]
    return " ".join(word[:-1] if len(word) > 4 and word.endswith("s") else word for word in words)


def is_alike(first: str, second: str) -> bool:
    """Whether two names may be two spellings of one organisation's."""
    one, other = plain_name(first), plain_name(second)
    return bool(one) and (one == other or one.replace(" ", "") == other.replace(" ", ""))


def plain_number(text: str) -> str:
    """An organisation number as ten digits and a hyphen, or "" when nothing was given."""
    digits = re.sub(r"\D", "", text)
    digits = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    return f"{digits[:6]}-{digits[6:]}" if digits else ""


def stored_number(profile: Profile) -> str:
    """The number as it is stored: Swedish ones in one form, others as written; "" when none was given."""
    return plain_number(profile.number) if profile.country == "SE" else profile.number.strip()[:20]


def locked_problems(profile: Profile, present: Organisation) -> list[Problem]:
    """What only the secretariat may change, and was changed."""
    text = N_("Only the secretariat can change this. Write to them.")
    changed = {"sector": profile.sector != present.sector, "number": stored_number(profile) != (present.number or "")}
    return [Problem("locked", text, name) for name, is_changed in changed.items() if is_changed]


def is_valid_number(number: str) -> bool:
    """Whether ten digits hold together by the Luhn checksum, as Swedish organisation numbers do."""
    digits = [int(sign) for sign in number if sign.isdecimal()]
    if len(digits) != 10:
        return False
    total = 0
    for position, digit in enumerate(digits):
        doubled = digit * 2 if position % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def profile_problems(profile: Profile, method: Method) -> list[Problem]:
    """Everything wrong with an entry."""
    problems = []
    if not profile.name.strip():
        problems.append(Problem("missing", N_("Write the organisation's name."), "name"))
    elif len(profile.name) > NAME:
        problems.append(Problem("too_long", N_("Use at most %(most)d characters."), "name", {"most": NAME}))
    if method.find_term("sector", profile.sector) is None:
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "sector"))
    for name, vocabulary in (("subtype", "org_subtype"), ("size_class", "size_class")):
        value = getattr(profile, name)
        if value and method.find_term(vocabulary, value) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), name))
    if profile.number.strip() and profile.country == "SE" and not is_valid_number(plain_number(profile.number)):
        text = N_("The organisation number does not hold together. It has ten digits, such as 212000-0829.")
        problems.append(Problem("wrong_number", text, "number"))
    return [*problems, *_place_problems(profile), *_contact_problems(profile)]


def _place_problems(profile: Profile) -> list[Problem]:
    problems = []
    if profile.municipality and not re.fullmatch(r"\d{4}", profile.municipality):
        problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), "municipality"))
    if not re.fullmatch(r"[A-Z]{2}", profile.country):
        problems.append(Problem("wrong_country", N_("Write the country as two letters, such as SE."), "country"))
    return problems


def _contact_problems(profile: Profile) -> list[Problem]:
    problems = [
        Problem("too_long", N_("Use at most %(most)d characters."), name, {"most": most})
        for name, most in LONGEST.items()
        if len(getattr(profile, name)) > most
    ]
    if profile.contact_email:
        problems += email_problems(profile.contact_email, "contact_email")
    if profile.website and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", profile.website):
        text = N_("Write the whole address of the website, beginning with https://.")
        problems.append(Problem("wrong_website", text, "website"))
    return problems
