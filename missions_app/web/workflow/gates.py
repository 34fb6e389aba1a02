"""The gate page and what people do there."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, current_locale
from missions_app.web.forms import show_error
from missions_app.web.places import place_url
from missions_app.web.subjects import subject_url
from missions_app.web.workflow import forms
from missions_app.web.workflow.blueprint import bp
from missions_app.workflow import gate_queries, gate_service, journey_queries, policy
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method import Criterion
from missions_app.workflow.subjects import Subject, subject_of

GATE = "/gates/<int:journey_id>/<gate_id>"


def _subject(journey_id: int) -> Subject:
    subject = subject_of(journey_queries.get_journey(journey_id))
    authorise(policy.can_read_gate, subject)
    return subject


def _gate_url(subject: Subject, gate_id: str) -> str:
    return url_for("workflow.show_gate", journey_id=subject.journey.id, gate_id=gate_id)


def _criterion(standing: GateStanding, criterion_id: str) -> Criterion:
    return standing.method.criterion(criterion_id)


def _done(subject: Subject, gate_id: str, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(_gate_url(subject, gate_id), 303)


def _page(template: str, subject: Subject, standing: GateStanding, **values: Any) -> str:
    return render_template(
        f"workflow/{template}.html", subject=subject, standing=standing, back=_gate_url(subject, standing.gate.id),
        subject_url=subject_url(subject), **values,
    )  # fmt: skip


@bp.get(GATE)
@signed_in
def show_gate(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Can it pass? If not, who does what?"""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    decisions = gate_queries.decisions_of(subject.journey, gate_id)
    return _page(
        "show_gate",
        subject,
        standing,
        decisions=decisions,
        consultations=gate_queries.consultations(subject.journey),
        rights=policy.gate_rights(actor(), subject, standing),
        conditions={decision.id: gate_queries.conditions_of(decision) for decision in decisions},
        place_url=lambda criterion: place_url(criterion.place, subject),
    )


@bp.route(f"{GATE}/request", methods=["GET", "POST"])
@signed_in
def request_gate(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Ask for the gate to be tried."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.RequestForm(version=subject.journey.version)
    if form.validate_on_submit():
        try:
            gate_service.request_gate(
                subject, gate_id, by=actor(), expected_version=form.expected_version, note=form.note.data or ""
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("Sent. You will be told when it is decided."))
    return _page("request_gate", subject, standing, form=form)


@bp.route(f"{GATE}/recommend", methods=["GET", "POST"])
@signed_in
def recommend(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Write the recommendation."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.RecommendForm(version=subject.journey.version)
    form.outcome.choices = _outcomes(standing)
    if form.validate_on_submit():
        try:
            gate_service.recommend(
                subject, gate_id, outcome=form.outcome.data, reasons=form.reasons.data, by=actor(),
                expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The recommendation is saved. Another person decides."))
    return _page("recommend", subject, standing, form=form)


@bp.route(f"{GATE}/decide", methods=["GET", "POST"])
@signed_in
def decide(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Decide."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    recommended = standing.recommendation.outcome if standing.recommendation else None
    form = forms.DecideForm(version=subject.journey.version, outcome=recommended, decided_on=clock.today())
    form.outcome.choices = _outcomes(standing)
    if form.validate_on_submit():
        try:
            gate_service.decide(
                subject, gate_id, outcome=form.outcome.data, reasons=form.reasons.data, by=actor(),
                expected_version=form.expected_version, decided_on=form.decided_on.data,
                registry_number=form.registry_number.data or "", differs_because=form.differs_because.data or "",
                conditions=_conditions(form), publish=form.publish.data,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The decision is recorded. Those concerned are told."))
    return _page("decide", subject, standing, form=form)


@bp.route(f"{GATE}/waive/<criterion_id>", methods=["GET", "POST"])
@signed_in
def waive(journey_id: int, gate_id: str, criterion_id: str) -> ResponseReturnValue:
    """Set a requirement aside."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.WaiveForm(version=subject.journey.version)
    if form.validate_on_submit():
        try:
            gate_service.waive(
                subject, criterion_id, reason=form.reason.data, expires_on=form.expires_on.data, by=actor(),
                expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The waiver is recorded and shows in the decision paper."))
    return _page("waive", subject, standing, form=form, criterion=_criterion(standing, criterion_id))


@bp.route(f"{GATE}/attest/<criterion_id>", methods=["GET", "POST"])
@signed_in
def attest(journey_id: int, gate_id: str, criterion_id: str) -> ResponseReturnValue:
    """Vouch for something."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.AttestForm()
    if form.validate_on_submit():
        try:
            gate_service.attest(subject, criterion_id, text=form.text.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("What you vouch for is recorded."))
    return _page("attest", subject, standing, form=form, criterion=_criterion(standing, criterion_id))


@bp.route(f"{GATE}/consult", methods=["GET", "POST"])
@signed_in
def consult(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Ask a body for its view."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.ConsultForm()
    form.body.choices = [
        (body.id, body.label.in_(current_locale())) for body in standing.method.bodies if body.role is None
    ]
    if form.validate_on_submit():
        try:
            gate_service.consult(
                subject, form.body.data, question=form.question.data, days=standing.method.limits.consultation_days,
                by=actor(),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The group has been asked."))
    return _page("consult", subject, standing, form=form)


@bp.route(f"{GATE}/consultations/<int:consultation_id>", methods=["GET", "POST"])
@signed_in
def reply(journey_id: int, gate_id: str, consultation_id: int) -> ResponseReturnValue:
    """Give the body's view."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    consultation = gate_queries.get_consultation(subject.journey, consultation_id)
    form = forms.ReplyForm(version=consultation.version)
    if form.validate_on_submit():
        try:
            gate_service.reply(
                consultation, subject=subject, text=form.text.data, by=actor(), expected_version=form.expected_version
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The view of the group is recorded."))
    return _page("reply", subject, standing, form=form, consultation=consultation)


@bp.post(f"{GATE}/conditions/<int:condition_id>/done")
@signed_in
def complete_condition(journey_id: int, gate_id: str, condition_id: int) -> ResponseReturnValue:
    """Tick off a condition."""
    subject = _subject(journey_id)
    condition = gate_queries.get_condition(subject.journey, condition_id)
    gate_service.complete_condition(condition, subject=subject, by=actor())
    return _done(subject, gate_id, _("The condition is ticked off."))


@bp.post(f"{GATE}/decisions/<int:decision_id>/publish")
@signed_in
def publish_decision(journey_id: int, gate_id: str, decision_id: int) -> ResponseReturnValue:
    """Publish a decision that was kept back."""
    subject = _subject(journey_id)
    decision = gate_queries.get_decision(subject.journey, decision_id)
    gate_service.publish_decision(decision, subject=subject, by=actor())
    return _done(subject, gate_id, _("The decision is public."))


def _outcomes(standing: GateStanding) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.label.in_(current_locale())) for outcome in standing.gate.outcomes]


def _conditions(form: forms.DecideForm) -> list[gate_service.Condition]:
    if not (form.condition.data or "").strip():
        return []
    return [gate_service.Condition(form.condition.data, form.condition_owner.data or "", form.condition_due.data)]
