"""Dossiers: the whole thread of a mission, to read and to take away."""

import json
from datetime import date, timedelta

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import InputRequired

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, NotFound
from missions_app.evaluation.policy import can_read_results
from missions_app.i18n import _, lazy
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.portfolio import dossier_archive, dossier_service, dossier_words
from missions_app.portfolio.frozen_charts import charts_in
from missions_app.portfolio.models import Dossier
from missions_app.web.evaluation.stories import crumbs_of_evaluation
from missions_app.web.filters import short_date
from missions_app.web.forms import Form, LocalDateField, show_error
from missions_app.web.portfolio.blueprint import bp


class DossierForm(Form):
    """The last day that counts."""

    cut_off = LocalDateField(
        lazy("Last day"), validators=[InputRequired()],
        description=lazy("What has happened after this day is left out, also if you fetch the dossier later."),
    )  # fmt: skip


class ImportForm(Form):
    """A dossier from another installation."""

    file = FileField(lazy("Dossier (zip)"), validators=[FileRequired(lazy("Choose a file."))])


def _readable(reference: str) -> Mission:
    mission = missions.get_mission(reference)
    authorise(can_read_results, mission)
    return mission


def _dossier(reference: str, cut_off: str) -> Dossier:
    """The dossier, for those with a part in its mission; an imported one for the secretariat."""
    try:
        day = date.fromisoformat(cut_off)
    except ValueError:
        raise NotFound() from None
    found = dossier_service.find_dossier(reference, day)
    if found is None:
        raise NotFound()
    if found.is_imported:
        authorise(dossier_service.can_import, None)
    else:
        _readable(reference)
    return found


@bp.route("/missions/<reference>/dossiers", methods=["GET", "POST"])
@signed_in
def list_dossiers(reference: str) -> ResponseReturnValue:
    """The dossiers there are, and making one."""
    mission = _readable(reference)
    form = DossierForm(cut_off=clock.today() - timedelta(days=1))
    if form.validate_on_submit():
        try:
            made = dossier_service.make_dossier(mission, form.cut_off.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            return redirect(url_for("portfolio.show_dossier", reference=reference, cut_off=made.cut_off), 303)
    return render_template(
        "portfolio/list_dossiers.html", form=form, mission=mission, dossiers=dossier_service.dossiers_of(reference),
        crumbs=crumbs_of_evaluation(mission),
    )  # fmt: skip


@bp.get("/dossiers/<reference>/<cut_off>")
@signed_in
def show_dossier(reference: str, cut_off: str) -> ResponseReturnValue:
    """The whole thread on one page."""
    dossier = _dossier(reference, cut_off)
    record = json.loads(dossier.content)
    return render_template(
        "portfolio/show_dossier.html", dossier=dossier, record=record, words=dossier_words,
        charts=charts_in(record, day=short_date),
    )  # fmt: skip


@bp.get("/dossiers/<reference>/<cut_off>.zip")
@signed_in
def fetch_dossier(reference: str, cut_off: str) -> ResponseReturnValue:
    """Everything as files."""
    dossier = _dossier(reference, cut_off)
    headers = {"Content-Disposition": f'attachment; filename="{reference}-{cut_off}.zip"'}
    return Response(dossier_archive.pack(dossier.content), mimetype="application/zip", headers=headers)


@bp.route("/dossiers/import", methods=["GET", "POST"])
@signed_in
def import_dossier() -> ResponseReturnValue:
    """Take in a dossier from elsewhere."""
    authorise(dossier_service.can_import, None)
    form = ImportForm()
    if form.validate_on_submit():
        try:
            made = dossier_service.import_dossier(form.file.data.read(), by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The dossier is taken in."))
            return redirect(
                url_for("portfolio.show_dossier", reference=made.reference, cut_off=made.cut_off.isoformat()), 303
            )
    return render_template(
        "_form_page.html", form=form, heading=_("Take in a dossier from elsewhere"),
        crumbs=[(_("Follow-up reports"), url_for("portfolio.list_reports"))], button=_("Take in"), has_file=True,
        intro=_("It shows the same pages as where it was made. Nothing of it mixes with the missions here."),
        read_first=None,
    )  # fmt: skip
