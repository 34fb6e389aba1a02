"""The short answer on an evaluation's first line."""

import pytest

from missions_app.evaluation.verdict import Outcome, Verdict, verdict

REACHED, HALFWAY, WORSE, UNKNOWN = Outcome(True, 1.0), Outcome(False, 0.5), Outcome(False, -0.1), Outcome(None, None)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([], Verdict.UNKNOWN),
        ([UNKNOWN], Verdict.UNKNOWN),
        ([REACHED], Verdict.REACHED),
        ([REACHED, UNKNOWN], Verdict.PARTLY),
        ([REACHED, HALFWAY], Verdict.PARTLY),
        ([HALFWAY, UNKNOWN], Verdict.ON_THE_WAY),
        ([HALFWAY, WORSE], Verdict.BOTH_WAYS),
        ([WORSE], Verdict.NO_CHANGE),
        ([Outcome(False, 0.0)], Verdict.NO_CHANGE),
        ([Outcome(False, None)], Verdict.NO_CHANGE),
    ],
)
def test_what_the_figures_say_together(outcomes: list[Outcome], said: Verdict) -> None:
    assert verdict(outcomes) is said
