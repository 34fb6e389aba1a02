"""Why an experiment is refused."""

from missions_app.errors import Conflict, InvalidInput


class MissionNotReady(Conflict):
    """Experiments are planned while the partnership forms or the mission tests."""

    code = "mission_not_ready"
    message = "The mission is in the state %(state)s. Experiments are planned while it forms its partnership or tests."


class PlanLocked(Conflict):
    """The plan is fixed once the test has begun."""

    code = "plan_locked"
    message = "The plan is fixed since the test began. Ask for it to be planned again if it has to change."


class NotAPartner(InvalidInput):
    """Only organisations in the partnership run experiments."""

    code = "not_a_partner"
    message = "Choose one of the mission's partners."


class PeriodReversed(InvalidInput):
    """The planned period ends before it begins."""

    code = "period_reversed"
    message = "The last day comes before the first. Choose a later last day."


class TestNotBegun(Conflict):
    """The log is of the test."""

    __test__ = False  # the name begins with "Test", but pytest has nothing to collect here
    code = "test_not_begun"
    message = "The test has not begun. Results can be filed when the checkpoint before the test is passed."
