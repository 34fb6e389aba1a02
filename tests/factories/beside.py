"""What grows beside a mission: printouts, reports and dossiers, calls and invitations, a draft of the method."""

from datetime import timedelta

import sqlalchemy as sa

from missions_app import clock, db
from missions_app.documents import print_service
from missions_app.missions.models import Mission
from missions_app.partnerships import agreement_print, funding_call_service, invitation_service, state_aid_service
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.models import Agreement
from missions_app.partnerships.statements import KIND as STATEMENT
from missions_app.partnerships.statements import key_of
from missions_app.portfolio import dossier_service, report_service
from missions_app.strategy import signal_service
from missions_app.workflow import draft_service, proposal_service
from tests.factories.outbox import work
from tests.journeys.people import Region


def make_everything_beside(region: Region, mission: Mission) -> None:
    """One of each kind, by those whose act it is; and everything that can be printed, printed."""
    office, lead, today = region.actor("decider"), region.actor("coordinator"), clock.today()
    report = report_service.make_report(
        title="Våren", starts_on=today - timedelta(days=100), ends_on=today - timedelta(days=1), by=office
    )
    dossier = dossier_service.make_dossier(mission, today - timedelta(days=1), by=office)
    invitation_service.invite_address(
        mission, email="ny@bolag.example", roles=["solution_provider"], message="Välkomna.", by=lead
    )
    call = FundingCallContent("Vinnova", "Blått och grönt", today, today + timedelta(days=60))
    funding_call_service.enter_call(call, by=office)
    partner = partnerships.find_partner(mission, region.company)
    assert partner is not None
    state_aid_service.assess_state_aid(
        partner, ground="market_price", value_ore=0, reasons="Priset är marknadens.", by=office
    )
    proposal_service.propose(
        title="Färre krav", change="Ta bort ett.", reason="Det räcker med tre krav för att veta.", by=lead
    )
    draft_service.start_draft(summary="Färre krav", by=office)
    signal_service.note_signal(title="Torka", what="Brunnar sinar.", by=lead)
    for locale in ("sv", "en"):
        print_service.ask("report", report.reference, locale=locale, by=office)
        print_service.ask("dossier", f"{dossier.reference}/{dossier.cut_off.isoformat()}", locale=locale, by=office)
        print_papers(region, mission, locale=locale)
    work(print_service.PRINT)


def print_papers(region: Region, mission: Mission, *, locale: str = "sv") -> None:
    """The two papers before decisions, every partner's statement and every agreement, asked for and not made yet."""
    office, lead = region.actor("decider"), region.actor("coordinator")
    for gate in ("g2", "g5"):
        print_service.ask("paper", f"{mission.reference}/{gate}", locale=locale, by=office)
    for one in partnerships.partners_of(mission):
        print_service.ask(STATEMENT, key_of(one), locale=locale, by=lead)
    for agreement in db.session.scalars(sa.select(Agreement).where(Agreement.mission_id == mission.id)):
        for version in agreement.versions:
            print_service.ask(agreement_print.KIND, agreement_print.key_of(version), locale=locale, by=lead)
