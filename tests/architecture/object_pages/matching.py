"""Matching, and what organisations and partners show of themselves."""

from missions_app import clock
from missions_app.accounts.actor import ANONYMOUS, SYSTEM
from missions_app.documents import disclosure_service, print_service
from missions_app.organisations import offer_service
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from missions_app.partnerships import follow_up_service, funding_call_service, partner_service, statements
from missions_app.partnerships.follow_up_models import FundingLevel
from missions_app.partnerships.follow_up_service import FollowUpContent
from missions_app.partnerships.funding_call_service import FundingCallContent
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.organisations import make_member, make_organisation, method_in_force
from tests.factories.partnerships import make_partnership


def belonging() -> Arranged:
    organisation = make_organisation("Sund AB")
    return Arranged({"slug": organisation.slug}, make_member(organisation))


def administered() -> Arranged:
    organisation = make_organisation("Sund AB")
    return Arranged({"slug": organisation.slug}, make_member(organisation, "org_admin"))


def offered() -> Arranged:
    organisation = make_organisation("Sund AB")
    offer = offer_service.add_offer(organisation, OfferContent(OfferKind.SITE, "En hall"), by=SYSTEM)
    return Arranged({"slug": organisation.slug, "offer_id": offer.id}, make_member(organisation, "org_admin"))


def partner() -> Arranged:
    found = make_partnership()
    values = {"reference": found.mission.reference, "partner_id": found.owner().id}
    return Arranged(values, found.region.people["representative"])


def countered() -> Arranged:
    found = make_partnership()
    partner = partner_service.invite(
        mission=found.mission, organisation=found.region.company, roles=["scaler"], message="", by=found.lead
    )
    values = {"reference": found.mission.reference, "partner_id": partner.id}
    return Arranged(values, found.region.people["company_admin"])


def mission() -> Arranged:
    found = make_partnership()
    return Arranged({"reference": found.mission.reference}, found.region.people["representative"])


def mission_sheet() -> Arranged:
    arranged = mission()
    return Arranged({**arranged.values, "form": "csv"}, arranged.reader)


def statement() -> Arranged:
    arranged = partner()
    return Arranged({**arranged.values, "form": "csv"}, arranged.reader)


def printout() -> Arranged:
    found = make_partnership()
    made = print_service.ask(
        statements.KIND, statements.key_of(found.owner()), locale="sv", by=found.region.actor("representative")
    )
    print_service.make({"printout": made.id})
    return Arranged({"printout_id": made.id}, found.region.people["representative"])


def asked() -> Arranged:
    method_in_force()
    registrar = make_user()
    grant_role(registrar, "registrar")
    one = disclosure_service.ask(what="Allt", journey=None, contact_email="", by=ANONYMOUS)
    return Arranged({"disclosure_id": one.id}, registrar)


def funded() -> Arranged:
    method_in_force()
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    content = FundingCallContent("Vinnova", "Vatten", clock.today(), clock.today())
    call = funding_call_service.enter_call(content, by=actor_of(officer))
    return Arranged({"call_id": call.id}, officer)


def followed() -> Arranged:
    found = make_partnership()
    content = FollowUpContent(FundingLevel.EU, "Interreg", "Mer", clock.today(), amount_ore=1)
    made = follow_up_service.note(found.mission, content, by=found.lead)
    values = {"reference": found.mission.reference, "follow_up_id": made.id}
    return Arranged(values, found.region.people["coordinator"])


PAGES = [
    ObjectPage("partnerships.edit_follow_up", followed),
    ObjectPage("api_commitments.list_follow_up", mission),
    ObjectPage("partnerships.edit_funding_call", funded),
    ObjectPage("api_commitments.list_fitting_calls", mission),
    ObjectPage("documents.handle_disclosure", asked),
    ObjectPage("documents.take_up", asked),
    ObjectPage("documents.decide_disclosure", asked),
    ObjectPage("api_disclosures.show_disclosure", asked),
    ObjectPage("partnerships.statement", statement),
    ObjectPage("partnerships.give_out_needs", mission_sheet),
    ObjectPage("partnerships.log_hours", partner),
    ObjectPage("documents.show_printout", printout),
    ObjectPage("documents.download_printout", printout),
    ObjectPage("api_commitments.show_statement", partner),
    ObjectPage("partnerships.counter_offer", countered),
    ObjectPage("partnerships.list_fits", belonging),
    ObjectPage("partnerships.show_partner", partner),
    ObjectPage("api_matching.list_fits", belonging),
    ObjectPage("organisations.add_offer", administered),
    ObjectPage("organisations.edit_offer", offered),
]
# What a mission lacks is for everybody; who could fill it is left out for those who take no part. Offers are masked
# one by one.
OPEN = {"api_matching.list_gaps", "api_organisations.list_offers"}
