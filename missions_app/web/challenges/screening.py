"""Screening: the queue, sending back with named points, the case number."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import policy, queries, screening_service
from missions_app.challenges.content import BY_NAME
from missions_app.challenges.models import Challenge
from missions_app.challenges.screening_service import Point
from missions_app.documents import document_service
from missions_app.documents import policy as documents
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.web.challenges import presenting, words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import NumberForm, ReturnForm
from missions_app.web.forms import choices, show_error
from missions_app.workflow.journey_queries import get_possible_move
from missions_app.workflow.method_service import method_in_force

ROWS = (1, 2, 3, 4)


@bp.get("/challenges/screening")
@signed_in
def show_queue() -> ResponseReturnValue:
    """Everything that waits for the secretariat, what has waited longest first."""
    authorise(policy.can_screen, None)
    plan = method_in_force().journey(queries.KIND)
    waiting = [one.id for one in plan.state if one.kind == "waiting"]
    return render_template(
        "challenges/show_queue.html", found=page_of(queries.in_states(waiting)), page_url=url_of_page,
        states={one.id: one for one in plan.state}, title_of=words.title_of, due=queries.answer_due,
        step_for=presenting.next_step,
    )  # fmt: skip


@bp.route("/challenges/<reference>/return", methods=["GET", "POST"])
@signed_in
def return_challenge(reference: str) -> ResponseReturnValue:
    """Ask the authors to mend named points."""
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_screen, challenge)
    declared = get_possible_move(challenge, screening_service.RETURN, actor())
    form = ReturnForm(version=challenge.journey.version)
    places = [(name, words.label_of(name)) for name in BY_NAME if name not in ("claims", "longitude")]
    for row in ROWS:
        form[f"field_{row}"].choices = choices([*places, ("indicators", _("Indicators"))], empty=_("The whole"))
    if form.validate_on_submit():
        points = [Point(form[f"point_{row}"].data or "", form[f"field_{row}"].data or "") for row in ROWS]
        try:
            screening_service.return_challenge(
                challenge, points, by=actor(), expected_version=form.expected_version, reason=form.reason.data or ""
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The challenge is back with its authors. They have been told."))
            return redirect(url_for("challenges.show_challenge", reference=reference), 303)
    return render_template(
        "challenges/return_challenge.html", form=form, challenge=challenge, move=declared, rows=ROWS,
        title_of=words.title_of,
    )  # fmt: skip


@bp.route("/challenges/<reference>/number", methods=["GET", "POST"])
@signed_in
def set_number(reference: str) -> ResponseReturnValue:
    """Enter the case number of the incoming document."""
    challenge: Challenge = queries.get_readable(reference, actor())
    authorise(documents.can_register, challenge)
    submissions = queries.submissions_of(challenge)
    if not submissions:
        raise NotFound()
    document = submissions[0].document
    form = NumberForm(registry_number=document.registry_number, version=document.version)
    if form.validate_on_submit():
        kind = policy.method_for(challenge).term("document_type", document.kind)
        try:
            document_service.register(
                document, registry_number=form.registry_number.data, retention=getattr(kind, "retention", ""),
                by=actor(), expected_version=form.expected_version, subject=challenge,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The case number is saved."))
            return redirect(url_for("challenges.show_challenge", reference=reference), 303)
    return render_template("challenges/set_number.html", form=form, challenge=challenge, title_of=words.title_of)
