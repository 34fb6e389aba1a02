"""Follow-up reports of the example: one published, one not yet."""

from datetime import date, timedelta

from missions_app import clock
from missions_app.cli.examples.acts import OFFICER, at
from missions_app.cli.examples.people import Cast
from missions_app.portfolio import report_service

SUMMARY = (
    "Två missioner är avslutade och tre har gått vidare till test. De flesta testrapporter har kommit i tid, också "
    "de där hypotesen inte stämde. Exempeltext."
)
RISKS = "Platserna till sjöss är fullbokade från april. Ett tillstånd avgör när två försök kan börja. Exempeltext."


def load_reports(cast: Cast) -> None:
    """The half-year before last is reported and published; the latest quarter is frozen and waits for its words."""
    today = clock.today()
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    before = _months_earlier(quarter, 3)
    by = cast.actor(OFFICER)
    with clock.fixed(at(before + timedelta(days=12), 9)):
        report = report_service.make_report(
            title="Uppföljning till regionala utvecklingsnämnden", starts_on=_months_earlier(before, 6),
            ends_on=before - timedelta(days=1), by=by,
        )  # fmt: skip
        report_service.word_report(report, summary=SUMMARY, risks=RISKS, by=by, expected_version=report.version)
        report_service.publish_report(report, by=by, expected_version=report.version)
    with clock.fixed(at(min(quarter + timedelta(days=10), today), 9)):
        if quarter < today:
            report_service.make_report(
                title="Kvartalet som gick", starts_on=before, ends_on=quarter - timedelta(days=1), by=by
            )


def _months_earlier(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
