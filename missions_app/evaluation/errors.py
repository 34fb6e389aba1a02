"""Why results are refused."""

from missions_app.errors import Conflict, InvalidInput, NotAllowed


class NotBegun(Conflict):
    """Results are filed once the gate before the test has been passed."""

    code = "test_not_begun"
    message = "The test has not begun. Results can be filed when the checkpoint before the test is passed."


class BaselineMissing(Conflict):
    """A result means nothing without a baseline from before the test."""

    code = "baseline_missing"
    message = "The indicator has no baseline yet. Enter the baseline measured before the test first."


class OwnMeasurement(NotAllowed):
    """Nobody approves a measurement of their own."""

    code = "own_measurement"
    message = "You submitted this measurement. Ask a colleague to approve it."


class CorrectionWaits(Conflict):
    """A value has one correction at a time, or two would come to count."""

    code = "correction_waits"
    message = "A correction of this value waits for approval. Open that one if it needs to be corrected too."


class AlreadySettled(Conflict):
    """The measurement is no longer waiting."""

    code = "already_settled"
    message = "This measurement has already been settled."


class ReportSubmitted(Conflict):
    """A submitted report is fixed."""

    code = "report_submitted"
    message = "The report has been handed in and can no longer be changed."


class Incomplete(InvalidInput):
    """Something that must be there is missing; everything is listed."""

    code = "incomplete"
    message = "Something is missing."


class NotInPartnership(NotAllowed):
    """Only organisations with that role in the partnership may state something in it."""

    code = "not_in_partnership"
    message = "Only an organisation with this role in the partnership may state this."


class NotEvaluating(Conflict):
    """The mission is not being evaluated."""

    code = "not_evaluating"
    message = "This is written while the mission is tested or evaluated."


class ValuesFiled(Conflict):
    """Values are held against the indicator as it was."""

    code = "values_filed"
    message = (
        "Values of this indicator have been handed in. What is measured, its unit, direction, baseline and division "
        "stay as they are."
    )
