"""The declaration of interest: its questions and what the answers mean. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from missions_app.errors import Problem
from missions_app.i18n import N_
from missions_app.workflow.method_parts import Limits

YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = (NO, YES, UNSURE)
CLEAR, CONFLICTED = "clear", "conflicted"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `years` names the method's limit that fills in %(years)d, "" when there is none."""

    id: str
    text: str
    years: str = ""

    def params(self, limits: Limits) -> dict[str, int]:
        """The values of the question's text."""
        return {"years": getattr(limits, self.years)} if self.years else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with a note in words."""

    answer: str
    note: str = ""


QUESTIONS: tuple[Question, ...] = (
    Question(
        "employment",
        N_("Do you, or somebody close to you, work for or sit on the board of anyone who takes part?"),
    ),
    Question(
        "former_employment",
        N_("Have you worked for anyone who takes part during the last %(years)d years?"),
        "former_employer_years",
    ),
    Question("ownership", N_("Do you, or somebody close to you, own part of anyone who takes part?")),
    Question(
        "assignment",
        N_(
            "Have you had a paid assignment for, or shared funding with, anyone who takes part "
            "during the last %(years)d years?"
        ),
        "co_funding_years",
    ),
    Question(
        "joint_work",
        N_("Have you had a joint project or publication with anyone who takes part during the last %(years)d years?"),
        "joint_work_years",
    ),
    Question("closeness", N_("Are you close friends, or at odds, with anyone who takes part?")),
    Question("other", N_("Is there anything else that could make others doubt that you are impartial?")),
)


def problems(answers: Mapping[str, Answer]) -> list[Problem]:
    """What is missing: an answer, or the note that says what "yes" or "unsure" is about."""
    found = []
    for question in QUESTIONS:
        given = answers.get(question.id)
        if given is None or given.answer not in ANSWERS:
            found.append(Problem("answer_missing", N_("Answer yes, no or unsure."), question.id))
        elif given.answer != NO and not given.note.strip():
            found.append(Problem("note_missing", N_("Write in a few words what it is about."), f"{question.id}_note"))
    return found


def outcome(answers: Mapping[str, Answer]) -> str:
    """ "conflicted" if any answer is yes, else "unsure" if any is unsure, else "clear"."""
    given = {answer.answer for answer in answers.values()}
    return CONFLICTED if YES in given else UNSURE if UNSURE in given else CLEAR
