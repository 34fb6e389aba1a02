"""What is claimed as a trade secret is on no page, in no list, count, export, feed, mail, index and answer of those who
have no right to it. The addresses are made from the application's own map, so that a new page is tried too."""

import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator, Mapping

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS
from missions_app.accounts.models import User
from missions_app.assessments.models import Assignment
from missions_app.audit.models import AuditEvent
from missions_app.bookings.models import Booking, Line
from missions_app.challenges.models import Challenge
from missions_app.documents import disclosure_service, document_service
from missions_app.documents.disclosure_models import Disclosure
from missions_app.documents.document_service import Claim
from missions_app.documents.models import Document, Visibility
from missions_app.evaluation.models import Barrier, Measurement
from missions_app.experiments.models import Experiment
from missions_app.messages.models import Message
from missions_app.missions.models import Mission, SolutionTrack
from missions_app.organisations import offer_service, organisation_service
from missions_app.organisations.models import Offer, OfferKind, Organisation
from missions_app.organisations.offer_service import OfferContent
from missions_app.outbox.models import Job
from missions_app.partnerships import commitment_service
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.models import Agreement, Commitment, FundingLine, Need, Partner
from missions_app.search.models import SearchTerm
from missions_app.sites.models import Resource, Site
from missions_app.workflow.models import Consultation, GateDecision, Journey
from tests.factories.accounts import bearer, make_user, sign_in
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region

WORD = "sekretord"
IN_PARTNERSHIP = {f"{WORD}{name}" for name in ("promise", "condition", "why", "offer", "lend", "evidence", "file")}
IN_CHALLENGE = {f"{WORD}{name}" for name in ("place", "placewhy")}
PROPOSAL = f"{WORD}proposal"  # not claimed, but between the organisation and those who take part
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n" + f"% {WORD}file".encode()

# What stands for a variable, by the part of the address before it: every row of a column, or words that fit.
VALUES: Mapping[str, object] = {
    "missions/reference": Mission.reference, "challenges/reference": Challenge.reference,
    "experiments/reference": Experiment.reference, "bookings/reference": Booking.reference,
    "cases/reference": (Mission.reference, Challenge.reference, Experiment.reference),
    "cases/journey_id": Journey.id, "journeys/journey_id": Journey.id, "gates/journey_id": Journey.id,
    "assessments/journey_id": Journey.id, "assignments/assignment_id": Assignment.id,
    "assessors/user_id": User.id, "accounts/user_id": User.id, "organisations/slug": Organisation.slug,
    "sites/slug": Site.slug, "intent/slug": Organisation.slug, "partners/partner_id": Partner.id,
    "agreements/agreement_id": Agreement.id, "commitments/commitment_id": Commitment.id, "needs/need_id": Need.id,
    "offers/offer_id": Offer.id, "documents/document_id": Document.id, "disclosures/disclosure_id": Disclosure.id,
    "disclosure/token": Disclosure.token, "disclosure-answers/token": Disclosure.token,
    "lines/line_id": Line.id, "resources/resource": Resource.slug, "funding/line_id": FundingLine.id,
    "barriers/barrier_id": Barrier.id, "measurements/measurement_id": Measurement.id,
    "consultations/consultation_id": Consultation.id, "decisions/decision_id": GateDecision.id,
    "messages/message_id": Message.id, "tracks/track_id": SolutionTrack.id,
    "journey_id/gate_id": ("g1", "g2", "g3", "g5"), "gates/gate": ("g2",), "paper/gate_id": ("g2", "g5"),
    "panels/rubric": ("challenge_quality",), "new/kind": ("partnership",), "revisions/number": (1, 2),
    "attest/criterion_id": ("g2.legal",), "look/criterion_id": ("g2.legal",), "waive/criterion_id": ("g2.sectors",),
    "moves/move_id": ("back_to_testing",), "bodies/body": ("run",), "strategy/key": ("s3",),
    "partner_id/form": ("csv", "xlsx"), "versions/number": (1,),
    "permits/permit": ("ta_plan",), "language/locale": ("sv",),
}  # fmt: skip
# Of these nothing exists in the world of this test, and nothing of a partnership is on them.
NOTHING_THERE = {
    "series/series_id", "dates/date", "deviations/deviation_id", "collisions/case_id", "waitlist/entry_id",
    "dossiers/reference", "reference/cut_off", "reference/cut_off.zip", "dossiers/cut_off", "reports/reference",
    "figures/key", "follow-up-reports/reference", "feeds/secret.ics", "drafts/number", "parts/place",
    "proposals/proposal_id", "confirm/token", "email/token", "password/token", "invitation/token", "follow/token",
    "unfollow/key", "requests/request_id", "seats/seat_id", "signals/signal_id", "week/monday", "printouts/printout_id",
    "objections/objection_id", "invitations/invitation_id", "partnership-invitations/invitation_id",
    "funding-calls/call_id", "state-aid/assessment_id", "documents/link_id", "indicators/indicator_id",
    "photos/photo_id", "log/entry_id", "questions/question_id",
}  # fmt: skip
MOST = 6
VARIABLE = re.compile(r"[^<>]*<(?:[^:<>]+:)?([^<>]+)>(.*)")


def variables(rule: Rule) -> list[str]:
    """The variables of a route as "the part before/name"."""
    parts = rule.rule.strip("/").split("/")
    found = []
    for place, part in enumerate(parts):
        if match := VARIABLE.fullmatch(part):
            before = parts[place - 1] if place else ""
            inner = VARIABLE.fullmatch(before)
            found.append(f"{inner.group(1) if inner else before}/{match.group(1)}{match.group(2)}")
    return found


def values_of(session: Session, variable: str) -> list[object]:
    given = VALUES[variable]
    columns = given if isinstance(given, tuple) else (given,)
    if not hasattr(columns[0], "property"):
        return list(columns)
    return [one for column in columns for one in session.scalars(sa.select(column).order_by(column).limit(MOST))]  # type: ignore[call-overload]


def addresses(app: Flask, session: Session, *, public_only: bool) -> Iterator[str]:
    """Every address of the map that can be read, filled with what there is."""
    build = app.url_map.bind("localhost").build
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        if public_only and getattr(view, "access", "") == "signed_in":
            continue
        named = variables(rule)
        if set(named) - set(VALUES) or rule.endpoint == "language.choose_language":
            continue
        names = [one.partition("/")[2] for one in named]
        for chosen in itertools.product(*(values_of(session, one) for one in named)):
            yield build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def content_of(data: bytes) -> str:
    """What an answer says, files in files included."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return "".join(content_of(file.read(name)) for name in file.namelist())


def world() -> tuple[Region, Mission]:
    """A mission that has been tested, with a secret in every field that can be claimed."""
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region, place=f"{WORD}place", claims={"place": f"{WORD}placewhy"})
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        claim(region, mission)
        resource = story.make_street(region)
        experiment, booking = story.plan_and_book(region, mission, resource, use_day=90)
    with clock.fixed(story.at(90, 8)):
        story.test_and_report(region, mission, experiment, booking)
    with clock.fixed(people.day(120)):
        story.evaluate(region, mission, "scale_up")
    return region, mission


def claim(region: Region, mission: Mission) -> None:
    """What the company claims as secret: a promise, an offer, what shows a capability, and a file."""
    admin, company = region.actor("company_admin"), region.company
    partner = partnerships.find_partner(mission, company)
    assert partner is not None
    partner.message = f"{PROPOSAL} om hur vi vill vara med."
    promised = PromiseContent(
        "expertise", f"{WORD}promise", quantity=3.0, value_ore=1_000_00, condition=f"{WORD}condition",
        visibility=Visibility.CLAIMED_SECRET, claim_reason=f"{WORD}why",
    )  # fmt: skip
    promise = commitment_service.promise(partner, promised, by=admin)
    commitment_service.confirm_promise(promise, by=admin, expected_version=promise.version)
    offered = OfferContent(
        OfferKind.DATA, f"{WORD}offer", f"{WORD}lend", peak="games", visibility="confidential_claim",
        claim_reason=f"{WORD}why",
    )  # fmt: skip
    offer = offer_service.add_offer(company, offered, by=admin)
    organisation_service.set_capabilities(company, {"games": (3, f"{WORD}evidence", "confidential_claim")}, by=admin)
    document_service.upload(
        subject=mission, kind="evidence", title=f"{WORD}file", file_name=f"{WORD}file.pdf", content=PDF, by=admin,
        visibility=Visibility.CLAIMED_SECRET, claim=Claim(f"{WORD}why"),
    )  # fmt: skip
    asked = disclosure_service.ask(what="Allt.", journey=mission.journey, contact_email="", by=ANONYMOUS)
    for kind, key in (("offer", offer.id), ("promise", promise.id)):
        disclosure_service.take_up(
            asked, kind=kind, key=str(key), by=region.actor("registrar"), expected_version=asked.version
        )


@pytest.mark.parametrize("who", ["visitor", "stranger", "village_admin", "coordinator"])
def test_no_address_shows_a_claimed_secret_to_those_without_the_right(
    app: Flask, client: FlaskClient, session: Session, who: str
) -> None:
    region, _mission = world()
    user = make_user() if who == "stranger" else region.people.get(who)
    forbidden = IN_PARTNERSHIP | IN_CHALLENGE | ({PROPOSAL} if who in ("visitor", "stranger") else set())
    leaks, opened = [], 0
    with clock.fixed(people.day(121)):
        pages, machine = client, app.test_client()
        headers = bearer(user) if user is not None else {}
        if user is not None:
            sign_in(pages, user)
        for path in list(addresses(app, session, public_only=user is None)):
            answer = machine.get(path, headers=headers) if path.startswith("/api/") else pages.get(path)
            opened += answer.status_code == 200
            said = content_of(answer.data)
            leaks += [(path, word) for word in forbidden if word in said]

    assert leaks == []
    assert opened > (40 if user is None else 100)


def test_every_variable_of_an_address_is_tried_or_named_as_having_nothing(app: Flask) -> None:
    used = {one for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) for one in variables(rule)}

    assert used - set(VALUES) - NOTHING_THERE - {"static/filename"} == set()


def test_no_mail_message_index_or_trail_holds_a_claimed_secret(session: Session) -> None:
    region, _mission = world()
    may = {region.people[who].email for who in ("company_admin", "registrar", "decider", "recommender")}
    owners = may | {region.people[who].email for who in ("officer", "representative", "assessor_a", "assessor_b")}

    written = []
    for job in session.scalars(sa.select(Job)):
        text = json.dumps(job.payload, ensure_ascii=False)
        allowed = (set() if job.payload.get("to") in may else IN_PARTNERSHIP) | (
            set() if job.payload.get("to") in owners else IN_CHALLENGE
        )
        written += [(job.kind, job.payload.get("template"), word) for word in allowed if word in text]
    terms = [one for one in session.scalars(sa.select(SearchTerm.term)) if WORD in one]
    trail = [
        one.action for one in session.scalars(sa.select(AuditEvent)) if WORD in json.dumps(one.data, ensure_ascii=False)
    ]

    assert (written, terms, trail) == ([], [], [])
