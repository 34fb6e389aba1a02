"""An agreement that was signed on paper: entered with its file, by form and by API, and read by whoever has signed."""

import hashlib
import json
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from missions_app.partnerships import agreement_service, queries
from missions_app.partnerships.models import Agreement
from tests.factories.accounts import bearer, grant_role, make_user, sign_in
from tests.factories.organisations import make_organisation
from tests.factories.partnerships import Partnership, make_partnership
from tests.partnerships.test_agreements import clauses

pytestmark = pytest.mark.usefixtures("session")
PAPER = b"%PDF-1.4\n%a signed paper\n"


@pytest.fixture
def found() -> Partnership:
    """A partnership in which nothing is signed."""
    return make_partnership()


def drawn_up(found: Partnership, *parties: object) -> Agreement:
    return agreement_service.write_agreement(
        found.mission, kind="partnership", title="Platsavtal", clauses=clauses(), parties=list(parties), by=found.lead
    )  # type: ignore[arg-type]


def test_the_form_asks_who_signed_and_on_which_ground_for_each_party(found: Partnership, client: FlaskClient) -> None:
    agreement = drawn_up(found, found.region.town, found.region.company)
    browser = sign_in(client, found.region.people["coordinator"])
    url = f"/missions/{found.mission.reference}/agreements/{agreement.id}/signed-elsewhere"
    town, company = found.region.town.id, found.region.company.id
    said = {"version": agreement.version, f"name_{town}": "Kommundirektören", f"authority_{town}": "Delegation"}

    without_ground = browser.post(
        url, data={**said, f"name_{company}": "Vd", "file": (BytesIO(PAPER), "avtal.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert f'href="#authority_{company}"' in without_ground.text
    assert agreement.newest.number == 1

    browser.post(url, data={**said, "file": (BytesIO(PAPER), "avtal.pdf")}, content_type="multipart/form-data")
    assert (agreement.newest.number, queries.is_held(agreement)) == (2, False)
    assert queries.signed_by(agreement) == {town}
    assert agreement.document.checksum == hashlib.sha256(PAPER).hexdigest()


def test_the_api_takes_the_paper_in_and_whoever_signed_it_reads_it(found: Partnership, client: FlaskClient) -> None:
    owner, other = make_organisation(), make_organisation()
    agreement = drawn_up(found, found.region.town, owner)
    url = f"/api/v1/missions/{found.mission.reference}/agreements/{agreement.id}/signed-elsewhere"
    headers = {**bearer(found.region.people["coordinator"]), "If-Match": f'"{agreement.version}"'}
    signers = {one.slug: {"name": "Firmatecknaren", "authority": "Stadgar"} for one in (found.region.town, owner)}

    def sent(signed_by: str) -> object:
        return client.post(
            url, headers=headers, content_type="multipart/form-data",
            data={"signed_by": signed_by, "file": (BytesIO(PAPER), "avtal.pdf")},
        )  # fmt: skip

    unread, taken = sent("{half"), sent(json.dumps(signers))
    assert (unread.status_code, taken.status_code) == (422, 200)  # type: ignore[attr-defined]
    assert taken.json["is_held"] is True  # type: ignore[attr-defined]

    content = f"/documents/{agreement.document.id}/content"
    for organisation, status in ((owner, 200), (other, 404)):
        member = make_user()
        grant_role(member, "org_admin", next(iter(organisation.scopes)))
        browser = sign_in(client.application.test_client(), member)
        assert browser.get(content).status_code == status
