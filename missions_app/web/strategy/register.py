"""The register of strategic documents, their goals, and what clashes with them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.strategy import policy, queries, register_service
from missions_app.strategy.models import StrategicDocument
from missions_app.web.forms import show_error
from missions_app.web.strategy.blueprint import bp
from missions_app.web.strategy.forms import DocumentForm, GoalForm, level_words
from missions_app.web.subjects import subject_url
from missions_app.workflow.journey_queries import get_journey
from missions_app.workflow.subjects import subject_of


@bp.get("/strategy")
@public
def list_documents() -> ResponseReturnValue:
    """Documents that challenges are held against, with their goals."""
    return render_template(
        "strategy/list_documents.html", documents=queries.documents(), levels=level_words(),
        can_manage=policy.can_manage_register(actor()), can_read_clashes=policy.can_read_clashes(actor()),
    )  # fmt: skip


@bp.get("/strategy/<key>")
@public
def show_document(key: str) -> ResponseReturnValue:
    """One document and its goals."""
    return render_template(
        "strategy/show_document.html", document=queries.get_document(key), levels=level_words(), form=GoalForm(),
        can_manage=policy.can_manage_register(actor()),
    )  # fmt: skip


def _managed(key: str) -> StrategicDocument:
    authorise(policy.can_manage_register, None)
    return queries.get_document(key)


@bp.route("/strategy/new", methods=["GET", "POST"])
@signed_in
def add_document() -> ResponseReturnValue:
    """Enter a document."""
    authorise(policy.can_manage_register, None)
    form = DocumentForm()
    form.fill_choices()
    if form.validate_on_submit():
        try:
            document = register_service.add_document(form.key.data, form.values(), by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The document is entered."))
            return redirect(url_for("strategy.show_document", key=document.key), 303)
    return render_template("strategy/edit_document.html", form=form, document=None)


@bp.route("/strategy/<key>/edit", methods=["GET", "POST"])
@signed_in
def edit_document(key: str) -> ResponseReturnValue:
    """Correct an entry, or bring in a new edition."""
    document = _managed(key)
    form = DocumentForm(obj=document)
    del form.key
    form.fill_choices()
    if form.validate_on_submit():
        try:
            register_service.save_document(document, form.values(), by=actor(), expected_version=form.expected_version)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("strategy.show_document", key=key), 303)
    return render_template("strategy/edit_document.html", form=form, document=document)


@bp.post("/strategy/<key>/retire")
@signed_in
def retire_document(key: str) -> ResponseReturnValue:
    """Say that it is no longer in force."""
    version = request.form.get("version", default=-1, type=int)
    register_service.retire_document(_managed(key), by=actor(), expected_version=version)
    flash(_("The document is no longer in force. What was linked to it stays readable."))
    return redirect(url_for("strategy.show_document", key=key), 303)


@bp.post("/strategy/<key>/goals")
@signed_in
def add_goal(key: str) -> ResponseReturnValue:
    """Enter one of its goals."""
    document, form = _managed(key), GoalForm()
    if form.validate_on_submit():
        register_service.add_goal(document, text_sv=form.text_sv.data, text_en=form.text_en.data or "", by=actor())
        flash(_("The goal is entered."))
        return redirect(url_for("strategy.show_document", key=key), 303)
    page = render_template(
        "strategy/show_document.html", document=document, levels=level_words(), form=form, can_manage=True
    )
    return page, 422


@bp.post("/strategy/<key>/goals/<int:goal_id>/retire")
@signed_in
def retire_goal(key: str, goal_id: int) -> ResponseReturnValue:
    """Say that a goal no longer holds."""
    register_service.retire_goal(queries.get_goal(_managed(key), goal_id), by=actor())
    flash(_("The goal no longer holds."))
    return redirect(url_for("strategy.show_document", key=key), 303)


@bp.get("/strategy/clashes")
@signed_in
def list_clashes() -> ResponseReturnValue:
    """Every clash between a case and an adopted document."""
    authorise(policy.can_read_clashes, None)
    found = page_of(queries.clashes())
    rows = []
    for link in found.rows:
        subject = subject_of(get_journey(link.journey_id))
        rows.append((link, subject, subject_url(subject)))
    return render_template("strategy/list_clashes.html", found=found.of(rows), page_url=url_of_page)
