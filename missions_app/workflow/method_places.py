"""The parts of a method about places: how sites are classified and described, booked, and which permits they need."""

from typing import Annotated, Literal

from pydantic import Field

from missions_app.workflow.method_parts import Id, Part, Term, Text
from missions_app.workflow.predicates import Predicate


class SiteQuestion(Part):
    """A question that tells what kind of site a place is, with its answers."""

    id: Id
    label: Text
    values: tuple[Term, ...]


class SiteType(Term):
    """A kind of site and the readiness it suits (TRL and SRL, from and to)."""

    definition: Text
    trl: tuple[int, int]
    srl: tuple[int, int]


class SiteRule(Part):
    """The first rule whose predicate holds over the answers gives the type."""

    order: int
    type: Id
    when: Predicate


class SiteOverlay(Term):
    """Something a site may be besides its type."""

    means: Text
    requires: tuple[str, ...] = ()


class SiteEntry(Part):
    """What a catalogue entry must and may hold."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    provenance_values: tuple[str, ...]
    status_values: tuple[str, ...]


class PriceModel(Term):
    """How use is priced, and whether that may be state aid."""

    state_aid_flag: bool


class SmallTest(Part):
    """The limits of a test that needs no mission: hours, people, risk, and what need not be answered."""

    max_hours: int
    max_people: int
    risk_level: Id
    skip: tuple[str, ...]
    label: Text


class BookingRules(Part):
    """What a booking must answer, always and depending on where it is."""

    required: tuple[str, ...]
    required_if_outdoor: tuple[str, ...]
    required_if_sea: tuple[str, ...]
    required_if_street: tuple[str, ...]
    required_if_airborne: tuple[str, ...]
    no_show_rule: Text
    low_threshold: SmallTest


class BookingState(Term):
    """A state of a booking's line, and whether it occupies its time."""

    holds_slot: bool


class BookingTransition(Part):
    """A declared change of a booking's line."""

    from_state: Annotated[Id, Field(alias="from")]
    to: Id
    by: Id


class Permit(Term):
    """A permit: whose, under which law, how many days it takes, and which answers ask for it (all of them)."""

    authority: Text
    law: str
    applies: Text
    lead_days: Annotated[int, Field(ge=0)]
    certainty: Literal["source", "know"]
    lead_source: Literal["documented", "planning"]
    asks_for: Annotated[tuple[Id, ...], Field(min_length=1)]
