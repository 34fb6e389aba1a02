"""Reading challenges, their revisions, submissions and points."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor, Scope, challenge_scope, organisation_scope
from missions_app.accounts.models import Grant, User
from missions_app.accounts.policy import is_secretariat
from missions_app.accounts.queries import users_with
from missions_app.challenges import policy
from missions_app.challenges.models import (
    Challenge,
    Invitation,
    ReturnPoint,
    Revision,
    Submission,
)
from missions_app.errors import NotFound
from missions_app.search.models import SearchEntry
from missions_app.search.queries import alike, entries_matching
from missions_app.workflow.method import Method
from missions_app.workflow.method_service import method_of
from missions_app.workflow.models import Journey, MethodVersion

KIND = "challenge"


@dataclass(frozen=True, slots=True)
class Similar:
    """A challenge that is about much the same, and the words that both have."""

    challenge: Challenge
    shared: Sequence[str]


def get_challenge(reference: str) -> Challenge:
    """The challenge with this reference, its journey, method and owner loaded, or NotFound."""
    challenge = db.session.scalars(whole().where(Challenge.reference == reference.upper())).first()
    if challenge is None:
        raise NotFound()
    return challenge


def get_readable(reference: str, actor: Actor) -> Challenge:
    """The challenge, or NotFound also when the reader may not know that it exists."""
    challenge = get_challenge(reference)
    if not actor.is_system and not policy.can_read(actor, challenge):
        raise NotFound()
    return challenge


def find_readable(reference: str, actor: Actor) -> Challenge | None:
    """The challenge, or None when there is none that the reader may know of."""
    challenge = db.session.scalars(whole().where(Challenge.reference == reference.upper())).first()
    return challenge if challenge is not None and policy.can_read(actor, challenge) else None


def challenge_of(journey: Journey) -> Challenge:
    """The challenge that travels a journey."""
    return db.session.scalars(whole().where(Challenge.journey_id == journey.id)).one()


def challenges_of_journeys(journey_ids: Collection[int]) -> Sequence[Challenge]:
    """The challenges that travel some journeys."""
    return db.session.scalars(whole().where(Challenge.journey_id.in_(journey_ids))).all()


def whole() -> Select[Challenge]:
    """Challenges with their journey, method and owner loaded."""
    return select(Challenge).options(
        joinedload(Challenge.journey).joinedload(Journey.method_version), joinedload(Challenge.organisation)
    )


def sent_in_by(organisation_ids: Collection[int]) -> Sequence[Challenge]:
    """What these organisations have sent in, the first first."""
    return (
        db.session.scalars(
            whole()
            .where(Challenge.organisation_id.in_(organisation_ids), Challenge.submitted_at.is_not(None))
            .order_by(Challenge.submitted_at)
        )
        .unique()
        .all()
    )


def challenges_for(
    actor: Actor, *, theme: str = "", state: str = "", municipality: str = "", text: str = "", mine: bool = False
) -> Select[Challenge]:
    """The challenges the reader may know of, newest first, narrowed by what was asked for.

    Args:
        state: a state of the method. municipality: a key. text: words to search for.
        mine: only those of the reader's own organisations, or that the reader writes or assesses.
    """
    query = whole().join(Challenge.journey).where(visible_to(actor)).order_by(Challenge.id.desc())
    if theme:
        query = query.where(Challenge.theme == theme)
    if state:
        query = query.where(Journey.state == state)
    if municipality:
        query = query.where(sa.cast(Challenge.municipalities, sa.String).contains(f'"{municipality}"', autoescape=True))
    if text.strip():
        found = entries_matching(text, actor, kinds=(KIND,)).order_by(None).with_only_columns(SearchEntry.subject_id)
        query = query.where(Challenge.id.in_(found))
    return query.where(_own(actor)) if mine else query


def similar_to(text: str, actor: Actor, *, besides: Challenge | None = None, most: int = 5) -> list[Similar]:
    """Challenges the reader may know of that are about much the same as a text, most alike first."""
    found = alike(text, actor, kind=KIND, besides=besides.id if besides else None, most=most)
    ids = [one.entry.subject_id for one in found]
    rows = {one.id: one for one in db.session.scalars(whole().join(Challenge.journey).where(
        Challenge.id.in_(ids), visible_to(actor)))}  # fmt: skip
    return [Similar(rows[one.entry.subject_id], one.shared) for one in found if one.entry.subject_id in rows]


def examples_of(theme: str, actor: Actor, *, besides: Challenge, most: int = 2) -> Sequence[Challenge]:
    """Submitted challenges of the same theme with a target in words, newest first: how others have put it."""
    if not theme:
        return []
    return db.session.scalars(
        challenges_for(actor, theme=theme)
        .where(Challenge.id != besides.id, Challenge.submitted_at.is_not(None), Challenge.target_statement != "")
        .limit(most)
    ).all()


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Challenges (joined with their journeys) that the reader may know of."""
    if is_secretariat(actor):
        return sa.true()
    return or_(and_(Challenge.submitted_at.is_not(None), _state_is_public()), _own(actor))


def _own(actor: Actor) -> ColumnElement[bool]:
    ids = {int(scope.id) for _role, scope in actor.grants if scope.kind == KIND}
    organisations = actor.organisations()
    if not ids and not organisations:
        return false()
    return or_(Challenge.id.in_(ids), Challenge.organisation_id.in_(organisations))


def _state_is_public() -> ColumnElement[bool]:
    versions = db.session.scalars(select(MethodVersion)).all()
    return or_(
        false(),
        *(
            and_(
                Journey.method_version_id == version.id,
                Journey.state.in_([one.id for one in method_of(version).journey(KIND).state if one.public]),
            )
            for version in versions
        ),
    )


def counts_by_state(actor: Actor) -> dict[str, int]:
    """State id -> how many challenges the reader may know of are in it."""
    rows = db.session.execute(
        select(Journey.state, func.count())
        .select_from(Challenge)
        .join(Challenge.journey)
        .where(visible_to(actor))
        .group_by(Journey.state)
    )
    return {key: number for key, number in rows}


def in_states(states: Sequence[str]) -> Select[Challenge]:
    """Challenges in some states, those that have waited longest first. For the secretariat's queue."""
    return whole().join(Challenge.journey).where(Journey.state.in_(states)).order_by(Journey.entered_at, Challenge.id)


def revisions_of(challenge: Challenge) -> Select[Revision]:
    """Every revision, newest first."""
    return (
        select(Revision)
        .where(Revision.challenge_id == challenge.id)
        .options(joinedload(Revision.saved_by))
        .order_by(Revision.number.desc())
    )


def latest_revision(challenge: Challenge) -> Revision:
    """The newest revision; there always is one."""
    return db.session.scalars(revisions_of(challenge).limit(1)).one()


def revision_of(challenge: Challenge, number: int) -> Revision:
    """A revision by its number, or NotFound."""
    revision = db.session.scalars(revisions_of(challenge).where(Revision.number == number)).first()
    if revision is None:
        raise NotFound()
    return revision


def revision_seen(challenge: Challenge, version: int) -> Revision:
    """The content that a writer saw who opened the challenge at this version of it."""
    seen = db.session.scalars(revisions_of(challenge).where(Revision.challenge_version <= version).limit(1)).first()
    return seen or db.session.scalars(revisions_of(challenge).order_by(None).order_by(Revision.number).limit(1)).one()


def submissions_of(challenge: Challenge) -> Sequence[Submission]:
    """Every time it was sent in, newest first."""
    return db.session.scalars(
        select(Submission)
        .where(Submission.challenge_id == challenge.id)
        .options(joinedload(Submission.document))
        .order_by(Submission.id.desc())
    ).all()


def points_of(challenge: Challenge) -> Sequence[ReturnPoint]:
    """What the secretariat asked to have mended and nobody has settled yet."""
    return db.session.scalars(
        select(ReturnPoint)
        .where(ReturnPoint.challenge_id == challenge.id, ReturnPoint.settled_at.is_(None))
        .order_by(ReturnPoint.id)
    ).all()


def writers_of(challenge: Challenge) -> list[User]:
    """The people invited to write it, and the one who began it."""
    return _holders(challenge, policy.WRITER)


def _holders(challenge: Challenge, role: str) -> list[User]:
    scope: Scope = challenge_scope(challenge.id)
    today = clock.today()
    return list(
        db.session.scalars(
            select(User)
            .where(
                exists().where(
                    Grant.user_id == User.id, Grant.role == role, Grant.scope_kind == scope.kind,
                    Grant.scope_id == scope.id, Grant.revoked_at.is_(None), Grant.valid_from <= today,
                    or_(Grant.valid_until.is_(None), Grant.valid_until >= today),
                )
            )
            .order_by(User.name, User.id)
        )
    )  # fmt: skip


def writer_grant(challenge: Challenge, user_id: int) -> Grant | None:
    """The right by which somebody writes along, if it still holds."""
    scope = challenge_scope(challenge.id)
    return db.session.scalars(
        select(Grant).where(
            Grant.user_id == user_id, Grant.role == policy.WRITER, Grant.scope_kind == scope.kind,
            Grant.scope_id == scope.id, Grant.revoked_at.is_(None),
        )
    ).first()  # fmt: skip


def open_invitations(challenge: Challenge) -> Sequence[Invitation]:
    """Invitations nobody has answered yet."""
    return db.session.scalars(_open_invitations().where(Invitation.challenge_id == challenge.id)).all()


def invitations_to(email: str) -> Sequence[Invitation]:
    """Open invitations to one address."""
    return db.session.scalars(_open_invitations().where(Invitation.email == email.strip().lower())).all()


def invitations_for(actor: Actor) -> Sequence[Invitation]:
    """Open invitations to the actor's own address."""
    email = db.session.scalar(select(User.email).where(User.id == actor.user_id))
    return invitations_to(email) if email else []


def _open_invitations() -> Select[Invitation]:
    return (
        select(Invitation)
        .where(
            Invitation.answered_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_on >= clock.today()
        )
        .options(joinedload(Invitation.challenge))
        .order_by(Invitation.id)
    )


def people_of(challenge: Challenge) -> list[User]:
    """Who is told about a challenge: its writers, and the representatives of its owner."""
    representatives = users_with(policy.REPRESENTATIVE, organisation_scope(challenge.organisation_id))
    return list({user.id: user for user in [*writers_of(challenge), *representatives]}.values())


def reply_days(method: Method) -> int:
    """Within how many days whoever sends in a challenge has an answer; 0 when the method promises none."""
    gates = method.gates_of(KIND)
    return gates[0].reply_days if gates else 0


def answer_due(challenge: Challenge) -> date | None:
    """When the secretariat's answer is due; None while it is not waiting for one."""
    days = reply_days(policy.method_for(challenge))
    if not days or policy.state_of(challenge).kind != "waiting":
        return None
    return clock.day_of(challenge.journey.entered_at) + timedelta(days=days)
