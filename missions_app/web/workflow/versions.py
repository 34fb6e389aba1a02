"""Adopted versions of the method: their files, what they showed in use, and running cases that move or stay."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.portfolio import method_statistics
from missions_app.web.forms import show_error
from missions_app.web.subjects import journey_url, subject_url
from missions_app.web.workflow.blueprint import bp
from missions_app.web.workflow.drafts import crumbs_of, file_answer
from missions_app.web.workflow.method_forms import ChoiceForm
from missions_app.workflow import (
    draft_service,
    journey_queries,
    method_migration_service,
    method_queries,
    method_simulation,
    policy,
)
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import MethodStatus
from missions_app.workflow.subjects import subject_of

VERSION = "/method/versions/<int:number>"


@bp.get(f"{VERSION}/file")
@public
def export_version(number: int) -> Response:
    """The version as the file it was adopted as."""
    return file_answer(method_queries.get_settled(number))


@bp.get(f"{VERSION}/statistics")
@signed_in
def show_statistics(number: int) -> ResponseReturnValue:
    """How the version works: where time goes, what stops people, what is waived, how assessors agree."""
    version = method_queries.get_settled(number)
    return render_template(
        "workflow/show_statistics.html", version=version, method=method_of(version),
        found=method_statistics.statistics_of(version, reader=actor()), crumbs=crumbs_of(),
        waivers=method_statistics.waivers_of(version, actor()), subject_url=subject_url,
    )  # fmt: skip


@bp.get(f"{VERSION}/cases")
@signed_in
def list_migrations(number: int) -> ResponseReturnValue:
    """Running cases under other versions, what a move would change for each, and what was chosen."""
    authorise(policy.can_edit_method, None)
    version = method_queries.get_settled(number)
    compared = (
        [method_simulation.compare(subject_of(one), version) for one in method_simulation.running(version)]
        if version.status is MethodStatus.ADOPTED
        else []
    )
    chosen = {one.subject.journey.id: method_queries.find_choice(one.subject.journey, version) for one in compared}
    return render_template(
        "workflow/list_migrations.html", version=version, method=method_of(version), compared=compared, chosen=chosen,
        made=method_queries.migrations_of(version), subject_url=subject_url, journey_url=journey_url,
        subject_of=subject_of, crumbs=crumbs_of(),
    )  # fmt: skip


@bp.route(f"{VERSION}/cases/<int:journey_id>", methods=["GET", "POST"])
@signed_in
def choose_version(number: int, journey_id: int) -> ResponseReturnValue:
    """Choose for one running case: move, or stay. Before and after are shown, and kept."""
    authorise(policy.can_edit_method, None)
    version = method_queries.get_settled(number)
    subject = subject_of(journey_queries.get_journey(journey_id))
    form = ChoiceForm(version=subject.journey.version)
    if form.validate_on_submit():
        act = method_migration_service.move_case if form.outcome.data == "moved" else method_migration_service.keep_case
        try:
            act(subject, version, reason=form.reason.data, by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
        else:
            moved = form.outcome.data == "moved"
            flash(_("The case has moved. How it stood before and after is kept.") if moved else _("The case stays."))
            return redirect(url_for("workflow.list_migrations", number=number), 303)
    return render_template(
        "workflow/choose_version.html", form=form, version=version, subject=subject, method=method_of(version),
        older=method_of(subject.journey.method_version), compared=method_simulation.compare(subject, version),
        crumbs=[*crumbs_of(), (_("Running cases"), url_for("workflow.list_migrations", number=number))],
    )  # fmt: skip


@bp.post(f"{VERSION}/retire")
@signed_in
def retire_version(number: int) -> ResponseReturnValue:
    """Say that a version is history."""
    authorise(policy.can_edit_method, None)
    version = method_queries.get_settled(number)
    draft_service.retire_version(version, by=actor(), expected_version=version.version)
    flash(_("The version is retired. Cases under it go on under it."))
    return redirect(url_for("workflow.show_development"), 303)
