"""The thread of a case: its history in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from missions_app import clock
from missions_app.audit import queries as audit
from missions_app.audit.models import AuditEvent
from missions_app.i18n import N_, _

# action -> what it is called in the thread; actions not named here stay in the register only.
WORDS: dict[str, str] = {
    "challenge.started": N_("The challenge was begun"),
    "challenge.submit": N_("The challenge was sent in"),
    "challenge.accept": N_("The challenge was taken up for assessment"),
    "challenge.return": N_("The challenge was sent back for completion"),
    "challenge.g1.approve": N_("Decision: the challenge is adopted"),
    "challenge.g1.return": N_("Decision: the challenge is returned"),
    "challenge.g1.reject": N_("Decision: the challenge is not adopted"),
    "mission.created": N_("The mission was created"),
    "mission.coordinator_appointed": N_("A coordinator was appointed"),
    "mission.coordination_offered": N_("An organisation was asked to coordinate"),
    "mission.coordination_accepted": N_("An organisation took over the coordination"),
    "mission.coordinator_lost": N_("The coordinating organisation left"),
    "partner.invited": N_("An organisation was invited"),
    "partner.interested": N_("An organisation showed interest"),
    "partner.committed": N_("An organisation joined"),
    "partner.left": N_("An organisation left"),
    "commitment.made": N_("A promise was made"),
    "agreement.signed": N_("An agreement was signed"),
    "mission.g2.approve": N_("Decision: the partnership is ready"),
    "experiment.planned": N_("An experiment was planned"),
    "experiment.g3.approve": N_("Decision: ready for test"),
    "experiment.g3.approve_with_conditions": N_("Decision: ready for test on conditions"),
    "measurement.submitted": N_("A measurement was handed in"),
    "measurement.approved": N_("A measurement was approved"),
    "report.submitted": N_("A test report was handed in"),
    "experiment.g4.approve": N_("Decision: the test is completed"),
    "experiment.cancel": N_("The experiment was cancelled"),
    "mission.open_evaluation": N_("The evaluation was opened"),
    "barrier.found": N_("A barrier was found"),
    "lesson.added": N_("A lesson was noted"),
    "statement.made": N_("A party stated its view of the outcome"),
    "mission.g5.scale_up": N_("Decision: scale up"),
    "mission.g5.iterate": N_("Decision: iterate with changes"),
    "mission.g5.pivot": N_("Decision: change track"),
    "mission.g5.stop": N_("Decision: stop"),
    "mission.g5.pause": N_("Decision: pause"),
    "mission.closing_report_published": N_("The closing report was published"),
    "mission.g6.close": N_("Decision: the mission is closed"),
    "mission.withdraw": N_("The mission was withdrawn"),
    "criterion.waived": N_("A requirement was set aside"),
    "criterion.turned_stale": N_("A requirement turned out of date"),
}


# How every decision is told.
DECISION = "Decision"
# Far more than any case has of what is told here.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """Something that happened, in words: when, the msgid, how many times that day, whether it is a decision or about a
    measurement, and the kind and reference of the case it belongs to."""

    at: datetime
    sentence: str
    is_decision: bool
    kind: str
    reference: str
    is_measurement: bool = False
    times: int = 1


# What has happened at one checkpoint, for its own page.
AT_GATE: dict[str, str] = {
    "gate.requested": N_("A decision was asked for"),
    "gate.recommended": N_("A recommendation was written"),
    "consultation.asked": N_("A group was asked for its view"),
    "consultation.answered": N_("A group gave its view"),
    "gate.corrected": N_("The decision was corrected by a new one"),
    "gate.published": N_("The decision was published"),
    "gate.stepped_aside": N_("Somebody stepped aside because of a conflict of interest"),
    "gate.came_back": N_("Somebody who had stepped aside came back"),
    "condition.done": N_("A condition was fulfilled"),
    "criterion.attested": N_("Somebody vouched for a requirement"),
    "criterion.waived": N_("A requirement was set aside"),
    "criterion.waiver_revoked": N_("A waiver was taken back"),
    "criterion.turned_stale": N_("A requirement turned out of date"),
    "criterion.stands_again": N_("A requirement stands again"),
    "criterion.looked_afresh": N_("Somebody looked anew at a requirement"),
}


def gate_history(subject: Any, gate_id: str) -> list[tuple[datetime, str, str]]:
    """(when, the msgid, the criterion or "") of what has happened at one gate, newest first. What belongs to another
    gate is left out; nothing here tells of a decision that is kept back."""
    found = []
    for event in audit.history_of([subject], LONGEST, AT_GATE):
        criterion = str(event.data.get("criterion") or "")
        gate = event.data.get("gate") or criterion.partition(".")[0]
        if gate in ("", gate_id):
            found.append((event.at, AT_GATE[event.action], criterion))
    return found


def thread_for(subjects: Iterable[Any]) -> list[ThreadRow]:
    """What has happened in some cases, newest first, from the first draft to the last decision."""
    return thread_of(audit.history_of(subjects, LONGEST, WORDS))


def decisions_in(rows: Iterable[ThreadRow]) -> list[tuple[date, str]]:
    """(day, what was decided and of which case, in the reader's language) for every decision told."""
    return [(clock.day_of(one.at), f"{_(one.sentence)} ({one.reference})") for one in rows if one.is_decision]


def thread_of(events: Iterable[AuditEvent]) -> list[ThreadRow]:
    """The events that a reader follows, in the given order; the same thing several times in a day is one row."""
    rows: dict[tuple[object, ...], ThreadRow] = {}
    for one in events:
        if one.action in WORDS:
            row = _row(one)
            known = rows.get(_same(row))
            rows[_same(row)] = replace(known, times=known.times + 1) if known else row
    return list(rows.values())


def _row(event: AuditEvent) -> ThreadRow:
    sentence = WORDS[event.action]
    return ThreadRow(
        event.at, sentence, sentence.startswith(DECISION), event.subject_kind, event.subject_label,
        event.action.startswith("measurement."),
    )  # fmt: skip


def _same(row: ThreadRow) -> tuple[object, ...]:
    return (clock.day_of(row.at), row.sentence, row.reference)
