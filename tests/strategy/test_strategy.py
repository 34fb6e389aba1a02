"""The register of documents, what cases do to them, and signals."""

import pytest
from sqlalchemy.orm import Session

from missions_app.accounts.actor import SYSTEM
from missions_app.challenges import challenge_service, plan_service
from missions_app.errors import NotAllowed, StaleVersion
from missions_app.strategy import queries, register_service, signal_service
from missions_app.strategy.errors import (
    DocumentRetired,
    GoalOfAnotherDocument,
    KeyTaken,
    ReasonForClash,
    SignalSettled,
    TitleMissing,
)
from missions_app.strategy.facts import strategy_facts
from missions_app.strategy.models import SignalState, Stance
from missions_app.strategy.register_service import DocumentValues
from missions_app.workflow.errors import ReasonMissing
from missions_app.workflow.method_service import method_in_force
from tests.factories.accounts import make_actor, make_secretariat
from tests.factories.challenges import make_draft, make_representative, make_town
from tests.factories.organisations import method_in_force as adopt_method
from tests.factories.strategy import make_document, make_signal

PLAN = DocumentValues(title_sv="Översiktsplan", title_en="Comprehensive plan", level="local", edition="2024")


def test_the_register_is_the_secretariats(session: Session) -> None:
    with pytest.raises(NotAllowed):
        register_service.add_document("plan", PLAN, by=make_actor())


def test_add_document_refuses_a_taken_key_and_a_nameless_one(session: Session) -> None:
    register_service.add_document("plan", PLAN, by=make_secretariat())

    with pytest.raises(KeyTaken):
        register_service.add_document("plan", PLAN, by=make_secretariat())
    with pytest.raises(TitleMissing):
        register_service.add_document("p", DocumentValues(title_sv=" ", title_en="", level="local"), by=SYSTEM)


def test_save_document_refuses_a_stale_version(session: Session) -> None:
    document = make_document()
    seen = document.version
    register_service.save_document(document, PLAN, by=make_secretariat(), expected_version=seen)

    with pytest.raises(StaleVersion):
        register_service.save_document(document, PLAN, by=make_secretariat(), expected_version=seen)


def test_load_from_method_enters_each_document_once(session: Session) -> None:
    adopt_method()
    method = method_in_force()

    first = register_service.load_from_method(method, by=SYSTEM)

    assert len(first) == len(method.strategic_document)
    assert register_service.load_from_method(method, by=SYSTEM) == []


def test_a_link_keeps_the_edition_it_was_judged_against(session: Session) -> None:
    challenge, document = make_draft(), make_document(edition="2024")
    by = make_representative(challenge)

    link = plan_service.link_document(challenge, document, stance=Stance.SUPPORTS, reason="Samma mål.", by=by)
    register_service.save_document(
        document, DocumentValues(title_sv="Ny", title_en="New", level="local", edition="2028"), by=SYSTEM
    )

    assert (link.edition, link.reviewed_by_id) == ("2024", by.user_id)


def test_a_clash_needs_a_reason_and_is_counted(session: Session) -> None:
    challenge, document = make_draft(), make_document()
    by = make_representative(challenge)
    with pytest.raises(ReasonForClash):
        plan_service.link_document(challenge, document, stance=Stance.CLASHES, reason=" ", by=by)

    plan_service.link_document(challenge, document, stance=Stance.CLASHES, reason="Tar parkering.", by=by)

    assert strategy_facts(challenge)["clashes"] == 1
    assert [link.reason for link in session.scalars(queries.clashes())] == ["Tar parkering."]


def test_a_link_without_a_stance_is_not_reviewed(session: Session) -> None:
    challenge = make_draft()

    plan_service.link_document(challenge, make_document(), stance=None, reason="", by=make_representative(challenge))

    assert [row["reviewed"] for row in strategy_facts(challenge)["strategy_links"]] == [False]


def test_a_link_takes_only_goals_of_its_document_and_documents_in_force(session: Session) -> None:
    challenge, document, other = make_draft(), make_document("A"), make_document("B")
    by = make_representative(challenge)
    goal = register_service.add_goal(other, text_sv="Hav", text_en="Sea", by=SYSTEM)
    with pytest.raises(GoalOfAnotherDocument):
        plan_service.link_document(challenge, document, stance=Stance.NEUTRAL, reason="", by=by, goal_id=goal.id)
    register_service.retire_document(document, by=SYSTEM)

    with pytest.raises(DocumentRetired):
        plan_service.link_document(challenge, document, stance=Stance.NEUTRAL, reason="", by=by)


def test_a_signal_becomes_a_challenge_once(session: Session) -> None:
    town, secretariat = make_town(), make_secretariat()
    signal = make_signal(make_actor())

    challenge = challenge_service.start_challenge(
        town, by=secretariat, values={"title": signal.title, "problem": signal.what}, signal=signal
    )

    assert (signal.state, signal.became_id) == (SignalState.PROMOTED, challenge.journey_id)
    with pytest.raises(SignalSettled):
        challenge_service.start_challenge(town, by=secretariat, signal=signal)


def test_a_signal_is_set_aside_with_a_reason_by_the_secretariat(session: Session) -> None:
    signal = make_signal(make_actor())

    with pytest.raises(NotAllowed):
        signal_service.set_aside(signal, reason="Nej", by=make_actor())
    with pytest.raises(ReasonMissing):
        signal_service.set_aside(signal, reason=" ", by=make_secretariat())
    signal_service.set_aside(signal, reason="Hanteras redan.", by=make_secretariat())

    assert (signal.state, signal.set_aside_because) == (SignalState.SET_ASIDE, "Hanteras redan.")
