"""Two people at the same moment: exactly one outcome, on both databases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.partnerships import (
    agreement_service,
    commitment_service,
    drawdown_service,
    invitation_service,
    queries,
    rules,
)
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.models import Agreement, Commitment, Invitation, Partner
from missions_app.workflow.method_service import method_in_force
from tests.databases import at_once, committing_database
from tests.factories.accounts import actor_of, grant_role
from tests.factories.organisations import make_member, make_organisation
from tests.factories.partnerships import Partnership, make_partnership


@pytest.fixture(scope="module")
def found(app: Flask, engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partnership]:
    """A partnership that stays written."""
    with committing_database("rivals", tmp_path_factory.mktemp("rivals"), engine):
        yield make_partnership()


def clauses(kind: str, text: str = "Enligt bilaga.") -> dict[str, str]:
    return dict.fromkeys(method_in_force().term("agreement", kind).must_hold, text)  # type: ignore[attr-defined]


def test_an_invitation_accepted_twice_at_once_lets_one_in(found: Partnership) -> None:
    companies = [make_organisation("Först AB"), make_organisation("Sist AB")]
    user = make_member(companies[0], "org_admin")
    for role in ("member", "org_admin"):
        grant_role(user, role, next(iter(companies[1].scopes)))
    invitation = invitation_service.invite_address(
        found.mission, email=user.email, roles=["scaler"], message="", by=found.lead
    )
    key, version, ids = invitation.id, invitation.version, [one.id for one in companies]
    actor = actor_of(user)
    db.session.commit()

    def accept(organisation_id: int) -> object:
        from_here = queries.get_invitation(key)
        organisation = db.session.get_one(type(companies[0]), organisation_id)
        invitation_service.accept(
            from_here, organisation=organisation, roles=["scaler"], by=actor, expected_version=version
        )
        return "joined"

    outcomes = at_once(lambda: accept(ids[0]), lambda: accept(ids[1]))

    assert sorted(map(str, outcomes)) in (["joined", "not_open"], ["joined", "stale_version"])
    joined = db.session.scalars(sa.select(Partner).where(Partner.organisation_id.in_(ids))).all()
    assert len(joined) == 1
    assert db.session.get_one(Invitation, key).partner_id == joined[0].id


def test_two_parties_sign_at_once_and_both_signatures_hold(found: Partnership) -> None:
    agreement, actors, organisations = drawn_up(found)
    key, checksum = agreement.id, agreement.document.checksum
    db.session.commit()

    outcomes = at_once(*(
        lambda place=place: sign(key, organisations[place], checksum, actors[place]) for place in (0, 1)  # type: ignore[misc]
    ))  # fmt: skip

    assert outcomes == ["signed", "signed"]
    assert queries.is_held(db.session.get_one(Agreement, key))


def test_a_signature_against_a_new_version_counts_for_the_text_that_was_read_or_not_at_all(found: Partnership) -> None:
    agreement, actors, organisations = drawn_up(found)
    key, checksum, version, lead = agreement.id, agreement.document.checksum, agreement.version, found.lead
    db.session.commit()

    def replace() -> str:
        one = db.session.get_one(Agreement, key)
        agreement_service.new_version(
            one, clauses("partnership", "Nytt."), changed="Allt.", by=lead, expected_version=version
        )
        return "replaced"

    outcomes = at_once(lambda: sign(key, organisations[0], checksum, actors[0]), replace)

    agreement = db.session.get_one(Agreement, key)
    assert outcomes[1] == "replaced"
    assert outcomes[0] in ("signed", "other_version", "void_document")
    assert queries.signed_by(agreement) == set()
    assert agreement.newest.number == 2


def test_hours_logged_at_once_draw_no_more_than_was_promised(found: Partnership) -> None:
    partner = found.join(make_organisation("Timmar AB"), "scaler")
    promise = commitment_service.promise(
        partner, PromiseContent("hours", quantity=100.0, rate_ore=1_000_00), by=found.lead
    )
    keys, lead = (partner.id, promise.id), found.lead
    db.session.commit()

    def log() -> str:
        drawdown_service.log_hours(
            db.session.get_one(Partner, keys[0]), worked_on=clock.today(), hours=60, function="Konstruktör", what="",
            by=lead,
        )  # fmt: skip
        return "logged"

    outcomes = at_once(log, log, log)

    deliveries = db.session.get_one(Commitment, keys[1]).deliveries
    assert outcomes == ["logged"] * 3
    assert (rules.delivered(deliveries), rules.extra(deliveries)) == (
        rules.Sum(100, 100_000_00), rules.Sum(80, 80_000_00),
    )  # fmt: skip


def test_a_record_counted_twice_at_once_draws_once(found: Partnership) -> None:
    partner = found.join(make_organisation("Kajen AB"), "scaler")
    promise = commitment_service.promise(partner, PromiseContent("site_access", quantity=10.0), by=found.lead)
    keys = (partner.id, promise.id)
    db.session.commit()

    def draw() -> int:
        return len(
            drawdown_service.draw_down(
                db.session.get_one(Partner, keys[0]), "site_access", 2.0, clock.today(), source_kind="booking",
                source_key="B-1:1", source="B-1", by=SYSTEM,
            )
        )  # fmt: skip

    assert sorted(map(str, at_once(draw, draw))) == ["0", "1"]
    assert rules.delivered(db.session.get_one(Commitment, keys[1]).deliveries).quantity == 2.0


def drawn_up(found: Partnership):  # type: ignore[no-untyped-def]
    organisations = [make_organisation("Ena AB"), make_organisation("Andra AB")]
    actors = [actor_of(make_member(one, "org_admin")) for one in organisations]
    agreement = agreement_service.write_agreement(
        found.mission, kind="partnership", title="Avtal", clauses=clauses("partnership"), parties=organisations,
        by=found.lead,
    )  # fmt: skip
    return agreement, actors, [one.id for one in organisations]


def sign(key: int, organisation_id: int, checksum: str, actor: object) -> str:
    agreement = db.session.get_one(Agreement, key)
    organisation = next(one.organisation for one in agreement.parties if one.organisation_id == organisation_id)
    agreement_service.sign_agreement(
        agreement,
        organisation=organisation,
        authority="Firmateckning",
        checksum=checksum,
        by=actor,  # type: ignore[arg-type]
    )
    return "signed"
