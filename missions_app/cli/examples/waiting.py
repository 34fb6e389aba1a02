"""What waits for each kind of person in the example, so that everybody's "My work" has something to try."""

from datetime import date, timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts import request_service, seat_service
from missions_app.accounts.actor import ANONYMOUS, SYSTEM
from missions_app.accounts.models import AccountRequest
from missions_app.assessments import declaration, declaration_service, panel_service
from missions_app.bookings import booking_service, occupancy
from missions_app.bookings.booking_service import BookingContent
from missions_app.bookings.intervals import Interval
from missions_app.challenges import author_service, challenge_service, plan_service
from missions_app.challenges.models import Challenge
from missions_app.cli.examples.acts import DECIDER, OFFICER, at
from missions_app.cli.examples.experiments import LEAD
from missions_app.cli.examples.people import Cast
from missions_app.cli.examples.proposals import load_proposals
from missions_app.documents import disclosure_service
from missions_app.i18n import use_locale
from missions_app.indicators.indicator_service import IndicatorValues
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import organisation_service
from missions_app.organisations.rules import Profile
from missions_app.outbox.mail import MAIL
from missions_app.outbox.models import Job
from missions_app.partnerships import (
    agreement_service,
    call_service,
    drawdown_service,
    follow_up_service,
    funding_call_service,
    invitation_service,
    partner_service,
    state_aid_service,
)
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.follow_up_models import FundingLevel
from missions_app.partnerships.follow_up_service import FollowUpContent
from missions_app.partnerships.funding_call_service import FundingCallContent
from missions_app.partnerships.models import CommitmentState
from missions_app.sites.models import Resource
from missions_app.strategy import link_service, signal_service
from missions_app.strategy import queries as strategy
from missions_app.strategy.models import Stance
from missions_app.workflow import gate_service, journey_service
from missions_app.workflow.method_service import method_in_force

AT_SEA = {
    "vessel": "Arbetsbåt, 8 meter", "lookout": "Två ombord", "communication_channel": "VHF 16 och mobil",
    "recovery_plan": "Bojarna tas upp samma dag", "position_polygon": "56.10, 15.60", "bottom_contact": "Ankare i sand",
    "ufs_notice": "Anmäld, exempel",
}  # fmt: skip
NEWCOMER = "nykomling@exempel.example"


def load_waiting(cast: Cast) -> None:
    """People who ask for something, texts half written, requests to answer; all from the last few days."""
    with clock.fixed(clock.now() - timedelta(days=2)):
        _asking(cast)
        _seating()
        _writing(cast)
        load_proposals(cast)
        _assessing(cast)
        _gathering(cast)
        _disclosing(cast)
        _funding(cast)
        _bringing(cast)
        _deciding(cast)
        _booking(cast)


def _challenge(title: str) -> Challenge:
    return db.session.scalars(select(Challenge).where(Challenge.title == title)).one()


def _mission(title: str) -> Mission:
    return db.session.scalars(select(Mission).where(Mission.title_sv == title)).one()


def _asking(cast: Cast) -> None:
    """An account, a place in an organisation and a new organisation are asked for; two signals are passed on."""
    request_service.request_account(
        email=NEWCOMER, name="Nykomling (exempel)", function="Projektledare", organisation="Exempelföretaget AB",
        message="Vi vill vara med om sensorer i havet.", locale="sv", origin="exempel",
    )  # fmt: skip
    request = db.session.scalars(select(AccountRequest).where(AccountRequest.email == NEWCOMER)).one()
    request_service.send_confirmation({"request_id": request.id})
    letters = db.session.scalars(select(Job).where(Job.kind == MAIL).order_by(Job.id.desc()))
    token = next(job.payload["data"]["token"] for job in letters if job.payload["to"] == NEWCOMER)
    request_service.confirm_request(token)
    organisation_service.ask_to_join(
        cast.organisations["bth"], user=cast.users["miljostrateg"], by=cast.actor("miljostrateg"),
        message="Jag är adjungerad i forskargruppen.",
    )  # fmt: skip
    organisation_service.request_organisation(
        Profile(name="Exempelbygdens fiskare", sector="civil", municipality="1081"),
        by=cast.actor("byalag"), user=cast.users["byalag"],
    )  # fmt: skip
    for title, what, theme in (
        ("Fler kvällar med strömavbrott på landet", "Byalag i tre kommuner berättar om samma sak.", ""),
        ("Badplatser med algblomning i juni", "Tidigare på året än förr, tre år i rad.", "healthy_seas"),
    ):
        signal_service.note_signal(
            title=title, what=what, theme=theme, source="Medborgardialog, exempel", by=cast.actor("va.karlskrona"),
        )  # fmt: skip


def _seating() -> None:
    """A seat that nobody holds yet."""
    seat_service.add_seat("run", "Ersättare", by=SYSTEM)


def _writing(cast: Cast) -> None:
    """A draft in the middle of being written, with an invited writer."""
    challenge = challenge_service.start_challenge(
        cast.organisations["solvesborg"], by=cast.actor("miljostrateg"),
        values={"title": "Tång som luktar vid badplatsen", "problem": "Tången ligger kvar i veckor och luktar."},
    )  # fmt: skip
    officer = cast.actor("miljostrateg")  # with the right that follows from having begun it
    challenge_service.save_challenge(
        challenge, {"affected": "Badgäster, boende och två restauranger.", "theme": "healthy_seas"}, by=officer,
        expected_version=challenge.version,
    )  # fmt: skip
    plan_service.add_indicator(
        challenge, IndicatorValues(label="Dagar med lukt", unit="dagar per säsong", direction="down"), by=officer
    )
    document = next(iter(strategy.documents()))
    link_service.set_link(challenge.journey, document, stance=Stance.SUPPORTS, reason="Rent vatten.", by=officer)
    author_service.invite_writer(challenge, email=cast.users["chef.solvesborg"].email, by=officer)


def _assessing(cast: Cast) -> None:
    """One assessor has declared and may score, another is unsure."""
    officer, challenge = cast.actor(OFFICER), _challenge("Stranden som flyttar sig")
    journey_service.move(challenge, "accept", by=officer)
    for who, answer in (("bedomare.a", "no"), ("bedomare.b", "unsure")):
        assignment = panel_service.assign_assessor(challenge, "challenge", cast.users[who], by=officer)
        answers = {
            one.id: declaration.Answer(answer, "" if answer == "no" else "Oklart") for one in declaration.QUESTIONS
        }
        declaration_service.declare_interests(assignment, challenge, answers, by=cast.actor(who))
    panel_service.assign_assessor(_mission("Stränder utan skräp"), "evaluation", cast.users["bedomare.a"], by=officer)


def _gathering(cast: Cast) -> None:
    """Interest to answer, an invitation by e-mail, a text to sign, aid to register."""
    mission = _mission("Lyckebyån räcker till alla")
    lead = cast.actor("koordinator")
    partner_service.show_interest(
        mission=mission, organisation=cast.organisations["havsgivare"], roles=["solution_provider"],
        message="Vi mäter flöden med egna givare.", by=cast.actor("havsgivare"),
    )  # fmt: skip
    invitation_service.invite_address(
        mission, email=cast.users["miljostrateg"].email, roles=["user_rep"], message="Vill ni dela era erfarenheter?",
        by=lead,
    )  # fmt: skip
    _calling(cast)
    beaches = _mission("Stränder utan skräp")
    declared = method_in_force().term("agreement", "dpa")
    agreement_service.write_agreement(
        beaches,
        kind="dpa",
        title="Bilder från stranden",
        clauses=dict.fromkeys(declared.must_hold, "Enligt bilaga. Exempel."),  # type: ignore[attr-defined]
        parties=[cast.organisations["solvesborg"], cast.organisations["bth"]],
        by=lead,
    )
    partner = partnerships.find_partner(beaches, cast.organisations["havsgivare"])
    if partner is not None:
        drawdown_service.log_hours(
            partner, worked_on=clock.today() - timedelta(days=20), hours=24.0, function="Utvecklingsingenjör",
            what="Montering av givare", by=cast.actor("havsgivare"),
        )  # fmt: skip
        state_aid_service.assess_state_aid(
            partner, ground=state_aid_service.DE_MINIMIS, value_ore=4_000_000, by=cast.actor(OFFICER),
            reasons="Fri användning av hamnen under två veckor, till marknadspris.",
        )  # fmt: skip


def _calling(cast: Cast) -> None:
    """A mission asks everybody; one who was invited answers with other terms."""
    mission, lead = _mission("Skugga där barnen väntar"), cast.actor("koordinator.netport")
    content = call_service.CallContent(
        text_sv="Vi söker dig som väntar på bussen vid Brunnsparken, och dig som kan räkna på värme kring ett tak.",
        text_en="We look for you who wait for the bus at Brunnsparken, and you who can compute heat around a roof.",
        opens_on=clock.today(), closes_on=clock.today() + timedelta(days=30),
    )  # fmt: skip
    call_service.publish_call(mission, content, by=lead)
    partner = partner_service.invite(
        mission=mission, organisation=cast.organisations["byalag"], roles=["user_rep"],
        message="Vill ni tala för dem som väntar på bussen?", by=lead,
    )  # fmt: skip
    partner_service.counter_offer(
        partner, roles=["user_rep"], message="Gärna, om mötena är på kvällstid och i Ronneby.", by=cast.actor("byalag"),
        expected_version=partner.version,
    )  # fmt: skip


def _disclosing(cast: Cast) -> None:
    """Somebody asks to read what a company has offered, and the registrar has taken it up."""
    with use_locale("sv"):
        asked = disclosure_service.ask(
            what="Jag vill läsa vad Exempel Havsgivare AB har lovat och erbjudit.", contact_email="",
            journey=_mission("Stränder utan skräp").journey, by=ANONYMOUS,
        )  # fmt: skip
    name = cast.organisations["havsgivare"].name
    for kind, key, title in disclosure_service.things_of(asked):
        if kind in ("offer", "promise") and title.startswith(name):
            disclosure_service.take_up(
                asked, kind=kind, key=key, by=cast.actor("registrator"), expected_version=asked.version
            )


def _funding(cast: Cast) -> None:
    """Funders' calls in the calendar."""
    today, officer = clock.today(), cast.actor(OFFICER)
    for source, title, days, phases, share in (
        ("Vinnova", "Innovation i vatten, exempel", 45, ("test",), 30),
        ("Regionalfonden Skåne-Blekinge", "Testbäddar i samverkan, exempel", 80, ("mobilise", "test"), 50),
        ("Klimatklivet", "Investeringar i klimatåtgärder, exempel", 120, ("scale",), 0),
    ):
        content = FundingCallContent(
            source, title, today, today + timedelta(days=days), phases=phases, least_own_percent=share
        )
        funding_call_service.enter_call(content, by=officer)


def _bringing(cast: Cast) -> None:
    """What partners have brought of what they promised, and money that came afterwards."""
    officer, day = cast.actor(OFFICER), clock.today() - timedelta(days=20)
    for mission in db.session.scalars(select(Mission).order_by(Mission.id)).all():
        share = 1.0 if missions.has_ended(mission) else 0.4
        for one in partnerships.commitments_of(mission):
            if one.kind != "hours" or not one.quantity or one.state is not CommitmentState.COMMITTED:
                continue
            if clock.day_of(one.made_at) < day:
                drawdown_service.log_hours(
                    one.partner, worked_on=day, hours=one.quantity * share, function="Projektmedarbetare",
                    what="Planering, mätning och möten", by=officer,
                )  # fmt: skip
    mission = _mission("Ålgräset tillbaka i Hanöbukten")
    followed = follow_up_service.decisions_followed(mission)[0]
    since = followed.decided_on
    for content in (
        FollowUpContent(FundingLevel.NATIONAL, "Havs- och vattenmyndigheten", "Plantering i två vikar till, exempel",
                        since, receiver="Sölvesborgs kommun", decision_id=followed.id, amount_ore=2_400_000_00),
        FollowUpContent(FundingLevel.EU, "Interreg Södra Östersjön", "Samma metod i Polen och Litauen, exempel", since,
                        decision_id=followed.id, currency="EUR", foreign_minor=180_000_00, rate_micro=11_240_000,
                        rate_on=since),
    ):  # fmt: skip
        follow_up_service.note(mission, content, by=officer)


def _deciding(cast: Cast) -> None:
    """A recommendation to decide on, and a body to answer."""
    mission = _mission("Skugga där barnen väntar")
    gate_service.recommend(
        mission, "g2", outcome="return", by=cast.actor(DECIDER),
        reasons="De boende saknas ännu i partnerskapet. Låt koordinatorn bjuda in dem först.",
    )  # fmt: skip
    gate_service.consult(
        _challenge("Vatten på Trossö vid högt hav"), "run", question="Ser nämnden hinder mot utmaningen?", days=14,
        by=cast.actor(OFFICER),
    )  # fmt: skip


def _booking(cast: Cast) -> None:
    """A request at sea that its owner has not answered."""
    resource = cast.resources[_at_sea(cast)]
    day = clock.today() + timedelta(days=40)
    while day.weekday() > 4 or _is_taken(resource, day) or _is_taken(resource, day + timedelta(days=7)):
        day += timedelta(days=1)
    booking_service.request_booking(
        resource=resource,
        use=Interval(at(day, 9), at(day, 14)),
        organisation=cast.organisations["bth"],
        content=_content(day),
        by=cast.actor(LEAD),
        requested_by=cast.users[LEAD],
    )


def _is_taken(resource: Resource, day: date) -> bool:
    return bool(occupancy.taken_on(resource, Interval(at(day, 0), at(day, 23))))


def _at_sea(cast: Cast) -> str:
    return next(key for key, manager in cast.managers.items() if manager == "platsansvarig.hav")


def _content(day: date) -> BookingContent:
    return BookingContent(
        purpose="Kalibrera givare inför nästa försök",
        reason="Kalibrering utanför försöken",
        on_site_responsible="Forskningsingenjör, 0455-00 00 00",
        emergency_contact="Vakthavande ingenjör",
        people_on_site=3,
        insurance_reference="Exempel 2",
        insurance_valid_to=day + timedelta(days=300),
        personal_data_assessment="Inga personuppgifter",
        camera_assessment="Ingen kamera",
        ethics_assessment="Inga frågor",
        weather_limits="Högst 8 m/s",
        reserve_dates=((day + timedelta(days=7)).isoformat(),),
        answers={"sea": True},
        details=AT_SEA,
    )
