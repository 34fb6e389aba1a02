"""Follow-up reports: a list, making one, the report itself, and the rows behind each figure."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app import clock
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.i18n import _, lazy
from missions_app.indicators.small_numbers import SMALLEST_SHOWN
from missions_app.portfolio import policy, queries, report_service
from missions_app.portfolio.figure import for_public
from missions_app.portfolio.models import FollowUpReport
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin
from missions_app.web.portfolio import words
from missions_app.web.portfolio.blueprint import bp

TEXT = 10_000


class ReportForm(Form):
    """Which days the report is about."""

    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=200)])
    starts_on = LocalDateField(lazy("First day"), validators=[InputRequired()])
    ends_on = LocalDateField(
        lazy("Last day"), validators=[InputRequired()],
        description=lazy("The figures are those of the end of this day, for good. Later values become corrections."),
    )  # fmt: skip


class WordsForm(VersionMixin, Form):
    """What the figures mean."""

    summary = TextAreaField(lazy("The most important"), validators=[Optional(), Length(max=TEXT)])
    risks = TextAreaField(lazy("Risks, and decisions that are needed"), validators=[Optional(), Length(max=TEXT)])


def grouped(figures: Any) -> list[tuple[str, list[Any]]]:
    """(title of the group, its figures), in the report's order."""
    return [(_(words.GROUPS[key]), list(rows)) for key, rows in groupby(figures, key=lambda one: one.group)]


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Follow-up reports"), url_for("portfolio.list_reports"))]


def _last_quarter() -> tuple[date, date]:
    """The first and last day of the quarter that has most recently ended."""
    today = clock.today()
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


@bp.get("/reports")
@public
def list_reports() -> ResponseReturnValue:
    """Reports, newest first."""
    return render_template(
        "portfolio/list_reports.html", reports=page_of(queries.reports(actor())),
        can_make=policy.can_make_report(actor()), oversees=policy.can_oversee(actor()),
        page_url=lambda number: url_for("portfolio.list_reports", page=number),
    )  # fmt: skip


@bp.route("/reports/new", methods=["GET", "POST"])
@signed_in
def make_report() -> ResponseReturnValue:
    """Freeze the figures of a period."""
    authorise(policy.can_make_report, None)
    first, last = _last_quarter()
    form = ReportForm(starts_on=first, ends_on=last)

    def act() -> FollowUpReport:
        return report_service.make_report(
            title=form.title.data or "", starts_on=form.starts_on.data, ends_on=form.ends_on.data, by=actor()
        )

    return form_page(
        form, act, heading=_("Make a follow-up report"), crumbs=_crumbs(), button=_("Freeze the figures"),
        done=_("The figures are frozen."),
        back=lambda report: url_for("portfolio.show_report", reference=report.reference),
    )  # fmt: skip


@bp.get("/reports/<reference>")
@public
def show_report(reference: str) -> ResponseReturnValue:
    """The report; every figure leads to its rows."""
    report = queries.get_report(reference)
    authorise(policy.can_read_report, report)
    figures = report.figures if policy.can_oversee(actor()) else [for_public(one) for one in report.figures]
    return render_template(
        "portfolio/show_report.html", report=report, groups=grouped(figures), words=words, crumbs=_crumbs(),
        can_make=policy.can_make_report(actor()),
    )  # fmt: skip


@bp.get("/reports/<reference>/figures/<key>")
@public
def show_figure(reference: str, key: str) -> ResponseReturnValue:
    """What a figure was counted from."""
    report = queries.get_report(reference)
    authorise(policy.can_read_report, report)
    frozen = queries.get_figure(report, key)
    figure = frozen if policy.can_oversee(actor()) else for_public(frozen)
    crumbs = [*_crumbs(), (report.title, url_for("portfolio.show_report", reference=reference))]
    return render_template(
        "portfolio/show_figure.html", figure=figure, words=words, crumbs=crumbs,
        frozen=report.ends_on, heading=words.figure_label(figure), least_shown=SMALLEST_SHOWN,
    )  # fmt: skip


@bp.route("/reports/<reference>/words", methods=["GET", "POST"])
@signed_in
def word_report(reference: str) -> ResponseReturnValue:
    """Write what the figures mean."""
    report = queries.get_report(reference)
    authorise(policy.can_make_report, report)
    form = WordsForm(obj=report)

    def act() -> None:
        report_service.word_report(
            report, summary=form.summary.data or "", risks=form.risks.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    crumbs = [*_crumbs(), (report.title, url_for("portfolio.show_report", reference=reference))]
    return form_page(form, act, heading=_("Write what the figures mean"), crumbs=crumbs, button=_("Save"),
                     done=_("Saved."))  # fmt: skip


@bp.post("/reports/<reference>/publish")
@signed_in
def publish_report(reference: str) -> ResponseReturnValue:
    """Let everybody read it."""
    report = queries.get_report(reference)
    report_service.publish_report(report, by=actor(), expected_version=request.form.get("version", type=int) or 0)
    flash(_("The report is public now."))
    return redirect(url_for("portfolio.show_report", reference=reference), 303)
