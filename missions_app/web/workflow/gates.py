"""The gate page and what people do there."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _, current_locale
from missions_app.portfolio.thread import gate_history
from missions_app.web.forms import show_error
from missions_app.web.places import place_url
from missions_app.web.stages import steps_of
from missions_app.web.subjects import subject_url
from missions_app.web.workflow import forms
from missions_app.web.workflow.blueprint import bp
from missions_app.web.workflow.hindrances import hindrance, impartiality
from missions_app.workflow import gate_queries, gate_service, journey_queries, owners, policy, recusal, recusal_service
from missions_app.workflow.conditions import state_of
from missions_app.workflow.gate_queries import GateStanding
from missions_app.workflow.method import Criterion
from missions_app.workflow.models import GateDecision
from missions_app.workflow.subjects import Subject, subject_of

GATE = "/gates/<int:journey_id>/<gate_id>"


def _subject(journey_id: int) -> Subject:
    subject = subject_of(journey_queries.get_journey(journey_id))
    authorise(policy.can_read_gate, subject)
    return subject


def _gate_url(subject: Subject, gate_id: str) -> str:
    return url_for("workflow.show_gate", journey_id=subject.journey.id, gate_id=gate_id)


def _criterion(standing: GateStanding, criterion_id: str) -> Criterion:
    found = next((one for one in standing.gate.criteria if one.id == criterion_id), None)
    if found is None:
        raise NotFound()
    return found


def readable_decisions(subject: Subject, gate_id: str | None = None) -> list[GateDecision]:
    """The decisions that the reader may know of, newest first."""
    return [one for one in gate_queries.decisions_of(subject.journey, gate_id) if policy.knows(actor(), one)]


def readable_decision(subject: Subject, gate_id: str, decision_id: int) -> GateDecision:
    """One decision at the gate that the reader may know of, or NotFound."""
    decision = gate_queries.get_decision(subject.journey, decision_id)
    if decision.gate != gate_id or not policy.knows(actor(), decision):
        raise NotFound()
    return decision


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
    decisions = readable_decisions(subject, gate_id)
    held = standing.held if standing.held in decisions else None
    bars = recusal.bars_to(actor(), standing, subject)
    rights = policy.gate_rights(actor(), subject, standing, barred=bool(bars))
    return _page(
        "show_gate",
        subject,
        standing,
        decisions=decisions,
        held=held,
        before=gate_queries.unanswered_before(subject, standing) if standing.is_open else [],
        hindrance=hindrance(subject, standing) if rights.recommend else None,
        steps=steps_of(subject),
        history=gate_history(subject, gate_id),
        consultations=gate_queries.consultations(subject.journey),
        rights=rights,
        bars=bars,
        own_recusal=recusal.find_own(actor(), subject.journey, gate_id),
        recusals=recusal.recusals_at(subject.journey, gate_id),
        recused={decision.id: recusal.recusals_of(decision) for decision in decisions},
        conditions={decision.id: gate_queries.conditions_of(decision) for decision in decisions},
        condition_state=lambda condition: state_of(condition, clock.today()).value,
        corrected={decision.corrects_id for decision in decisions},
        place_url=lambda criterion: place_url(criterion.place, subject),
    )


@bp.get(f"{GATE}/paper")
@signed_in
def show_paper(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """The basis for the decision, to be printed: what is proposed, why, what stands, what is waived and what is not."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    return _page(
        "show_paper", subject, standing, consultations=gate_queries.consultations(subject.journey),
        today=clock.today(), recusals=recusal.recusals_at(subject.journey, gate_id),
    )  # fmt: skip


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
    return _page("recommend", subject, standing, form=form, **impartiality(subject, standing))


@bp.route(f"{GATE}/step-aside", methods=["GET", "POST"])
@signed_in
def step_aside(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Step aside because of a conflict of interest."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.StepAsideForm()
    if form.validate_on_submit():
        try:
            recusal_service.step_aside(subject, gate_id, reason=form.reason.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("You have stepped aside. The secretariat is told."))
    return _page("step_aside", subject, standing, form=form, parties=recusal.parties_of(subject))


@bp.post(f"{GATE}/come-back")
@signed_in
def come_back(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Take one's own stepping aside back."""
    subject = _subject(journey_id)
    own = recusal.find_own(actor(), subject.journey, gate_id)
    if own is None:
        raise NotFound()
    recusal_service.come_back(own, subject=subject, by=actor())
    return _done(subject, gate_id, _("You are back."))


@bp.route(f"{GATE}/decide", methods=["GET", "POST"])
@signed_in
def decide(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Decide."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    recommended = standing.recommendation.outcome if standing.recommendation else None
    form = forms.DecideForm(version=subject.journey.version, outcome=recommended, decided_on=clock.today())
    form.outcome.choices = _outcomes(standing)
    asked = [(one.ref, one.name) for one in owners.owners_of(subject, current_locale())]
    for one in form.conditions:
        one.form.owner_ref.choices = [("", _("Choose, or write below")), *asked]
    if form.validate_on_submit():
        try:
            gate_service.decide(
                subject, gate_id, outcome=form.outcome.data, reasons=form.reasons.data, by=actor(),
                expected_version=form.expected_version, decided_on=form.decided_on.data,
                registry_number=form.registry_number.data or "", differs_because=form.differs_because.data or "",
                conditions=_conditions(form), declared=form.declared.data,
                publish=form.publish.data == forms.AT_ONCE,
                publish_on=form.publish_on.data if form.publish.data == forms.ON_DAY else None, meeting=form.meeting,
                recused=(form.recused.data or "").splitlines(),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            if form.publish.data == forms.AT_ONCE:
                return _done(subject, gate_id, _("The decision is recorded. Those concerned are told."))
            return _done(
                subject, gate_id, _("The decision is recorded and kept back. Nothing happens before it is public.")
            )
    return _page("decide", subject, standing, form=form, **impartiality(subject, standing))


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


@bp.post(f"{GATE}/waivers/<int:waiver_id>/revoke")
@signed_in
def revoke_waiver(journey_id: int, gate_id: str, waiver_id: int) -> ResponseReturnValue:
    """Take a waiver back."""
    subject = _subject(journey_id)
    gate_service.revoke_waiver(gate_queries.get_waiver(subject.journey, waiver_id), subject=subject, by=actor())
    return _done(subject, gate_id, _("The waiver is taken back. The requirement is judged on its facts again."))


@bp.route(f"{GATE}/look/<criterion_id>", methods=["GET", "POST"])
@signed_in
def look_afresh(journey_id: int, gate_id: str, criterion_id: str) -> ResponseReturnValue:
    """Look anew at what has turned out of date."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.LookForm(version=subject.journey.version)
    if form.validate_on_submit():
        try:
            gate_service.look_afresh(
                subject, gate_id, criterion_id, text=form.text.data, by=actor(), expected_version=form.expected_version
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("Your look is recorded. The case may go on."))
    status = next((one for one in standing.criteria if one.criterion.id == criterion_id), None)
    if status is None:
        raise NotFound()
    return _page("look_afresh", subject, standing, form=form, status_of=status, criterion=status.criterion)


@bp.route(f"{GATE}/decisions/<int:decision_id>/correct", methods=["GET", "POST"])
@signed_in
def correct_decision(journey_id: int, gate_id: str, decision_id: int) -> ResponseReturnValue:
    """Correct a decision by a new one."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    decision = readable_decision(subject, gate_id, decision_id)
    form = forms.CorrectForm(
        version=subject.journey.version, reasons=decision.reasons, decided_on=clock.today(),
        registry_number=decision.registry_number, met_on=decision.met_on, votes_for=decision.votes_for,
        votes_against=decision.votes_against, votes_abstained=decision.votes_abstained,
    )  # fmt: skip
    if form.validate_on_submit():
        try:
            gate_service.correct_decision(
                decision, subject=subject, reasons=form.reasons.data, registry_number=form.registry_number.data or "",
                decided_on=form.decided_on.data, by=actor(), expected_version=form.expected_version,
                meeting=form.meeting,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The correction is recorded. The first decision stays readable."))
    return _page("correct", subject, standing, form=form, decision=decision)


@bp.route(f"{GATE}/attest/<criterion_id>", methods=["GET", "POST"])
@signed_in
def attest(journey_id: int, gate_id: str, criterion_id: str) -> ResponseReturnValue:
    """Vouch for something."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    criterion = _criterion(standing, criterion_id)
    if criterion.check != "attest":  # the records show it: there is nothing to vouch for
        raise NotFound()
    form = forms.AttestForm()
    if form.validate_on_submit():
        try:
            gate_service.attest(subject, criterion_id, text=form.text.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("What you vouch for is recorded."))
    return _page("attest", subject, standing, form=form, criterion=criterion)


@bp.route(f"{GATE}/consult", methods=["GET", "POST"])
@signed_in
def consult(journey_id: int, gate_id: str) -> ResponseReturnValue:
    """Ask a body for its view."""
    subject = _subject(journey_id)
    standing = gate_queries.standing(subject, gate_id)
    form = forms.ConsultForm(days=standing.method.limits.consultation_days)
    form.body.choices = [
        (body.id, body.label.in_(current_locale())) for body in standing.method.bodies if body.role is None
    ]
    if form.validate_on_submit():
        try:
            gate_service.consult(subject, form.body.data, question=form.question.data, days=form.days.data, by=actor())
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


@bp.route(f"{GATE}/conditions/<int:condition_id>/done", methods=["GET", "POST"])
@signed_in
def complete_condition(journey_id: int, gate_id: str, condition_id: int) -> ResponseReturnValue:
    """Say how a condition was met; whoever it is not for reads what was asked and how it stands."""
    subject = _subject(journey_id)
    condition = gate_queries.get_condition(subject.journey, condition_id)
    readable_decision(subject, gate_id, condition.decision_id)
    form = forms.ConditionMetForm()
    if form.validate_on_submit():
        try:
            gate_service.complete_condition(
                condition, subject=subject, how=form.how.data, evidence=form.evidence.data or "", by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            return _done(subject, gate_id, _("The condition is met, and how it was met is kept."))
    return _page(
        "complete_condition", subject, gate_queries.standing(subject, gate_id), form=form, condition=condition,
        state=state_of(condition, clock.today()),
        may_fulfil=condition.done_at is None and owners.may_fulfil(actor(), condition, subject),
    )  # fmt: skip


@bp.post(f"{GATE}/decisions/<int:decision_id>/publish")
@signed_in
def publish_decision(journey_id: int, gate_id: str, decision_id: int) -> ResponseReturnValue:
    """Publish a decision that was kept back."""
    subject = _subject(journey_id)
    decision = readable_decision(subject, gate_id, decision_id)
    gate_service.publish_decision(decision, subject=subject, by=actor())
    return _done(subject, gate_id, _("The decision is public."))


def _outcomes(standing: GateStanding) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.label.in_(current_locale())) for outcome in standing.gate.outcomes]


def _conditions(form: forms.DecideForm) -> list[gate_service.Condition]:
    given = [one for one in form.conditions.data if (one["text"] or "").strip()]
    return [gate_service.Condition(one["text"], one["owner"], one["due_on"], one["owner_ref"] or "") for one in given]
