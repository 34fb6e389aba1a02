"""What organisations lend."""

from datetime import date

import pytest

from missions_app.errors import InvalidInput, NotAllowed, StaleVersion
from missions_app.organisations import offer_service, queries
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from tests.factories.accounts import make_actor
from tests.factories.organisations import make_organisation, member_actor

pytestmark = pytest.mark.usefixtures("session")
SENSORS = OfferContent(OfferKind.EQUIPMENT, "Tolv givare", peak="marine_technology")


def test_an_administrator_offers_words_anew_and_takes_back() -> None:
    company = make_organisation()
    admin = member_actor(company, "org_admin")

    offer = offer_service.add_offer(company, SENSORS, by=admin)
    offer_service.edit_offer(offer, OfferContent(OfferKind.DATA, "Mätserier"), by=admin, expected_version=offer.version)
    told = [(one.kind, one.text_sv) for one in queries.offers_of(company)]
    offer_service.withdraw_offer(offer, by=admin, expected_version=offer.version)

    assert told == [(OfferKind.DATA, "Mätserier")]
    assert queries.offers_of(company) == []


def test_others_may_not_and_an_old_version_is_refused() -> None:
    company = make_organisation()
    offer = offer_service.add_offer(company, SENSORS, by=member_actor(company, "org_admin"))

    with pytest.raises(NotAllowed):
        offer_service.add_offer(company, SENSORS, by=make_actor())
    with pytest.raises(StaleVersion):
        offer_service.withdraw_offer(offer, by=member_actor(company, "org_admin"), expected_version=offer.version + 1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text_sv": " "}, "text_sv"), ({"text_sv": "x" * 2001}, "text_sv"), ({"peak": "juggling"}, "peak"),
        ({"visibility": "secret"}, "visibility"), ({"visibility": "confidential_claim"}, "claim_reason"),
        ({"available_from": date(2027, 2, 1), "available_until": date(2027, 1, 1)}, "available_until"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(more: dict[str, object], field: str) -> None:
    company = make_organisation()
    content = OfferContent(**{"kind": OfferKind.SITE, "text_sv": "En hall", **more})  # type: ignore[arg-type]

    with pytest.raises(InvalidInput) as refused:
        offer_service.add_offer(company, content, by=member_actor(company, "org_admin"))

    assert [one.field for one in refused.value.problems] == [field]
