"""The clauses of agreements in words, and their first drafts from what is known. Pure but for the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from missions_app.i18n import N_, _, current_locale, list_of
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
    """What is known of the case: its purpose in a sentence and the terms chosen for it."""

    purpose: str
    target_on: date | None
    ip_model: Term | None
    data_terms: str


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
        "foreground_ip": _label(case.ip_model) if case.ip_model else "",
        "data_terms": case.data_terms,
        "publication": _(PUBLICITY),
        "exit": _(EXIT),
        "dispute": _(DISPUTE),
        "period": _period(None, case.target_on),
    }


def _named(party: PartyFacts) -> str:
    return f"{party.name}, {party.number}" if party.number else party.name


def _label(term: Term) -> str:
    return term.label.in_(current_locale())


def _promised(promise: Promised) -> str:
    parts = [_label(promise.kind)]
    if promise.quantity:
        parts.append(f"{format_decimal(promise.quantity, locale=current_locale())} {promise.kind.unit}")
    if promise.value_ore:
        parts.append(f"{format_decimal(promise.value_ore // 100, locale=current_locale())} kr")
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
