"""Reading the versions of the method, drafts of it, proposals to change it, and which cases were moved."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from missions_app import db
from missions_app.errors import NotFound
from missions_app.workflow.method_models import MethodMigration, MethodProposal, ProposalState
from missions_app.workflow.models import Journey, MethodStatus, MethodVersion


def settled_versions() -> Sequence[MethodVersion]:
    """Versions that are or were adopted, newest first."""
    return db.session.scalars(
        select(MethodVersion)
        .where(MethodVersion.status != MethodStatus.DRAFT)
        .order_by(MethodVersion.number.desc(), MethodVersion.id.desc())
    ).all()


def get_settled(number: int) -> MethodVersion:
    """A version that is or was adopted, or NotFound."""
    found = get_version(number)
    if found.status is MethodStatus.DRAFT:
        raise NotFound()
    return found


def get_version(number: int) -> MethodVersion:
    """A version by its number, drafts included, or NotFound."""
    found = db.session.scalars(
        select(MethodVersion).where(MethodVersion.number == number).order_by(MethodVersion.id.desc())
    ).first()
    if found is None:
        raise NotFound()
    return found


def drafts() -> Sequence[MethodVersion]:
    """Drafts, newest first."""
    return db.session.scalars(
        select(MethodVersion)
        .where(MethodVersion.status == MethodStatus.DRAFT)
        .options(joinedload(MethodVersion.based_on))
        .order_by(MethodVersion.number.desc())
    ).all()


def get_draft(number: int) -> MethodVersion:
    """A draft by its number, or NotFound."""
    found = get_version(number)
    if found.status is not MethodStatus.DRAFT:
        raise NotFound()
    return found


def highest_number(key: str) -> int:
    """The highest number that a version of this method has; 0 when there is none."""
    return db.session.scalar(select(func.max(MethodVersion.number)).where(MethodVersion.key == key)) or 0


def proposals(state: ProposalState | None = None) -> Sequence[MethodProposal]:
    """Proposals to change the method, newest first; only those in one state when it is named."""
    query = select(MethodProposal).options(joinedload(MethodProposal.method_version)).order_by(MethodProposal.id.desc())
    return db.session.scalars(query.where(MethodProposal.state == state) if state else query).all()


def get_proposal(proposal_id: int) -> MethodProposal:
    """A proposal, or NotFound."""
    found = db.session.get(MethodProposal, proposal_id)
    if found is None:
        raise NotFound()
    return found


def migrations_of(version: MethodVersion) -> Sequence[MethodMigration]:
    """The cases that were asked whether they move to a version, newest first."""
    return db.session.scalars(
        select(MethodMigration)
        .where(MethodMigration.to_version_id == version.id)
        .options(joinedload(MethodMigration.journey), joinedload(MethodMigration.from_version))
        .order_by(MethodMigration.id.desc())
    ).all()


def find_choice(journey: Journey, version: MethodVersion) -> MethodMigration | None:
    """What was chosen last for a case about a version, if anything was."""
    return db.session.scalars(
        select(MethodMigration)
        .where(MethodMigration.journey_id == journey.id, MethodMigration.to_version_id == version.id)
        .order_by(MethodMigration.id.desc())
    ).first()


def journeys_pinned(*, to: MethodVersion | None = None, other_than: MethodVersion | None = None) -> Sequence[Journey]:
    """Journeys under a version, or under any other than it, oldest first; ended ones included."""
    query = select(Journey).options(joinedload(Journey.method_version)).order_by(Journey.id)
    if to is not None:
        query = query.where(Journey.method_version_id == to.id)
    if other_than is not None:
        query = query.where(Journey.method_version_id != other_than.id)
    return db.session.scalars(query).all()
