"""Writing down what assessors agreed on after they had differed."""

from collections.abc import Sequence

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import permit
from missions_app.assessments import policy, queries, results
from missions_app.assessments.errors import NothingToAgree, ReasonNeeded, StillSealed
from missions_app.assessments.models import ConsensusNote, Panel
from missions_app.audit import trail
from missions_app.errors import NotAllowed
from missions_app.workflow.subjects import Subject


def write_consensus(
    panel: Panel, subject: Subject, *, text: str, by: Actor, dissent: str = "", criteria: Sequence[str] = ()
) -> ConsensusNote:
    """Keep what was agreed on the criteria that were too far apart, and who still sees it otherwise.

    The scores stay as they are. A newer note on the same criteria takes the older one's place.

    Args:
        criteria: which ones it is about; all that are apart when empty.

    Raises:
        StillSealed, NothingToAgree, ReasonNeeded.
    """
    permit(policy.can_write_consensus, by, panel)
    if by.user_id is None:
        raise NotAllowed()
    if not text.strip():
        raise ReasonNeeded(field="text")
    with db.transaction() as session:
        if not queries.is_complete(panel):
            raise StillSealed()
        apart = [one.criterion.id for one in results.result_of(panel, with_names=False).criteria if one.is_apart]
        about = [one for one in apart if one in criteria] if criteria else apart
        if not about:
            raise NothingToAgree()
        for older in queries.consensus_notes(panel):
            if set(older.criteria) <= set(about):
                older.superseded_at = clock.now()
        note = ConsensusNote(
            panel=panel, criteria=about, text=text.strip(), dissent=dissent.strip(), written_at=clock.now(),
            written_by_id=by.user_id,
        )  # fmt: skip
        session.add(note)
        session.flush()
        trail.record("consensus.written", note, by=by, journey=subject.journey.id, criteria=about)
        return note
