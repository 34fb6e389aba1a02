"""Test reports: written in parts, handed in once, the same whatever the test gave."""

from dataclasses import dataclass, fields

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.audit import trail
from missions_app.documents import document_service
from missions_app.errors import Problem
from missions_app.evaluation.errors import Incomplete, NotBegun, ReportSubmitted
from missions_app.evaluation.models import TestReport
from missions_app.experiments import policy
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_
from missions_app.workflow.method_service import method_of

SUMMARY_WORDS = 150


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The report as written. threshold and outcome are the method's words; levels are 1 to 9."""

    summary: str = ""
    what_was_done: str = ""
    deviations: str = ""
    results: str = ""
    threshold: str = ""
    outcome: str = ""
    trl_end: int | None = None
    trl_evidence: str = ""
    srl_end: int | None = None
    srl_evidence: str = ""
    users_said: str = ""
    unexpected: str = ""
    data_location: str = ""
    recommendation: str = ""


NEEDED = ("summary", "what_was_done", "results", "threshold", "outcome")


def report_of(experiment: Experiment) -> TestReport | None:
    """The experiment's report, if one has been begun."""
    return db.session.scalars(select(TestReport).where(TestReport.experiment_id == experiment.id)).first()


def save_report(
    experiment: Experiment, content: ReportContent, *, by: Actor, expected_version: int | None
) -> TestReport:
    """Keep the report as it is; nothing is required yet.

    Args:
        expected_version: the version that was opened; None when no report had been begun.

    Raises:
        NotAllowed, NotBegun, ReportSubmitted, StaleVersion, Incomplete (wrong values).
    """
    permit(policy.can_report, by, experiment)
    with db.transaction() as session:
        _begun(experiment)
        report = report_of(experiment)
        if report is None:
            report = TestReport(experiment=experiment)
            session.add(report)
        else:
            db.expect_version(report, expected_version if expected_version is not None else 0)
        if report.submitted_at is not None:
            raise ReportSubmitted()
        problems = _wrong_values(experiment, content)
        if problems:
            raise Incomplete.of(problems)
        for field in fields(content):
            setattr(report, field.name, getattr(content, field.name))
        trail.record("report.saved", experiment, by=by)
        return report


def submit_report(experiment: Experiment, *, by: Actor, expected_version: int) -> TestReport:
    """Hand the report in: it is registered as a document signed by the one who answers for the experiment.

    Raises:
        NotAllowed, NotBegun, ReportSubmitted, Incomplete, StaleVersion.
    """
    permit(policy.can_report, by, experiment)
    with db.transaction():
        _begun(experiment)
        report = report_of(experiment)
        if report is None:
            raise Incomplete.of([Problem("missing", N_("Fill this in before you send."), name) for name in NEEDED])
        db.expect_version(report, expected_version)
        if report.submitted_at is not None:
            raise ReportSubmitted()
        missing = [name for name in NEEDED if not getattr(report, name)]
        if missing:
            raise Incomplete.of([Problem("missing", N_("Fill this in before you send."), name) for name in missing])
        report.submitted_at, report.submitted_by_id = clock.now(), by.user_id
        report.document = document_service.register_written(
            kind="test_report", title=experiment.title, journey=experiment.journey, text=_as_text(report),
            signed_by_user=by, by=by,
        )  # fmt: skip
        trail.record("report.submitted", experiment, by=by, threshold=report.threshold, outcome=report.outcome)
        return report


def _begun(experiment: Experiment) -> None:
    stage = method_of(experiment.journey.method_version).stage_of("experiment", experiment.journey.state)
    if stage.id != "test":
        raise NotBegun()


def _wrong_values(experiment: Experiment, content: ReportContent) -> list[Problem]:
    method = method_of(experiment.journey.method_version)
    problems = []
    for name, vocabulary in (("threshold", "threshold_outcome"), ("outcome", "test_outcome")):
        value = getattr(content, name)
        if value and method.find_term(vocabulary, value) is None:
            problems.append(Problem("unknown_choice", N_("Choose one of the alternatives."), name))
    for name in ("trl_end", "srl_end"):
        level = getattr(content, name)
        if level is not None and not 1 <= level <= 9:
            problems.append(Problem("not_a_level", N_("Choose a level from 1 to 9."), name))
    words = len(content.summary.split())
    if words > SUMMARY_WORDS:
        values = {"words": words, "most": SUMMARY_WORDS}
        problems.append(
            Problem("too_many_words", N_("The summary has %(words)d words; use at most %(most)d."), "summary", values)
        )
    return problems


def _as_text(report: TestReport) -> str:
    parts = (report.summary, report.what_was_done, report.deviations, report.results, report.users_said,
             report.unexpected, report.recommendation)  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip())
