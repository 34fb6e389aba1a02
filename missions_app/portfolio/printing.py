"""Papers, reports and dossiers as tagged PDF: the same parts as on the pages, in the reader's language."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.assessments.results import PanelResult
from missions_app.documents.print_service import Print
from missions_app.errors import NotFound
from missions_app.evaluation.policy import can_read_results
from missions_app.evaluation.results import IndicatorResult, test_days
from missions_app.i18n import _, both, current_locale, ngettext
from missions_app.missions import queries as missions
from missions_app.portfolio import dossier_service, policy, queries
from missions_app.portfolio.brief import brief, first_rows, rest_of
from missions_app.portfolio.chart_svg import bullet_svg, line_svg
from missions_app.portfolio.charts import LineChart, bullet, line_chart
from missions_app.portfolio.decision_paper import DecisionPaper, draw_paper
from missions_app.portfolio.dossier_words import cell_text, column_title, table_title
from missions_app.portfolio.figure import Figure, coverage, for_public, is_divided, is_never_summed, parts_in, plain_of
from missions_app.portfolio.figure_words import GROUPS, figure_label, figure_unit
from missions_app.portfolio.frozen_charts import charts_in
from missions_app.portfolio.models import Dossier
from missions_app.portfolio.sentences import standing_of
from missions_app.portfolio.trends import result_in
from missions_app.workflow.engine import Standing
from missions_app.workflow.method import Outcome, Text
from missions_app.workflow.models import DecisionCondition, GateDecision
from missions_app.workflow.policy import can_read_gate

TEMPLATE = "record.typ"
Part = dict[str, Any]


def prints() -> dict[str, Print]:
    """What is printed, by kind. A key is a reference, with a day or a gate after a slash."""
    return {
        "paper": Print(TEMPLATE, _paper, lambda actor, key: can_read_gate(actor, _mission(key))),
        "report": Print(
            TEMPLATE, _report, lambda actor, key: policy.can_read_report(actor, queries.get_report(key))
        ),
        "dossier": Print(TEMPLATE, _dossier, _may_read_dossier),
    }  # fmt: skip


def _mission(key: str) -> Any:
    return missions.get_mission(key.partition("/")[0])


def _whole(title: str, subtitle: str, footer: str, day: date, parts: Iterable[Part], *, wide: bool) -> dict[str, Any]:
    return {
        "title": title, "subtitle": subtitle, "footer": footer, "date": [day.year, day.month, day.day], "wide": wide,
        "parts": list(parts),
    }  # fmt: skip


def _part(
    heading: str, text: Sequence[str] = (), head: Sequence[str] = (), rows: Sequence[Sequence[str]] = (),
    pictures: Sequence[Part] = (),
) -> Part:  # fmt: skip
    return {
        "heading": heading, "text": [one for one in text if one], "head": list(head), "rows": [*map(list, rows)],
        "pictures": list(pictures),
    }  # fmt: skip


def _line(one: IndicatorResult, events: Sequence[tuple[date, str]] = (), *, width: int = 100) -> list[Part]:
    """The line of an indicator as a picture, in words too, as wide as so many per cent of the page."""
    chart = line_chart(one, events)
    return [] if chart is None else [_picture(chart, width=width)]


def _picture(chart: LineChart, *, width: int) -> Part:
    return {"svg": line_svg(chart), "alt": chart.description, "caption": chart.caption, "width": width}


def _bullets(results: Sequence[IndicatorResult]) -> list[Part]:
    """How far each indicator has come, as pictures."""
    found = ((one, bullet(one)) for one in results)
    return [
        {
            "svg": bullet_svg(drawn), "alt": drawn.text, "width": 45,
            "caption": both(one.plan.label_sv, one.plan.label_en),
        }
        for one, drawn in found
        if drawn is not None
    ]  # fmt: skip


def _day(day: date) -> str:
    return format_date(day, "long", locale=current_locale())


def _number(value: float | None) -> str:
    return _("not set") if value is None else format_decimal(round(value, 2), locale=current_locale())


def _words(text: Text) -> str:
    return text.in_(current_locale())


def _may_read_dossier(actor: Actor, key: str) -> bool:
    found = _frozen(key)
    return dossier_service.can_import(actor) if found.is_imported else can_read_results(actor, _mission(key))


def _frozen(key: str) -> Dossier:
    reference, _slash, day = key.partition("/")
    try:
        found = dossier_service.find_dossier(reference, date.fromisoformat(day))
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found


def _dossier(key: str) -> Mapping[str, Any]:
    dossier = _frozen(key)
    record = json.loads(dossier.content)
    charts = charts_in(record)
    parts = [
        _part(
            table_title(table), head=[column_title(one) for one in table["columns"]],
            rows=[
                [cell_text(column, cell) for column, cell in zip(table["columns"], row, strict=True)]
                for row in table["rows"]
            ],
            pictures=[_picture(one, width=60) for one in charts] if table["key"] == "indicators" else (),
        )
        for table in record["tables"]
        if table["rows"]
    ]  # fmt: skip
    happened = [(one.caption, str(number), *row) for one in charts for number, row in enumerate(one.happened, 1)]
    if happened:
        head = [_("Indicator"), _("Number"), _("Day"), _("What")]
        parts.append(_part(_("What happened meanwhile"), head=head, rows=happened))
    subtitle = _("As it stood at the end of %(day)s.", day=_day(dossier.cut_off))
    footer = f"{record['reference']}  {dossier.checksum[:16]}"
    return _whole(
        both(record["title"]["sv"], record["title"]["en"]), subtitle, footer, dossier.cut_off, parts, wide=True
    )


def _report(key: str) -> Mapping[str, Any]:
    report = queries.get_report(key)
    parts = [_part(_("The most important"), [report.summary])] if report.summary else []
    if report.risks:
        parts.append(_part(_("Risks, and decisions that are needed"), [report.risks]))
    for group, title in GROUPS.items():
        figures = [for_public(one) for one in report.figures if one.group == group]
        rows = [row for one in figures for row in _figure_rows(one)]
        if rows:
            parts.append(_part(_(title), head=[_("Figure"), _("Value")], rows=rows))
    pictures = [picture for one in report.figures for picture in _trends(for_public(one))]
    if pictures:
        parts.append(_part(_("The indicators over time"), pictures=pictures))
    subtitle = f"{_day(report.starts_on)} – {_day(report.ends_on)}"
    return _whole(report.title, subtitle, report.reference, report.ends_on, parts, wide=False)


def _figure_rows(one: Figure) -> list[tuple[str, str]]:
    """A figure and how many missions it rests on; the parts of one that is divided, each with its own."""
    if not is_divided(one):
        covered = coverage(one)
        label = figure_label(one)
        return [(f"{label} ({_rests_on(*covered)})" if covered else label, _figure(one))]
    rows = []
    for name, total, _own in parts_in(one):
        label = f"{figure_label(one)}: {both(name['sv'], name['en'])}"
        if total is None:
            rows.append((label, _("too small to show")))
        else:
            summed = _("not summed") if total.total is None else f"{_number(total.total)} {figure_unit(one)}"
            rows.append((f"{label} ({_rests_on(total.counted, total.missions)})", summed))
    return rows


def _rests_on(counted: int, missions: int) -> str:
    return _("%(counted)d of %(all)d missions have a value", counted=counted, all=missions)


def _trends(one: Figure) -> list[Part]:
    """The way of each mission behind an indicator, as pictures."""
    results = (result_in(plain_of(row), one.label, one.unit) for row in one.rows)
    return [picture for result in results if result is not None for picture in _line(result, width=60)]


def _figure(one: Figure) -> str:
    """A printed report is for everybody, so what is too small to show is not in it."""
    if one.is_small:
        return _("too small to show")
    if one.value is None:
        has_values = any(plain_of(row)["value"] is not None for row in one.rows)
        return _("not summed") if has_values and is_never_summed(one) else _("not set")
    return f"{_number(one.value)} {figure_unit(one)}".strip()


def _paper(key: str) -> Mapping[str, Any]:
    reference, _slash, gate_id = key.partition("/")
    paper = draw_paper(missions.get_mission(reference), gate_id)
    mission = paper.mission
    title = both(mission.title_sv, mission.title_en)
    if paper.chosen:
        title = f"{title}: {_words(paper.chosen.label).lower()}"
    decider = _words(paper.standing.method.who(paper.standing.decider))
    subtitle = f"{decider}. {mission.reference}, {mission.problem_owner.name}"
    drawn = paper.decision.decided_on if paper.decision else clock.day_of(paper.drawn_at)
    return _whole(title, subtitle, mission.reference, drawn, _paper_parts(paper), wide=False)


def _paper_parts(paper: DecisionPaper) -> Iterable[Part]:
    proposal = f"{_words(paper.proposal.label)}." if paper.proposal else _("No recommendation is written yet.")
    yield _part(_("Proposed decision"), [proposal])
    first = next((one for one in paper.results if one.points), None)
    pictures = _line(first, test_days(paper.mission.id), width=80) if first else []
    others = [one for one in paper.results if one is not first]
    yield _part(
        _("The most important"),
        [standing_of(one) for one in first_rows(paper.results)],
        pictures=[*pictures, *first_rows(_bullets(others))],
    )
    if paper.reasons:
        yield _part(_("Why"), [brief(paper.reasons, "reasons")])
    if paper.review and paper.review.mean is not None:
        yield _part(_("What the reviewers came to"), [_reviewed(paper.review)])
    if paper.decision and paper.decided:
        yield _part(_("Decided"), _decided(paper, paper.decision, paper.decided))
    story = paper.story
    against = [brief(one, "against") for one in (story.speaks_against, story.rival_explanations)] if story else []
    differ = [
        _("The reviewers differ on “%(question)s” (%(values)s).", question=_words(one.question),
          values=", ".join(map(str, one.values)))
        + f" {brief(one.note, 'dissent')} {brief(one.dissent, 'dissent')}".rstrip()
        for one in first_rows(paper.dissents)
    ]  # fmt: skip
    differ.append(rest_of(paper.dissents))
    yield _part(
        _("What speaks against"),
        [one for one in (*against, *differ) if one] or [_("Nothing has been entered that speaks against.")],
    )
    if paper.review:
        yield _part(_("What the mission says"), _heard(paper))
    clashes = [
        f"{both(one.document.title_sv, one.document.title_en)}: {brief(one.reason, 'line')}"
        for one in first_rows(paper.clashes)
    ]
    clashes.append(rest_of(paper.clashes))
    yield _part(_("Clashes between goals"), clashes if paper.clashes else [_("None found.")])
    method = paper.standing.method
    waived = [
        (_words(one.criterion.label), _words(method.who(one.waiver.waived_as)), brief(one.waiver.reason, "line"))
        for one in paper.standing.criteria
        if one.waiver
    ]
    yield _part(_("Waivers on the way"), [rest_of(waived)] if waived else [_("None.")],
                [_("Requirement"), _("Decided by"), _("Reason")], first_rows(waived))  # fmt: skip
    unmet = [one for one in paper.standing.criteria if one.standing in (Standing.NOT_MET, Standing.STALE)]
    if unmet:
        labels = [_words(one.criterion.label) for one in first_rows(unmet)]
        yield _part(_("Requirements that do not stand"), [*labels, rest_of(unmet)])
    money = [(one.source, _kronor(one.promised_ore), _kronor(one.delivered_ore)) for one in paper.money]
    yield _part(_("Money and work"), [rest_of(money)] if money else [_("No promise has been given a value.")],
                [_("Source"), _("Promised"), _("Delivered")], first_rows(money))  # fmt: skip
    yield from _ways(paper)
    yield _part(_("Conflicts of interest"), _aside(paper))


def _ways(paper: DecisionPaper) -> Iterable[Part]:
    """What the chosen way starts, and what else may be decided."""
    follows = [_condition(one) for one in paper.conditions[:6]] + [_words(one) for one in paper.next]
    otherwise = _("The choice starts nothing by itself.") if paper.chosen else _("It depends on which way is chosen.")
    yield _part(_("What happens after the decision"), follows or [otherwise])
    yield _part(
        _("The other ways") if paper.chosen else _("The ways"),
        [_("All of them are proper results."), *(_words(way.said) for way in paper.ways)],
    )


def _heard(paper: DecisionPaper) -> list[str]:
    """What those whose case it is say about the reviews, until when they may, or why they are not heard."""
    said = [
        brief(one.answer, "heard")
        or _("The mission has been asked for its view and may reply until %(day)s.", day=_day(one.reply_by))
        for one in first_rows(paper.heard)
    ]
    if paper.unheard_because:
        said.append(_unheard(paper))
    return said or [_("The mission has not been heard on the reviews.")]


def _reviewed(review: PanelResult) -> str:
    """How many reviewed, what they came to on average, and the median on each question."""
    number = ngettext("One reviewer", "%(num)d reviewers", len(review.assessors))
    mean = _("The mean is %(mean)s of %(most)s", mean=_number(review.mean), most=review.rubric.scale[-1])
    medians = [
        f"{_words(one.criterion.label)}: {'–' if one.summary.median is None else _number(one.summary.median)}"
        for one in review.criteria
    ]
    return f"{number}. {mean}. {', '.join(medians)}."


def _decided(paper: DecisionPaper, decision: GateDecision, outcome: Outcome) -> list[str]:
    """What was decided, by whom and why, beside what was recommended."""
    method = paper.standing.method
    said = [f"{_words(outcome.label)}. {_words(method.who(decision.decided_as))}, {_day(decision.decided_on)}."]
    if decision.met_on:
        said.append(_("Meeting %(day)s.", day=_day(decision.met_on)))
        if decision.votes_for is not None:
            said.append(
                _("Votes: %(yes)s for, %(no)s against, %(none)s abstained.", yes=decision.votes_for,
                  no=decision.votes_against, none=decision.votes_abstained)
            )  # fmt: skip
    said = [" ".join(said), brief(decision.reasons, "decided")]
    if decision.differs_because:
        why = _("Why the decision differs from the recommendation")
        said.append(f"{why}: {brief(decision.differs_because, 'heard')}")
    return said


def _condition(one: DecisionCondition) -> str:
    due = f", {_day(one.due_on)}" if one.due_on else ""
    return f"{brief(one.text, 'line')} – {one.owner}{due}"


def _unheard(paper: DecisionPaper) -> str:
    return _("The secretariat recommends without hearing the mission:") + " " + brief(paper.unheard_because, "heard")


def _aside(paper: DecisionPaper) -> list[str]:
    reviewers = ngettext(
        "One reviewer stepped aside and has not seen the material.",
        "%(num)d reviewers stepped aside and have not seen the material.", paper.recused,
    )  # fmt: skip
    others = [_("Stepped aside because of a conflict of interest:") + " " + _words(one) for one in paper.stepped_aside]
    return [reviewers if paper.recused else _("No reviewer has reported or been found to have any."), *others]


def _kronor(ore: int) -> str:
    return f"{format_decimal(round(ore / 100), locale=current_locale())} kr"
