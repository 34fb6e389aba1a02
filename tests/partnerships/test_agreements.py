"""Agreements: the right version, the right to sign, replaced, countersigned, ending, printed."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from missions_app import clock, db
from missions_app.bookings import queries as bookings
from missions_app.documents import print_service
from missions_app.documents.document_service import Authority
from missions_app.documents.errors import OtherVersion, VoidDocument
from missions_app.errors import DomainError, InvalidInput, NotAllowed
from missions_app.outbox.models import Job
from missions_app.partnerships import (
    agreement_print,
    agreement_service,
    commitment_service,
    partner_service,
    queries,
    statements,
    tasks,
)
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.partnerships.errors import AgreementEnded, AlreadyCountersigned, NotSignedYet
from missions_app.partnerships.models import Agreement
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import make_actor, sign_in
from tests.factories.evaluation import day_of_test
from tests.factories.outbox import all_mail
from tests.factories.partnerships import Partnership, make_partnership

pytestmark = pytest.mark.usefixtures("session")
WHO = {"town": "representative", "company": "company_admin"}


def clauses(text: str = "Enligt bilaga.") -> dict[str, str]:
    return dict.fromkeys(method_in_force().term("agreement", "partnership").must_hold, text)  # type: ignore[attr-defined]


def drawn_up(found: Partnership, **more: object) -> Agreement:
    return agreement_service.write_agreement(
        found.mission, kind="partnership", title="Partnerskapsavtal", clauses=clauses(),
        parties=[found.region.town, found.region.company], by=found.lead, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def sign(found: Partnership, agreement: Agreement, who: str, checksum: str = "", **authority: object) -> None:
    agreement_service.sign_agreement(
        agreement, organisation=getattr(found.region, who), by=found.region.actor(WHO[who]),
        authority=Authority("Firmateckning", "Registreringsbevis", **authority),  # type: ignore[arg-type]
        checksum=checksum or agreement.document.checksum,
    )  # fmt: skip


def replaced(found: Partnership, agreement: Agreement, text: str) -> None:
    agreement_service.new_version(
        agreement, clauses(text), changed="Ändrad tid.", by=found.lead, expected_version=agreement.version
    )


def test_signing_any_other_version_never_counts() -> None:
    found = make_partnership()

    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.sampled_from(["town", "company", "old town", "old company", "new"]), max_size=6))
    def holds(acts: list[str]) -> None:
        agreement = drawn_up(found)
        first, signed = agreement.document.checksum, set()
        for number, act in enumerate(acts):
            if act == "new":
                replaced(found, agreement, f"Lydelse {number}")
                signed = set()
                continue
            who = act.removeprefix("old ")
            checksum = first if act.startswith("old") else agreement.document.checksum
            try:
                sign(found, agreement, who, checksum)
            except DomainError:
                continue
            assert checksum == agreement.document.checksum
            signed.add(getattr(found.region, who).id)
        assert queries.signed_by(agreement) == signed
        assert queries.is_held(agreement) == (len(signed) == 2)

    holds()


def test_a_new_version_voids_signatures_and_the_letter_says_so() -> None:
    found = make_partnership()
    agreement = drawn_up(found)
    sign(found, agreement, "town")
    old = agreement.document.checksum
    replaced(found, agreement, "Nytt.")

    with pytest.raises(OtherVersion):
        sign(found, agreement, "company", old)

    letters = db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id)).all()
    told = [one.payload["data"]["voided"] for one in letters if one.payload["template"] == "agreement_to_sign"]
    assert told[0] is False and told[-1] is True
    assert queries.signed_by(agreement) == set()


def test_the_right_to_sign_is_kept_with_its_source_and_must_hold_today() -> None:
    found = make_partnership()
    agreement = drawn_up(found)

    with pytest.raises(InvalidInput):
        sign(found, agreement, "town", until=clock.today() - timedelta(days=1))
    sign(found, agreement, "town", until=clock.today())

    kept = agreement.document.signatures[0]
    assert (kept.authority, kept.authority_source, kept.authority_until) == (
        "Firmateckning", "Registreringsbevis", clock.today(),
    )  # fmt: skip


def test_parties_sign_in_any_order_and_then_it_is_countersigned_once() -> None:
    found = make_partnership()
    agreement = drawn_up(found)
    sign(found, agreement, "company")
    with pytest.raises(NotSignedYet):
        agreement_service.countersign(agreement, checksum=agreement.document.checksum, by=found.lead)
    sign(found, agreement, "town")

    with pytest.raises(NotAllowed):
        agreement_service.countersign(agreement, checksum=agreement.document.checksum, by=make_actor())
    with pytest.raises(OtherVersion):
        agreement_service.countersign(agreement, checksum="0" * 64, by=found.lead)
    agreement_service.countersign(agreement, checksum=agreement.document.checksum, by=found.lead)
    with pytest.raises(AlreadyCountersigned):
        agreement_service.countersign(agreement, checksum=agreement.document.checksum, by=found.lead)

    assert agreement.newest.countersigned_name == "coordinator"


def test_an_agreement_ends_when_everybody_has_signed_the_one_in_its_place() -> None:
    found = make_partnership()
    before = drawn_up(found)
    sign(found, before, "town")
    sign(found, before, "company")
    after = drawn_up(found, replaces=before)
    sign(found, after, "town")
    still_held = queries.is_held(before)
    sign(found, after, "company")

    assert (still_held, queries.is_held(before), queries.is_held(after)) == (True, False, True)
    with pytest.raises(AgreementEnded):
        drawn_up(found, replaces=before)


def test_an_agreement_is_held_until_its_last_day_and_its_parties_are_told_twice_before() -> None:
    found = make_partnership()
    last = clock.today() + timedelta(days=60)
    agreement = drawn_up(found, valid_until=last)
    sign(found, agreement, "town")
    sign(found, agreement, "company")
    told: list[int] = []
    for day in (0, 29, 30, 31, 53, 54, 60):
        with clock.fixed(clock.now() + timedelta(days=day)):
            agreement_service.remind_of_endings({})
            assert queries.is_held(agreement)
        rows = db.session.scalars(select(Job).where(Job.kind == "mail"))
        told.append(len([one for one in rows if one.payload.get("template") == "agreement_ends"]))
    with clock.fixed(clock.now() + timedelta(days=35)):
        waiting = [task.endpoint for task in tasks.tasks_for(found.lead)]
    with clock.fixed(clock.now() + timedelta(days=61)):
        ended = queries.is_held(agreement)
        with pytest.raises(VoidDocument):
            sign(found, agreement, "town")

    once = told[2]
    assert told == [0, 0, once, once, 2 * once, 2 * once, 2 * once] and once >= 3
    assert "partnerships.show_agreement" in waiting
    assert ended is False


def test_an_agreement_and_a_statement_become_tagged_pdfs_in_the_readers_language() -> None:
    found = make_partnership()
    agreement = drawn_up(found)
    sign(found, agreement, "town")
    lead = found.lead
    key = agreement_print.key_of(agreement.newest)

    asked = print_service.ask(agreement_print.KIND, key, locale="sv", by=lead)
    again = print_service.ask(agreement_print.KIND, key, locale="sv", by=lead)
    sheet = print_service.ask(statements.KIND, statements.key_of(found.owner()), locale="en", by=lead)
    for one in db.session.scalars(select(Job).where(Job.kind == print_service.PRINT)).all():
        print_service.make(one.payload)

    assert asked.id == again.id
    for printout, lang in ((asked, b"/Lang(sv)"), (sheet, b"/Lang(en)")):
        content = print_service.read(printout)
        assert content.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in content and b"pdfuaid" in content and lang in content
    with pytest.raises(NotAllowed):
        print_service.ask(agreement_print.KIND, key, locale="sv", by=make_actor())
    with pytest.raises(NotAllowed):
        print_service.get_printout(asked.id, by=make_actor())
    sign(found, agreement, "company")
    assert print_service.ask(agreement_print.KIND, key, locale="sv", by=lead).id != asked.id


def test_pages_say_that_an_agreement_has_run_out_and_do_not_wait_for_signatures(client: FlaskClient) -> None:
    found = make_partnership()
    agreement = drawn_up(found, valid_until=clock.today() + timedelta(days=3))
    for who in WHO:
        sign(found, agreement, who)
    listed = f"/missions/{found.mission.reference}/agreements"
    sign_in(client, found.region.people["coordinator"])
    assert "Partnerskapsavtal: Partnerskapsavtal" not in client.get(listed).text

    with clock.fixed(clock.now() + timedelta(days=5)):
        sign_in(client, found.region.people["coordinator"])
        pages = [client.get(path).text for path in (listed, f"{listed}/{agreement.id}")]

    assert ["ar gått ut" in page for page in pages] == [True, True]
    assert not any("Väntar på underskrifter" in page for page in pages)


def test_an_agreement_that_could_never_hold_is_not_drawn_up() -> None:
    found = make_partnership()
    yesterday = clock.today() - timedelta(days=1)
    agreement = drawn_up(found, valid_until=clock.today())

    for act in (
        lambda: drawn_up(found, valid_until=yesterday),
        lambda: agreement_service.new_version(
            agreement, clauses("Annat."), changed="Tid", by=found.lead, expected_version=agreement.version,
            valid_until=yesterday,
        ),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            act()
        assert refused.value.field == "valid_until"
    with pytest.raises(InvalidInput) as refused:
        agreement_service.sign_agreement(
            agreement, organisation=found.region.town, by=found.region.actor("representative"),
            authority=Authority("Delegation", "  "), checksum=agreement.document.checksum,
        )  # fmt: skip
    assert refused.value.field == "authority_source"


def test_its_parties_are_told_why_an_agreement_has_ended() -> None:
    found = make_partnership()
    agreement = drawn_up(found)
    other = drawn_up(found, replaces=agreement)
    sign(found, other, "town")
    sign(found, other, "company")
    agreement_service.terminate(
        other, reason="Projektet tar slut i förtid.", by=found.lead, expected_version=other.version
    )

    told = [mail for mail in all_mail() if mail["template"] == "agreement_ended"]
    town = found.region.people["representative"].email
    assert [mail["data"]["reason"] for mail in told if mail["to"] == town] == [
        agreement_service.REPLACED, "Projektet tar slut i förtid.",
    ]  # fmt: skip


def test_the_page_says_whose_signatures_a_new_version_has_voided_and_a_second_press_that_it_is_signed(
    client: FlaskClient,
) -> None:
    found = make_partnership()
    agreement = drawn_up(found)
    address = f"/missions/{found.mission.reference}/agreements/{agreement.id}"
    sign_in(client, found.region.people["company_admin"])
    data = {
        "organisation": found.region.company.slug, "authority": "Firmateckning", "authority_source": "Bolagsverket",
        "checksum": agreement.document.checksum,
    }  # fmt: skip
    first, second = client.post(f"{address}/sign", data=data), client.post(f"{address}/sign", data=data)
    signer = agreement.document.signatures[0].signed_name
    replaced(found, agreement, "Ny text.")

    assert first.location == address
    assert "redan" in second.text and len(agreement.versions[0].document.signatures) == 1
    assert f"Det som skrevs under då gäller inte längre: {signer}" in client.get(address).text


def test_first_wordings_are_filled_from_what_is_known_to_the_ore(client: FlaskClient) -> None:
    with day_of_test() as tested:
        region, mission = tested.region, tested.mission
        partner = queries.find_partner(mission, region.company)
        assert partner is not None
        lead = region.actor("coordinator")
        commitment_service.promise(partner, PromiseContent("cash", value_ore=12_345_67), by=lead)
        partner_service.set_roles(
            partner, partner.roles, receives_benefit=True, by=lead, expected_version=partner.version
        )
        sign_in(client, region.people["coordinator"])
        pages = {
            kind: client.get(f"/missions/{mission.reference}/agreements/new/{kind}").text
            for kind in ("partnership", "site_use", "dpa")
        }

    assert "12\u00a0345,67\u00a0kr" in pages["partnership"]
    assert f"{region.company.name}: en förmån som inte är bedömd än." in pages["partnership"]
    line = bookings.bookings_of_experiment(tested.experiment.id)[0].lines[0]
    assert f"{line.resource.site.name_sv}, som ägs av {line.resource.site.owner.name}: {line.resource.name_sv}." in (
        html.unescape(pages["site_use"])
    )
    assert "lagring inom EU" in pages["dpa"]
    for kind, page in pages.items():
        empty = re.findall(r'<textarea[^>]*name="clause_(\w+)"[^>]*>\s*</textarea>', page)
        assert set(empty) <= {
            "data_terms",
            "data",
            "safety_rules",
            "responsible_person",
            "foreground_ip",
            "categories",
        }, kind
