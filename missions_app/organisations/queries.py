"""Reading organisations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Integer, Select, String, bindparam, cast, or_, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import Actor, organisation_scope
from missions_app.accounts.models import Grant, User, UserState
from missions_app.errors import NotFound
from missions_app.organisations.models import (
    Capability,
    FormerEntry,
    MembershipRequest,
    MembershipState,
    Offer,
    Organisation,
    OrganisationState,
)
from missions_app.organisations.places import municipality_names
from missions_app.organisations.policy import can_read_organisation
from missions_app.organisations.rules import plain_number

_BY_SLUG = select(Organisation).where(Organisation.slug == bindparam("slug"))


def get_organisation(slug: str) -> Organisation:
    """The organisation with this name in addresses, or NotFound."""
    found = db.session.scalars(_BY_SLUG, {"slug": slug}).first()
    if found is None:
        raise NotFound()
    return found


def get_by_id(organisation_id: int) -> Organisation:
    """The organisation, or NotFound."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound()
    return found


def find_by_number(number: str) -> Organisation | None:
    """The organisation with this number, written 212000-0829."""
    return db.session.scalars(select(Organisation).where(Organisation.number == number)).first()


def free_slug(wanted: str) -> str:
    """The wanted slug, or the first free one with a number after it."""
    taken = set(
        db.session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(wanted, autoescape=True)))
    )
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def organisations(*, text: str = "", sector: str = "", municipality: str = "", peak: str = "") -> Select[Organisation]:
    """Active organisations in Swedish order, for a paged list."""
    query = select(Organisation).where(Organisation.state == OrganisationState.ACTIVE)
    if text:
        # SQLite folds only a to z; the other letters are tried in each case.
        spellings = {text, text.lower(), text.upper(), text.title()}
        named = [Organisation.name.icontains(one, autoescape=True) for one in spellings]
        query = query.where(or_(*named, Organisation.number == plain_number(text)))
    if sector:
        query = query.where(Organisation.sector == sector)
    if municipality:
        query = query.where(Organisation.municipality == municipality)
    if peak:
        query = query.where(Organisation.id.in_(select(Capability.organisation_id).where(Capability.peak == peak)))
    return query.order_by(Organisation.sort_key, Organisation.id)


def all_active() -> Sequence[Organisation]:
    """Every active organisation in Swedish order, for choices."""
    return db.session.scalars(organisations()).all()


def organisations_of(actor: Actor) -> Sequence[Organisation]:
    """The organisations an actor belongs to, in Swedish order."""
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(actor.organisations())).order_by(Organisation.sort_key)
    ).all()


def capabilities_of(organisation: Organisation) -> Sequence[Capability]:
    """What an organisation can do, by peak."""
    return db.session.scalars(
        select(Capability).where(Capability.organisation_id == organisation.id).order_by(Capability.peak)
    ).all()


def former_entries(organisation: Organisation) -> Sequence[FormerEntry]:
    """What the organisation was called, and its sector then, newest first."""
    return db.session.scalars(
        select(FormerEntry).where(FormerEntry.organisation_id == organisation.id).order_by(FormerEntry.until.desc())
    ).all()


def names_at(moments: Mapping[int, datetime]) -> dict[int, str]:
    """Organisation id -> its name at that moment, for those that have been renamed since."""
    rows = db.session.execute(
        select(FormerEntry.organisation_id, FormerEntry.name, FormerEntry.until)
        .where(FormerEntry.organisation_id.in_(moments))
        .order_by(FormerEntry.until.desc())
    )
    return {key: name for key, name, until in rows if until > moments[key]}


def merged_into(organisation: Organisation) -> Sequence[Organisation]:
    """The organisations that go on in this one."""
    return db.session.scalars(
        select(Organisation).where(Organisation.merged_into_id == organisation.id).order_by(Organisation.sort_key)
    ).all()


def has_living_contact(organisation: Organisation) -> bool:
    """Whether somebody with a working account belongs to it: a function with nobody behind it answers no mail."""
    today = clock.today()
    return db.session.scalar(
        select(Grant.id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.scope_kind == "organisation", Grant.scope_id == str(organisation.id), Grant.revoked_at.is_(None),
            or_(Grant.valid_until.is_(None), Grant.valid_until >= today), User.state == UserState.ACTIVE,
        )
        .limit(1)
    ) is not None  # fmt: skip


def without_admin() -> Sequence[Organisation]:
    """Active organisations whose last administrator has left while others still belong to them."""
    held = select(cast(Grant.scope_id, Integer)).where(Grant.scope_kind == "organisation", Grant.revoked_at.is_(None))
    return db.session.scalars(
        select(Organisation)
        .where(
            Organisation.state == OrganisationState.ACTIVE, Organisation.id.in_(held),
            Organisation.id.not_in(held.where(Grant.role == "org_admin")),
        )
        .order_by(Organisation.sort_key)
    ).all()  # fmt: skip


def offers_of(organisation: Organisation) -> Sequence[Offer]:
    """What an organisation is ready to lend now, oldest first; who reads which is masking's question."""
    return db.session.scalars(
        select(Offer).where(Offer.organisation_id == organisation.id, Offer.withdrawn_at.is_(None)).order_by(Offer.id)
    ).all()


def get_offer(organisation: Organisation, offer_id: int) -> Offer:
    """A standing offer of this organisation, or NotFound."""
    found = db.session.get(Offer, offer_id)
    if found is None or found.organisation_id != organisation.id or found.withdrawn_at is not None:
        raise NotFound()
    return found


def owned_by(organisation: Organisation) -> Sequence[Organisation]:
    """The organisations directly controlled by one."""
    return db.session.scalars(
        select(Organisation).where(Organisation.owner_id == organisation.id).order_by(Organisation.sort_key)
    ).all()


def groups_of(organisation_ids: Collection[int]) -> dict[int, int]:
    """Organisation id -> id of its topmost owner."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.group_id).where(Organisation.id.in_(organisation_ids))
    )
    return {key: group or key for key, group in rows}


def ids_of_names(names: Collection[str]) -> set[int]:
    """The ids of the organisations that have one of these names."""
    return set(db.session.scalars(select(Organisation.id).where(Organisation.name.in_(names))))


def names_of(organisation_ids: Collection[int]) -> list[str]:
    """The names of some organisations, in order."""
    rows = db.session.scalars(
        select(Organisation.name).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.name)
    )
    return list(rows)


def members_of(organisation: Organisation) -> Sequence[tuple[User, str]]:
    """(user, role) for everyone who holds a role in an organisation, by name."""
    scope = organisation_scope(organisation.id)
    return [
        (user, role)
        for user, role in db.session.execute(
            select(User, Grant.role)
            .join(Grant, Grant.user_id == User.id)
            .where(
                Grant.scope_kind == scope.kind,
                Grant.scope_id == scope.id,
                Grant.revoked_at.is_(None),
                Grant.valid_from <= clock.today(),
                or_(Grant.valid_until.is_(None), Grant.valid_until >= clock.today()),
            )
            .order_by(User.name, User.id, Grant.role)
        )
    ]


def open_requests(organisation: Organisation) -> Sequence[MembershipRequest]:
    """Requests to join that wait for an answer, oldest first."""
    return db.session.scalars(
        select(MembershipRequest)
        .where(
            MembershipRequest.organisation_id == organisation.id,
            MembershipRequest.state == MembershipState.REQUESTED,
        )
        .order_by(MembershipRequest.id)
    ).all()


def get_request(organisation: Organisation, request_id: int) -> MembershipRequest:
    """A request to join this organisation, or NotFound."""
    found = db.session.get(MembershipRequest, request_id)
    if found is None or found.organisation_id != organisation.id:
        raise NotFound()
    return found


def municipality_keys() -> frozenset[str]:
    """The codes of the region's municipalities."""
    return frozenset(municipality_names())


def get_readable(slug: str, actor: Actor) -> Organisation:
    """The organisation, or NotFound also when the actor may not know of it."""
    found = get_organisation(slug)
    if not can_read_organisation(actor, found):
        raise NotFound()
    return found


def get_active(slug: str) -> Organisation:
    """The organisation, followed to the one that goes on where it was merged; NotFound when closed or unknown."""
    found = get_organisation(slug)
    while found.state is OrganisationState.MERGED and found.merged_into_id is not None:
        found = get_by_id(found.merged_into_id)
    if found.state is not OrganisationState.ACTIVE:
        raise NotFound()
    return found


def my_request(actor: Actor, organisation: Organisation) -> MembershipRequest | None:
    """The actor's own request to join that waits for an answer."""
    return db.session.scalars(
        select(MembershipRequest).where(
            MembershipRequest.organisation_id == organisation.id,
            MembershipRequest.user_id == actor.user_id,
            MembershipRequest.state == MembershipState.REQUESTED,
        )
    ).first()


def requests_for(actor: Actor) -> Sequence[MembershipRequest]:
    """Requests to join that the actor may answer as an organisation's administrator, oldest first."""
    administered = [int(key) for key in actor.scopes_of("org_admin", "organisation")]
    if not administered:
        return []
    return db.session.scalars(
        select(MembershipRequest)
        .options(joinedload(MembershipRequest.organisation), joinedload(MembershipRequest.user))
        .where(
            MembershipRequest.organisation_id.in_(administered),
            MembershipRequest.state == MembershipState.REQUESTED,
        )
        .order_by(MembershipRequest.id)
    ).all()


def unclaimed_requests() -> Sequence[MembershipRequest]:
    """Requests to join organisations that have no administrator: the secretariat answers them."""
    administered = select(Grant.scope_id).where(
        Grant.role == "org_admin", Grant.scope_kind == "organisation", Grant.revoked_at.is_(None)
    )
    return db.session.scalars(
        select(MembershipRequest)
        .options(joinedload(MembershipRequest.organisation), joinedload(MembershipRequest.user))
        .where(
            MembershipRequest.state == MembershipState.REQUESTED,
            cast(MembershipRequest.organisation_id, String).not_in(administered),
        )
        .order_by(MembershipRequest.id)
    ).all()


def requested_organisations() -> Sequence[Organisation]:
    """Organisations that wait to be accepted, oldest first."""
    return db.session.scalars(
        select(Organisation).where(Organisation.state == OrganisationState.REQUESTED).order_by(Organisation.id)
    ).all()
