"""Every address of the application that can be read, made from its own map and what is in the database; and what an
answer says, files in files and PDFs included."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from missions_app.accounts.models import User
from missions_app.assessments.models import Assignment
from missions_app.assessments.question_models import Question
from missions_app.bookings.models import Booking, Line
from missions_app.challenges.models import Challenge
from missions_app.documents.disclosure_models import Disclosure
from missions_app.documents.models import Document, Printout
from missions_app.evaluation.models import Barrier, Measurement
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.messages.models import Message
from missions_app.missions.models import Mission, SolutionTrack
from missions_app.organisations.models import Offer, Organisation
from missions_app.partnerships.funding_call_models import FundingCall
from missions_app.partnerships.models import (
    Agreement,
    Commitment,
    FundingLine,
    Invitation,
    Need,
    Partner,
    StateAidAssessment,
)
from missions_app.portfolio.models import Dossier, FollowUpReport
from missions_app.sites.models import Resource, Site
from missions_app.strategy.models import Signal, StrategyLink
from missions_app.workflow.method_models import MethodProposal
from missions_app.workflow.models import Consultation, DecisionCondition, GateDecision, Journey, MethodVersion

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
    "partner_id/form": ("csv", "xlsx"), "reference/form": ("csv", "xlsx"), "versions/number": (1,),
    "permits/permit": ("ta_plan",), "language/locale": ("sv",),
    "printouts/printout_id": Printout.id, "questions/question_id": Question.id, "indicators/indicator_id":
    IndicatorPlan.id, "documents/link_id": StrategyLink.id, "reports/reference": FollowUpReport.reference,
    "follow-up-reports/reference": FollowUpReport.reference, "figures/key": ("partners", "promised", "waivers"),
    "dossiers/reference": Dossier.reference, "reference/cut_off": Dossier.cut_off, "dossiers/cut_off": Dossier.cut_off,
    "reference/cut_off.zip": Dossier.cut_off, "drafts/number": MethodVersion.number, "parts/place": ("meta", "gate.1"),
    "proposals/proposal_id": MethodProposal.id, "signals/signal_id": Signal.id, "funding-calls/call_id": FundingCall.id,
    "conditions/condition_id": DecisionCondition.id,
    "state-aid/assessment_id": StateAidAssessment.id, "partnership-invitations/invitation_id": Invitation.id,
}  # fmt: skip
# Of these nothing exists in the world of this test, and nothing of a partnership is on them.
NOTHING_THERE = {
    "series/series_id", "dates/date", "deviations/deviation_id", "collisions/case_id", "waitlist/entry_id",
    "feeds/secret.ics",
    "confirm/token", "email/token", "password/token", "invitation/token", "follow/token",
    "unfollow/key", "requests/request_id", "seats/seat_id", "week/monday",
    "objections/objection_id", "invitations/invitation_id",
    "photos/photo_id", "log/entry_id", "quotas/quota_id",
}  # fmt: skip
MOST = 6
# What changes by itself from one answer to the next.
NOISE = re.compile(r"nonce[-=\"'A-Za-z0-9+/_]+|csrf_token\" (?:type=\"hidden\" )?value=\"[^\"]*\"|[A-Za-z0-9_-]{40,}")
# They say what the installation does, list the browsers and tokens of the test itself, or count what it looked for.
OF_ITSELF = (
    "health.", "static", "api-docs", "docs.", "accounts.", "api_accounts.", "sites.show_region",
    "api_site_entries.show_use_of_all",
)  # fmt: skip
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


def addresses(
    app: Flask, session: Session, *, public_only: bool = False, without: tuple[str, ...] = ()
) -> Iterator[str]:
    """Every address of the map that can be read, filled with what there is; `without` begins the endpoints left out."""
    build = app.url_map.bind("localhost").build
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        if "GET" not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        if without and rule.endpoint.startswith(without):
            continue
        if public_only and getattr(view, "access", "") == "signed_in":
            continue
        named = variables(rule)
        if set(named) - set(VALUES) or rule.endpoint == "language.choose_language":
            continue
        names = [one.partition("/")[2].partition(".")[0] for one in named]
        for chosen in itertools.product(*(values_of(session, one) for one in named)):
            yield build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def content_of(data: bytes) -> str:
    """What an answer says, files in files included, and PDFs as somebody reads them."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return "".join(content_of(file.read(name)) for name in file.namelist())
    said = data.decode("utf-8", "replace")
    return said + read_pdf(data) if data[:5] == b"%PDF-" else said


def read_pdf(data: bytes) -> str:
    """The text of every page and what is said of the file; "" for what is no whole PDF."""
    try:
        reader = PdfReader(io.BytesIO(data))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    except PyPdfError:
        return ""
