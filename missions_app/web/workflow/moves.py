"""Making a move: a page that says what will happen, and a button that does it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import current_locale
from missions_app.web.forms import show_error
from missions_app.web.subjects import subject_url
from missions_app.web.workflow.blueprint import bp
from missions_app.web.workflow.forms import MoveForm
from missions_app.workflow import journey_queries, journey_service
from missions_app.workflow.subjects import subject_of


@bp.route("/journeys/<int:journey_id>/moves/<move_id>", methods=["GET", "POST"])
@signed_in
def make_move(journey_id: int, move_id: str) -> ResponseReturnValue:
    """Confirm and make one of the method's moves."""
    subject = subject_of(journey_queries.get_journey(journey_id))
    declared = journey_queries.get_possible_move(subject, move_id, actor())
    form = MoveForm(version=subject.journey.version)
    if form.validate_on_submit():
        try:
            journey_service.move(
                subject, move_id, by=actor(), expected_version=form.expected_version, reason=form.reason.data or ""
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(declared.done.in_(current_locale()))
            return redirect(subject_url(subject), 303)
    return render_template(
        "workflow/make_move.html", form=form, move=declared, subject=subject, back=subject_url(subject),
        action=url_for("workflow.make_move", journey_id=journey_id, move_id=move_id),
    )  # fmt: skip
