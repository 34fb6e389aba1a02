"""Reading partnerships."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from missions_app import clock, db
from missions_app.accounts.actor import Actor
from missions_app.documents.document_service import is_expired, organisation_party
from missions_app.documents.facts import valid_signers
from missions_app.documents.models import Document, DocumentState, Visibility
from missions_app.errors import NotFound
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships.books import LIVE, books_of
from missions_app.partnerships.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Commitment,
    CommitmentState,
    FundingLine,
    HoursLog,
    Invitation,
    Need,
    Partner,
    PartnerState,
    StateAidAssessment,
)
from missions_app.partnerships.rules import Hours, Line


def partners_of(mission: Mission) -> Sequence[Partner]:
    """Everyone in a partnership, those who left included, in Swedish order."""
    return books_of(mission).partners


def find_partner(mission: Mission, organisation: Organisation) -> Partner | None:
    """The organisation's place in the partnership, if it has one."""
    return db.session.scalars(
        select(Partner).where(Partner.mission_id == mission.id, Partner.organisation_id == organisation.id)
    ).first()


def get_partner(mission: Mission, partner_id: int) -> Partner:
    """A partner of this mission, or NotFound."""
    found = db.session.get(Partner, partner_id)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def roles_of(mission: Mission, organisation: Organisation) -> tuple[str, ...]:
    """The roles a committed organisation holds in a partnership; () when it has none."""
    partner = find_partner(mission, organisation)
    return tuple(partner.roles) if partner and partner.state is PartnerState.COMMITTED else ()


def needs_of(mission: Mission) -> Sequence[Need]:
    """A mission's open needs, in the order they were entered."""
    return books_of(mission).needs


def get_need(mission: Mission, need_id: int) -> Need:
    """A need of this mission, or NotFound."""
    found = db.session.get(Need, need_id)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def open_needs() -> Select[Need]:
    """Needs of missions that no living promise covers, newest first, for a paged list."""
    covered = select(Commitment.need_id).where(Commitment.need_id.is_not(None), Commitment.state.in_(LIVE))
    return (
        select(Need)
        .where(Need.withdrawn_at.is_(None), Need.id.not_in(covered))
        .options(joinedload(Need.mission))
        .order_by(Need.id.desc())
    )


def covered_needs(mission: Mission) -> set[int]:
    """The ids of the needs that a living promise covers."""
    return books_of(mission).covered


def commitments_of(mission: Mission) -> Sequence[Commitment]:
    """Every promise in a partnership, oldest first."""
    return db.session.scalars(
        select(Commitment)
        .join(Partner, Partner.id == Commitment.partner_id)
        .where(Partner.mission_id == mission.id)
        .options(
            joinedload(Commitment.partner).joinedload(Partner.organisation),
            joinedload(Commitment.need),
            selectinload(Commitment.deliveries),
        )
        .order_by(Commitment.id)
    ).all()


def hours_promised() -> list[Hours]:
    """Every living promise of hours, for the check that the same hours are not promised twice. Words that are claimed
    as secret are left out."""
    rows = db.session.execute(
        select(
            Commitment.id, Partner.mission_id, Organisation.group_id, Organisation.id, Commitment.quantity,
            Commitment.text, Commitment.visibility, Commitment.period_from, Commitment.period_until,
        )
        .join(Partner, Partner.id == Commitment.partner_id)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(
            Commitment.kind == "hours", Commitment.state == CommitmentState.COMMITTED, Commitment.quantity.is_not(None)
        )
    )  # fmt: skip
    return [
        Hours(key, mission, group or organisation, quantity or 0.0,
              "" if visibility is Visibility.CLAIMED_SECRET else text, first, last)
        for key, mission, group, organisation, quantity, text, visibility, first, last in rows
    ]  # fmt: skip


def hours_of(partner: Partner) -> Sequence[HoursLog]:
    """The hours a partner has logged, newest first."""
    return db.session.scalars(
        select(HoursLog)
        .where(HoursLog.partner_id == partner.id)
        .order_by(HoursLog.worked_on.desc(), HoursLog.id.desc())
    ).all()


def get_commitment(mission: Mission, commitment_id: int) -> Commitment:
    """A promise in this partnership, or NotFound."""
    found = db.session.get(Commitment, commitment_id)
    if found is None or found.partner.mission_id != mission.id:
        raise NotFound()
    return found


def state_aid_of(mission: Mission) -> Sequence[StateAidAssessment]:
    """The state-aid assessments of a partnership, newest last."""
    return db.session.scalars(
        select(StateAidAssessment)
        .join(Partner, Partner.id == StateAidAssessment.partner_id)
        .where(Partner.mission_id == mission.id)
        .options(joinedload(StateAidAssessment.partner))
        .order_by(StateAidAssessment.id)
    ).all()


def funding_of(mission: Mission) -> Sequence[FundingLine]:
    """The lines of a mission's funding plan."""
    return books_of(mission).funding


def funding_ever_of(mission: Mission) -> Sequence[FundingLine]:
    """Every line that a mission's funding plan has held, those taken out too, in the order they were entered."""
    return db.session.scalars(
        select(FundingLine).where(FundingLine.mission_id == mission.id).order_by(FundingLine.id)
    ).all()


def all_funding() -> list[Line]:
    """Every living funding line of every mission, for the check of double funding."""
    rows = db.session.execute(
        select(
            FundingLine.id,
            FundingLine.mission_id,
            FundingLine.source,
            FundingLine.cost,
            FundingLine.amount_ore,
            Mission.reference,
        )
        .join(Mission)
        .where(FundingLine.removed_at.is_(None))
    )
    return [Line(*row) for row in rows]


_WHOLE = (
    selectinload(Agreement.versions).joinedload(AgreementVersion.document).selectinload(Document.signatures),
    selectinload(Agreement.parties).joinedload(AgreementParty.organisation),
)


def agreements_of(mission: Mission) -> Sequence[Agreement]:
    """A mission's agreements, those of its experiments and those that ended included, newest first."""
    return db.session.scalars(
        select(Agreement).where(Agreement.mission_id == mission.id).options(*_WHOLE).order_by(Agreement.id.desc())
    ).all()


def get_agreement(mission: Mission, agreement_id: int) -> Agreement:
    """An agreement of this mission, or NotFound."""
    found = db.session.get(Agreement, agreement_id)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def find_intent(mission: Mission, organisation: Organisation) -> Agreement | None:
    """The organisation's running letter of intent in a mission, if there is one."""
    return db.session.scalars(
        select(Agreement)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(
            Agreement.mission_id == mission.id,
            Agreement.kind == "intent",
            Agreement.terminated_at.is_(None),
            AgreementParty.organisation_id == organisation.id,
        )
    ).first()


def signed_by(agreement: Agreement) -> set[int]:
    """The ids of the parties whose signatures hold for the newest version."""
    signers = set(valid_signers(agreement.document))
    return {one.organisation_id for one in agreement.parties if organisation_party(one.organisation_id) in signers}


def is_held(agreement: Agreement) -> bool:
    """Whether every party has signed the newest version, and it has neither been ended nor run out."""
    if agreement.document.state is not DocumentState.VALID or is_expired(agreement.document):
        return False
    return {one.organisation_id for one in agreement.parties} == signed_by(agreement)


def to_sign(organisation_ids: Collection[int]) -> list[tuple[Agreement, Organisation]]:
    """The running agreements that wait for a signature of one of these organisations, oldest first."""
    waiting = _unsigned(AgreementParty.organisation_id.in_(organisation_ids))
    return [(one, party) for one, party in waiting if party.id in organisation_ids]


def unsigned(mission_ids: Collection[int]) -> list[tuple[Agreement, Organisation]]:
    """The running agreements of some missions, oldest first, each with a party who has not signed."""
    return _unsigned(Agreement.mission_id.in_(mission_ids))


def _unsigned(which: ColumnElement[bool]) -> list[tuple[Agreement, Organisation]]:
    found = db.session.scalars(
        select(Agreement)
        .join(AgreementParty, AgreementParty.agreement_id == Agreement.id)
        .where(which, Agreement.terminated_at.is_(None))
        .options(*_WHOLE, joinedload(Agreement.mission))
        .order_by(Agreement.id)
    ).unique()
    return [
        (one, party.organisation)
        for one in found
        if one.document.state is DocumentState.VALID and not is_expired(one.document)
        for party in one.parties
        if party.organisation_id not in signed_by(one)
    ]


def ending_agreements(first: date, last: date) -> Sequence[Agreement]:
    """Running agreements one of whose versions ends on one of these days, oldest first."""
    versions = (
        select(AgreementVersion.agreement_id)
        .join(Document, Document.id == AgreementVersion.document_id)
        .where(Document.valid_until.between(first, last), Document.state == DocumentState.VALID)
    )
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.id.in_(versions), Agreement.terminated_at.is_(None))
        .options(*_WHOLE, joinedload(Agreement.mission))
        .order_by(Agreement.id)
    ).all()


def invitations_of(mission: Mission) -> Sequence[Invitation]:
    """The open invitations to addresses of a mission, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.mission_id == mission.id, Invitation.answered_at.is_(None), Invitation.cancelled_at.is_(None))
        .order_by(Invitation.id.desc())
    ).all()


def get_invitation(invitation_id: int) -> Invitation:
    """The invitation, or NotFound."""
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise NotFound()
    return found


def invitations_for(email: str) -> Sequence[Invitation]:
    """The unanswered invitations to an address that are still open today, oldest first."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.email == email,
            Invitation.answered_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_on >= clock.today(),
        )
        .options(joinedload(Invitation.mission))
        .order_by(Invitation.id)
    ).all()


def takes_part_elsewhere(organisation: Organisation, mission: Mission) -> bool:
    """Whether an organisation takes or took part in another mission."""
    row = select(Partner.id).where(
        Partner.organisation_id == organisation.id,
        Partner.mission_id != mission.id,
        Partner.state.in_((PartnerState.COMMITTED, PartnerState.LEFT)),
    )
    return db.session.scalar(row.limit(1)) is not None


def waiting_partners(
    state: PartnerState, *, organisation_ids: Collection[int] | None = None, mission_ids: Collection[int] | None = None
) -> Sequence[Partner]:
    """Places in partnerships in a state that waits for an answer, oldest first, of these organisations or missions."""
    query = select(Partner).where(Partner.state == state)
    if organisation_ids is not None:
        query = query.where(Partner.organisation_id.in_(organisation_ids))
    if mission_ids is not None:
        query = query.where(Partner.mission_id.in_(mission_ids))
    loaded = (joinedload(Partner.mission), joinedload(Partner.organisation))
    return db.session.scalars(query.options(*loaded).order_by(Partner.id)).all()


def countered_partners(mission_ids: Collection[int]) -> Sequence[Partner]:
    """Counter-offers that wait for the coordinators of these missions, oldest first."""
    loaded = (joinedload(Partner.mission), joinedload(Partner.organisation))
    waits = select(Partner).where(
        Partner.mission_id.in_(mission_ids), Partner.countered_at.is_not(None), Partner.state == PartnerState.INVITED
    )
    return db.session.scalars(waits.options(*loaded).order_by(Partner.countered_at, Partner.id)).all()


def promises_unconfirmed_since(before: date, organisation_ids: Collection[int]) -> Sequence[Commitment]:
    """Running promises of these organisations that were neither made nor confirmed since a day, oldest first."""
    return db.session.scalars(
        select(Commitment)
        .join(Commitment.partner)
        .where(
            Partner.organisation_id.in_(organisation_ids),
            Commitment.state == CommitmentState.COMMITTED,
            or_(Commitment.confirmed_on < before, Commitment.confirmed_on.is_(None)),
            Commitment.made_at < datetime.combine(before, time(), clock.zone()),
        )
        .options(
            joinedload(Commitment.partner).joinedload(Partner.mission),
            joinedload(Commitment.partner).joinedload(Partner.organisation),
        )
        .order_by(Commitment.id)
    ).all()


def unregistered_aid() -> Sequence[StateAidAssessment]:
    """Aid of minor importance that has not been entered in the central register, most pressing first."""
    return db.session.scalars(
        select(StateAidAssessment)
        .where(StateAidAssessment.register_by.is_not(None), StateAidAssessment.registered_on.is_(None))
        .options(
            joinedload(StateAidAssessment.partner).joinedload(Partner.mission),
            joinedload(StateAidAssessment.partner).joinedload(Partner.organisation),
        )
        .order_by(StateAidAssessment.register_by)
    ).all()


def get_line(mission: Mission, line_id: int) -> FundingLine:
    """A living line of this mission's funding plan, or NotFound."""
    found = db.session.get(FundingLine, line_id)
    if found is None or found.mission_id != mission.id or found.removed_at is not None:
        raise NotFound()
    return found


def get_assessment(mission: Mission, assessment_id: int) -> StateAidAssessment:
    """A state-aid assessment of this mission, or NotFound."""
    found = db.session.get(StateAidAssessment, assessment_id)
    if found is None or found.partner.mission_id != mission.id:
        raise NotFound()
    return found


def partnerships_of(actor: Actor) -> Sequence[Partner]:
    """The places in partnerships of the actor's organisations, newest first."""
    return db.session.scalars(
        select(Partner)
        .where(Partner.organisation_id.in_(actor.organisations()), Partner.state != PartnerState.LEFT)
        .options(joinedload(Partner.mission), joinedload(Partner.organisation))
        .order_by(Partner.id.desc())
    ).all()
