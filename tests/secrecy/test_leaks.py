"""What is claimed as a trade secret is on no page, in no list, count, export, feed, mail, index and answer of those who
have no right to it. The addresses are made from the application's own map, so that a new page is tried too."""

import json
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from missions_app import clock, db
from missions_app.accounts.actor import ANONYMOUS
from missions_app.accounts.models import User
from missions_app.audit.models import AuditEvent
from missions_app.challenges.models import Challenge
from missions_app.documents import disclosure_service, document_service, storage
from missions_app.documents.document_service import Claim
from missions_app.documents.models import Printout, Visibility
from missions_app.experiments.models import Experiment
from missions_app.missions.models import Mission
from missions_app.organisations import offer_service, organisation_service
from missions_app.organisations.models import OfferKind
from missions_app.organisations.offer_service import OfferContent
from missions_app.outbox.models import Job
from missions_app.partnerships import commitment_service
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.commitment_service import PromiseContent
from missions_app.search.models import SearchTerm
from tests.factories.accounts import bearer, make_user, sign_in
from tests.factories.beside import make_everything_beside
from tests.factories.reached import Secrets, make_everything_reached
from tests.factories.told import told_once
from tests.journeys import people
from tests.journeys import region as story
from tests.journeys.people import Region
from tests.reading import NOTHING_THERE, SECRETS, VALUES, addresses, content_of, variables
from tests.sending import answers_to_acts

WORD = "sekretord"
IN_PARTNERSHIP = {f"{WORD}{name}" for name in ("promise", "condition", "why", "offer", "lend", "evidence", "file")}
IN_CHALLENGE = {f"{WORD}{name}" for name in ("place", "placewhy")}
PROPOSAL = f"{WORD}proposal"  # not claimed, but between the organisation and those who take part
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n" + f"% {WORD}file".encode()


@told_once
def world() -> tuple[Region, Mission]:
    """A mission that has been tested, with a secret in every field that can be claimed."""
    with clock.fixed(people.day(0)):
        region = people.make_region()
        challenge = story.write_challenge(region, place=f"{WORD}place", claims={"place": f"{WORD}placewhy"})
    with clock.fixed(people.day(20)):
        mission = story.adopt(region, challenge)
    with clock.fixed(people.day(60)):
        story.form_partnership(region, mission)
        claim(region, mission)
        resource = story.make_street(region)
        experiment, booking = story.plan_and_book(region, mission, resource, use_day=90)
    with clock.fixed(story.at(90, 8)):
        story.test_and_report(region, mission, experiment, booking)
    with clock.fixed(people.day(120)):
        story.evaluate(region, mission, "scale_up")
        make_everything_beside(region, mission)
    return region, mission


def claim(region: Region, mission: Mission) -> None:
    """What the company claims as secret: a promise, an offer, what shows a capability, and a file."""
    admin, company = region.actor("company_admin"), region.company
    partner = partnerships.find_partner(mission, company)
    assert partner is not None
    partner.message = f"{PROPOSAL} om hur vi vill vara med."
    promised = PromiseContent(
        "expertise", f"{WORD}promise", quantity=3.0, value_ore=1_000_00, condition=f"{WORD}condition",
        visibility=Visibility.CLAIMED_SECRET, claim_reason=f"{WORD}why",
    )  # fmt: skip
    promise = commitment_service.promise(partner, promised, by=admin)
    commitment_service.confirm_promise(promise, by=admin, expected_version=promise.version)
    offered = OfferContent(
        OfferKind.DATA, f"{WORD}offer", f"{WORD}lend", peak="games", visibility="confidential_claim",
        claim_reason=f"{WORD}why",
    )  # fmt: skip
    offer = offer_service.add_offer(company, offered, by=admin)
    organisation_service.set_capabilities(company, {"games": (3, f"{WORD}evidence", "confidential_claim")}, by=admin)
    document_service.upload(
        subject=mission, kind="evidence", title=f"{WORD}file", file_name=f"{WORD}file.pdf", content=PDF, by=admin,
        visibility=Visibility.CLAIMED_SECRET, claim=Claim(f"{WORD}why"),
    )  # fmt: skip
    asked = disclosure_service.ask(what="Allt.", journey=mission.journey, contact_email="", by=ANONYMOUS)
    for kind, key in (("offer", offer.id), ("promise", promise.id)):
        disclosure_service.take_up(
            asked, kind=kind, key=str(key), by=region.actor("registrar"), expected_version=asked.version
        )


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize("who", ["visitor", "stranger", "village_admin", "coordinator"])
def test_no_address_shows_a_claimed_secret_to_those_without_the_right(
    app: Flask, client: FlaskClient, session: Session, who: str
) -> None:
    region, mission = world()
    user = make_user() if who == "stranger" else region.people.get(who)
    with clock.fixed(people.day(120)):
        secrets = reached(region, mission, holder=user or make_user())
    forbidden = IN_PARTNERSHIP | IN_CHALLENGE | ({PROPOSAL} if who in ("visitor", "stranger") else set())
    shown, opened = dict[str, str](), 0
    with clock.fixed(people.day(121)):
        pages, machine = client, app.test_client()
        headers = bearer(user) if user is not None else {}
        if user is not None:
            sign_in(pages, user)
        for path in list(addresses(app, session, public_only=user is None, secrets=secrets)):
            answer = machine.get(path, headers=headers) if path.startswith("/api/") else pages.get(path)
            opened += answer.status_code == 200
            shown[path] = content_of(answer.data)
        # Outsiders try every address; those who take part what their pages offer, for which nobody turns them away.
        answered = answers_to_acts(
            app, pages, session, user, shown, secrets=secrets, blindly=who not in region.people
        )  # fmt: skip

    read = [*shown.items(), *answered.items()]
    assert [(path, word) for path, said in read for word in forbidden if word in said] == []
    assert opened > (40 if user is None else 100)
    assert len(answered) >= 20
    if who == "coordinator":
        assert Counter(said[:3] for said in answered.values())["409"] > 0


def reached(region: Region, mission: Mission, *, holder: User) -> Secrets:
    """What is reached by a number or a secret of its own, and the calendar links of whoever looks."""
    challenge = db.session.scalars(sa.select(Challenge)).first()
    experiment = db.session.scalars(sa.select(Experiment)).first()
    assert challenge is not None
    return make_everything_reached(holder, followed=challenge, mission=mission, experiment=experiment)


def test_every_variable_of_an_address_is_tried(app: Flask) -> None:
    used = {one for rule in app.url_map.iter_rules() for one in variables(rule)}

    assert used - set(VALUES) - SECRETS - NOTHING_THERE - {"static/filename"} == set()


def test_a_pdf_is_read_as_somebody_reads_it(session: Session) -> None:
    """The secrets would be found: the statement holds the words of a promise that is not claimed."""
    world()

    read = [content_of(storage.store().get(one.sha256)) for one in session.scalars(sa.select(Printout)) if one.sha256]
    assert len(read) > 10
    assert any("Arbetstid" in one for one in read)


def test_no_mail_message_index_or_trail_holds_a_claimed_secret(session: Session) -> None:
    region, _mission = world()
    may = {region.people[who].email for who in ("company_admin", "registrar", "decider", "recommender")}
    owners = may | {region.people[who].email for who in ("officer", "representative", "assessor_a", "assessor_b")}

    written = []
    for job in session.scalars(sa.select(Job)):
        text = json.dumps(job.payload, ensure_ascii=False)
        allowed = (set() if job.payload.get("to") in may else IN_PARTNERSHIP) | (
            set() if job.payload.get("to") in owners else IN_CHALLENGE
        )
        written += [(job.kind, job.payload.get("template"), word) for word in allowed if word in text]
    terms = [one for one in session.scalars(sa.select(SearchTerm.term)) if WORD in one]
    trail = [
        one.action for one in session.scalars(sa.select(AuditEvent)) if WORD in json.dumps(one.data, ensure_ascii=False)
    ]

    assert (written, terms, trail) == ([], [], [])
