"""Every address of the application that can be read, made from its own map and what is in the database; and what an
answer says, files in files and PDFs included."""

import io
import itertools
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from missions_app import clock, db
from missions_app.accounts.models import AccountRequest, ApiToken, Grant, Seat, User, UserSession
from missions_app.assessments.models import Assignment
from missions_app.assessments.question_models import Question
from missions_app.bookings.link_models import CalendarLink
from missions_app.bookings.models import Booking, Deviation, Line, Risk, Series
from missions_app.bookings.outside_models import OutsideCalendar, OutsideConflict
from missions_app.bookings.waitlist_models import WaitlistEntry
from missions_app.challenges.models import Challenge, Follower, Objection
from missions_app.challenges.models import Invitation as WriterInvitation
from missions_app.comments.models import Comment
from missions_app.documents.disclosure_models import Disclosure
from missions_app.documents.models import Document, Printout
from missions_app.evaluation.models import Barrier, Dataset, Measurement
from missions_app.experiments.log_models import LogEntry
from missions_app.experiments.models import Experiment
from missions_app.indicators.models import IndicatorPlan
from missions_app.messages.models import Message
from missions_app.missions.models import Mission, SolutionTrack
from missions_app.organisations.models import MembershipRequest, Offer, Organisation
from missions_app.partnerships.follow_up_models import FollowUpFunding
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
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.models import Resource, Site
from missions_app.sites.rule_models import Quota
from missions_app.strategy import weekly
from missions_app.strategy.models import Signal, StrategicGoal, StrategyLink
from missions_app.workflow.method_models import MethodProposal
from missions_app.workflow.models import Consultation, DecisionCondition, GateDecision, Journey, MethodVersion, Waiver

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
    "follow-up-funding/follow_up_id": FollowUpFunding.id,
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
    "series/series_id": Series.id, "dates/date": Line.occurs_on, "deviations/deviation_id": Deviation.id,
    "collisions/case_id": OutsideConflict.id, "waitlist/entry_id": WaitlistEntry.id, "unfollow/key": Follower.leave_key,
    "requests/request_id": (AccountRequest.id, MembershipRequest.id), "seats/seat_id": Seat.id,
    "week/monday": lambda: weekly.monday_of(clock.today()), "objections/objection_id": Objection.id,
    "invitations/invitation_id": WriterInvitation.id, "photos/photo_id": SitePhoto.id, "log/entry_id": LogEntry.id,
    "quotas/quota_id": Quota.id, "criteria/criterion": ("g1.open", "g2.sectors"), "comments/comment_id": Comment.id,
    "invitation/answer": ("accept", "decline"), "history/number": (1, 2), "writers/user_id": User.id,
    "members/user_id": User.id, "waivers/waiver_id": Waiver.id, "risks/risk_id": Risk.id,
    "datasets/dataset_id": Dataset.id, "outside-calendars/calendar_id": OutsideCalendar.id,
    "outside/calendar_id": OutsideCalendar.id, "join-requests/request_id": MembershipRequest.id,
    "account-requests/request_id": AccountRequest.id, "address-invitations/invitation_id": Invitation.id,
    "links/link_id": CalendarLink.id, "line_id/act": ("check-in", "check-out", "no-show"),
    "condition_id/act": ("meet",), "commitment_id/state": ("withdrawn", "delivered"), "place/way": ("up",),
    "user_id/act": ("suspend",), "printouts/kind": ("dossier", "paper", "report", "statement"),
    "kind/key": lambda: f"{db.session.scalars(sa.select(Mission.reference)).first()}/g2",
    "deputies/grant_id": Grant.id, "roles/grant_id": Grant.id, "sessions/session_id": UserSession.id,
    "tokens/token_id": ApiToken.id, "goals/goal_id": StrategicGoal.id, "capabilities/peak": ("games",),
    "countersign/checksum": ("0" * 64,),
}  # fmt: skip
# Acts of which nothing exists in the world of this test.
NOTHING_THERE = {
    "qualifications/qualification", "held/held_id", "blackouts/blackout_id", "employments/employment_id", "nudges/key",
    "exceptions/first", "first/last",
}  # fmt: skip
# What is reached by a number or a secret of its own, not by the case it has to do with.
APART = {
    "series/series_id", "dates/date", "deviations/deviation_id", "collisions/case_id", "waitlist/entry_id",
    "photos/photo_id", "log/entry_id", "quotas/quota_id", "unfollow/key", "requests/request_id", "seats/seat_id",
    "objections/objection_id", "invitations/invitation_id", "week/monday",
}  # fmt: skip
# The database holds only what can be told from these; a test that has made one knows it.
SECRETS = {
    "feeds/secret.ics", "confirm/token", "email/token", "password/token", "invitation/token", "follow/token",
}  # fmt: skip
MOST = 6
# What changes by itself from one answer to the next.
NOISE = re.compile(r"nonce[-=\"'A-Za-z0-9+/_]+|csrf_token\" (?:type=\"hidden\" )?value=\"[^\"]*\"|[A-Za-z0-9_-]{40,}")
# They say what the installation does, list the browsers and tokens of the test itself, or count what it looked for.
OF_ITSELF = (
    "health.", "static", "api-docs", "docs.", "accounts.", "api_accounts.", "api_calendars.list_links",
    "sites.show_region", "api_site_entries.show_use_of_all",
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


def values_of(session: Session, variable: str, most: int = MOST) -> list[object]:
    """What fits a variable: what is given, what is reckoned, or every row of its columns, the first few."""
    given = VALUES[variable]
    if callable(given):
        return [given()]
    columns = given if isinstance(given, tuple) else (given,)
    if not hasattr(columns[0], "property"):
        return list(columns)
    found = [
        one
        for column in columns
        for one in session.scalars(sa.select(column).where(column.is_not(None)).order_by(column).limit(most))
    ]
    return list(dict.fromkeys(found))


def addresses(
    app: Flask, session: Session, *, public_only: bool = False, without: tuple[str, ...] = (), method: str = "GET",
    secrets: Mapping[str, list[object]] | None = None, only: Collection[str] = (), most: int = MOST,
) -> Iterator[str]:  # fmt: skip
    """Every address of the map that answers to the method, filled with what there is.

    Args:
        without: beginnings of endpoints that are left out. secrets: variable -> secrets that fit it. only: variables
        one of which an address must have. most: how many rows of a column are tried.
    """
    build, known = app.url_map.bind("localhost").build, secrets or {}
    for rule in sorted(app.url_map.iter_rules(), key=str):
        view = app.view_functions[rule.endpoint]
        if method not in (rule.methods or ()) or rule.endpoint.endswith("static"):
            continue
        if without and rule.endpoint.startswith(without):
            continue
        if public_only and getattr(view, "access", "") == "signed_in":
            continue
        named = variables(rule)
        if set(named) - set(VALUES) - set(known) or rule.endpoint == "language.choose_language":
            continue
        if only and not set(named) & set(only):
            continue
        names = [one.partition("/")[2].partition(".")[0] for one in named]
        rows = (list(known[one]) if one in known else values_of(session, one, most) for one in named)
        for chosen in itertools.product(*rows):
            yield build(rule.endpoint, dict(zip(names, chosen, strict=True)), method=method)


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
