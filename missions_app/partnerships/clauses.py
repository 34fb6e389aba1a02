"""The clauses of agreements in words, and their first drafts from what is known. Pure but for the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from missions_app.i18n import N_, _, current_locale, list_of, money
from missions_app.workflow.method_parts import Agreement, CommitmentType, PartnerRole, Term

CLAUSES: dict[str, str] = {
    "party": N_("The party"),
    "role": N_("Its role"),
    "contribution_range": N_("What it means to bring"),
    "period": N_("Period"),
    "publicity_notice": N_("What becomes public"),
    "signatory_authority": N_("Who may sign for it"),
    "parties": N_("The parties"),
    "purpose": N_("Purpose"),
    "roles": N_("Roles"),
    "contributions": N_("Contributions"),
    "background_ip": N_("Rights each brings along"),
    "foreground_ip": N_("Rights to what is made"),
    "data_terms": N_("Terms for data"),
    "confidentiality_and_public_access": N_("Confidentiality and public access"),
    "state_aid": N_("State aid"),
    "liability_insurance": N_("Liability and insurance"),
    "personal_data": N_("Personal data"),
    "publication": N_("Publication"),
    "exit": N_("Leaving"),
    "dispute": N_("Disputes"),
    "site": N_("The site"),
    "price": N_("Price"),
    "safety_rules": N_("Safety rules"),
    "responsible_person": N_("Who answers on site"),
    "insurance": N_("Insurance"),
    "restoration": N_("Restoration"),
    "data": N_("Data"),
    "termination": N_("Termination"),
    "categories": N_("Kinds of personal data"),
    "security": N_("Security"),
    "sub_processors": N_("Sub-processors"),
    "deletion": N_("Deletion"),
}
PUBLICITY = N_(
    "The name of the party and its role are shown openly when it has joined. The rest is a public document at the "
    "authorities concerned; secrecy is tried when somebody asks for it."
)
EXIT = N_("A party may leave with a reason in writing. What it has promised and not kept then no longer holds.")
DISPUTE = N_("The parties settle differences by talking first, then in a Swedish court.")
BACKGROUND = N_(
    "Each party keeps the rights to what it brings along. The others may use it in the mission for as long as it runs."
)
RIGHTS_HOLDERS = N_("Those who own their results themselves have agreed, each in writing.")
CONFIDENTIALITY = N_(
    "Documents at authorities are public. A party marks what it thinks should be kept secret, and says which harm "
    "would come of showing it; whether it is secret is tried when somebody asks for it. Nobody passes on what is "
    "marked so."
)
NO_AID = N_("No party gets a benefit that may be state aid.")
NOT_ASSESSED = N_("%(name)s: a benefit that has not been assessed yet.")
AID = N_("%(name)s: %(ground)s, worth %(value)s, assessed %(day)s.")
LIABILITY = N_("Each party answers for the damage it causes, and has liability insurance for its part.")
PERSONAL = N_(
    "Only names, functions and work addresses of those who take part are handled. Anything more needs an agreement on "
    "personal data of its own."
)
SITE = N_("%(site)s, owned by %(owner)s: %(resources)s.")
PRICE = N_("%(site)s: %(price)s. The use that is booked costs %(sum)s.")
HOURLY = N_("%(resource)s %(price)s for each hour begun")
FREE = N_("free of charge")
INSURANCE = N_("The user answers for the damage it causes, and has liability insurance for the use.")
LEAST_INSURANCE = N_("%(site)s: of at least %(amount)s kr.")
RESTORATION = N_("The user leaves the site as it was, and reports damage and incidents at once.")
TERMINATION = N_(
    "A booking may be cancelled by the site's terms. The owner may end the use at once where safety asks for it."
)
SECURITY = N_("Access only for those who need it, by accounts of their own; storage within the EU or EEA.")
SUB_PROCESSORS = N_("None without consent in writing beforehand.")
DELETION = N_("When the purpose is met, at the latest %(last)s. What must be kept by law on archives is kept.")


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as an agreement names it."""

    kind: CommitmentType
    quantity: float | None
    value_ore: int


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party as an agreement names it; the period spans its promises."""

    name: str
    number: str
    roles: Sequence[PartnerRole]
    promises: Sequence[Promised]
    period: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of the case: its purpose in a sentence, the terms chosen for it, the benefits that parties get, the
    sites that are used and on which days, and what its experiments say about personal data."""

    purpose: str
    target_on: date | None
    ip_model: Term | None
    data_terms: str
    rights_holders_agreed: bool = False
    aid: Sequence["Aid"] = ()
    places: Sequence["Place"] = ()
    used: tuple[date | None, date | None] = (None, None)
    personal_data: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Aid:
    """A party that gets a benefit, and how that was judged; no ground while it has not been."""

    name: str
    ground: Term | None = None
    value_ore: int = 0
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A site that is used, as its entry says. prices: resource -> öre for an hour; sum_ore: of what is booked."""

    name: str
    owner: str
    prices: Mapping[str, int]
    sum_ore: int
    safety: str = ""
    responsible: str = ""
    least_insurance: int | None = None
    restoration: str = ""


def heading(clause: str) -> str:
    """What a clause is called."""
    return _(CLAUSES[clause]) if clause in CLAUSES else clause


def text_of(declared: Agreement, clauses: Mapping[str, str]) -> str:
    """The whole text that people read and sign: each clause under its heading, in the method's order."""
    return "\n\n".join(f"{heading(clause)}\n{clauses[clause].strip()}" for clause in declared.must_hold)


def intent_drafts(party: PartyFacts, case: CaseFacts) -> dict[str, str]:
    """First wordings of a letter of intent; who may sign is left for the signer to say."""
    return {
        "party": _named(party),
        "role": list_of([_label(role) for role in party.roles]),
        "contribution_range": "\n".join(_promised(one) for one in party.promises),
        "period": _period(party.period[0], party.period[1] or case.target_on),
        "publicity_notice": _(PUBLICITY),
        "signatory_authority": "",
    }


def agreement_drafts(parties: Sequence[PartyFacts], case: CaseFacts) -> dict[str, str]:
    """First wordings of an agreement between several; clauses that only people can word are left out."""
    return {
        "parties": "\n".join(_named(one) for one in parties),
        "purpose": case.purpose,
        "roles": "\n".join(
            f"{one.name}: {list_of([_label(role) for role in one.roles])}" for one in parties if one.roles
        ),
        "contributions": "\n".join(
            f"{one.name}: {'; '.join(_promised(promise) for promise in one.promises)}"
            for one in parties
            if one.promises
        ),
        "background_ip": " ".join([_(BACKGROUND), *([_(RIGHTS_HOLDERS)] if case.rights_holders_agreed else [])]),
        "foreground_ip": _label(case.ip_model) if case.ip_model else "",
        "data_terms": case.data_terms,
        "confidentiality_and_public_access": _(CONFIDENTIALITY),
        "state_aid": "\n".join(_aid(one) for one in case.aid) or _(NO_AID),
        "liability_insurance": _(LIABILITY),
        "personal_data": _(PERSONAL),
        "publication": _(PUBLICITY),
        "exit": _(EXIT),
        "dispute": _(DISPUTE),
        "period": _period(None, case.target_on),
    }


def site_drafts(case: CaseFacts) -> dict[str, str]:
    """First wordings of an agreement on the use of sites, from their entries and from what is booked."""
    limits = [
        _(LEAST_INSURANCE, site=one.name, amount=format_decimal(one.least_insurance, locale=current_locale()))
        for one in case.places
        if one.least_insurance
    ]
    return {
        "site": "\n".join(
            _(SITE, site=one.name, owner=one.owner, resources=list_of(one.prices)) for one in case.places
        ),
        "period": _period(*case.used) if case.used[1] else _period(None, case.target_on),
        "price": "\n".join(_price(one) for one in case.places),
        "safety_rules": _told(case.places, lambda one: one.safety),
        "responsible_person": _told(case.places, lambda one: one.responsible),
        "insurance": "\n".join([_(INSURANCE), *limits]),
        "restoration": "\n".join(
            part for part in (_(RESTORATION), _told(case.places, lambda one: one.restoration)) if part
        ),
        "data": case.data_terms,
        "termination": _(TERMINATION),
    }


def personal_data_drafts(case: CaseFacts) -> dict[str, str]:
    """First wordings of an agreement on personal data; what the experiments have answered tells which kinds."""
    last = format_date(case.target_on, "d MMMM y", locale=current_locale()) if case.target_on else ""
    return {
        "purpose": case.purpose, "categories": "\n".join(case.personal_data), "security": _(SECURITY),
        "sub_processors": _(SUB_PROCESSORS), "deletion": _(DELETION, last=last) if last else "",
    }  # fmt: skip


def _aid(one: Aid) -> str:
    if one.ground is None or one.assessed_on is None:
        return _(NOT_ASSESSED, name=one.name)
    day = format_date(one.assessed_on, "d MMMM y", locale=current_locale())
    return _(AID, name=one.name, ground=_label(one.ground), value=money(one.value_ore), day=day)


def _price(one: Place) -> str:
    asked = [_(HOURLY, resource=name, price=money(ore)) for name, ore in one.prices.items() if ore]
    return _(PRICE, site=one.name, price=list_of(asked) if asked else _(FREE), sum=money(one.sum_ore))


def _told(places: Sequence[Place], what: Callable[[Place], str]) -> str:
    """What the entries of the sites say, each site by its name."""
    return "\n".join(f"{one.name}: {what(one)}" for one in places if what(one))


def _named(party: PartyFacts) -> str:
    return f"{party.name}, {party.number}" if party.number else party.name


def _label(term: Term) -> str:
    return term.label.in_(current_locale())


def _promised(promise: Promised) -> str:
    parts = [_label(promise.kind)]
    if promise.quantity:
        parts.append(f"{format_decimal(promise.quantity, locale=current_locale())} {promise.kind.unit}")
    if promise.value_ore:
        parts.append(money(promise.value_ore))
    return ", ".join(parts)


def _period(first: date | None, last: date | None) -> str:
    if last is None:
        return ""
    until = format_date(last, "d MMMM y", locale=current_locale())
    if first is None:
        return _("From the signatures until %(last)s.", last=until)
    return _(
        "From %(first)s until %(last)s.", first=format_date(first, "d MMMM y", locale=current_locale()), last=until
    )
