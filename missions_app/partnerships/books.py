"""What a partnership has and lacks, read by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships.models import (
    Commitment,
    CommitmentState,
    FundingLine,
    Need,
    Partner,
    StateAidAssessment,
)
from missions_app.reading import once, together

LIVE = (CommitmentState.COMMITTED, CommitmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise in figures: who made it, of which kind, its value in öre, its state, and the need it covers."""

    partner_id: int
    kind: str
    value_ore: int
    state: CommitmentState
    need_id: int | None


@dataclass(frozen=True, slots=True)
class Books:
    """A partnership: partners in Swedish order, those who left included; open needs; every promise; who has been
    assessed for state aid, by partner; the living lines of its funding plan."""

    partners: Sequence[Partner]
    needs: Sequence[Need]
    promises: Sequence[Promise]
    assessed: frozenset[int]
    funding: Sequence[FundingLine]

    @property
    def covered(self) -> set[int]:
        """The ids of the needs that a living promise covers."""
        return {one.need_id for one in self.promises if one.need_id is not None and one.state in LIVE}


@once
def books_of(mission: Mission) -> Books:
    """The books of one partnership."""
    key = mission.id
    partners, needs, promises, assessed, funding = together(
        select(Partner, Organisation)
        .join(Partner.organisation)
        .where(Partner.mission_id == key)
        .order_by(Organisation.sort_key),
        select(Need).where(Need.mission_id == key, Need.withdrawn_at.is_(None)).order_by(Need.id),
        select(Commitment.partner_id, Commitment.kind, Commitment.value_ore, Commitment.state, Commitment.need_id)
        .join(Partner, Partner.id == Commitment.partner_id)
        .where(Partner.mission_id == key)
        .order_by(Commitment.id),
        select(StateAidAssessment.partner_id)
        .join(Partner, Partner.id == StateAidAssessment.partner_id)
        .where(Partner.mission_id == key),
        select(FundingLine)
        .where(FundingLine.mission_id == key, FundingLine.removed_at.is_(None))
        .order_by(FundingLine.id),
    )
    return Books(
        partners, needs, [Promise(*row) for row in promises], frozenset(row[0] for row in assessed), funding
    )  # fmt: skip
