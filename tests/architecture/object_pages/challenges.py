"""Challenges."""

from missions_app.challenges import author_service, hearing_service, merge_service, plan_service, queries
from missions_app.challenges.models import Challenge
from missions_app.indicators.queries import indicators_of
from missions_app.strategy.models import Stance
from missions_app.workflow import journey_service
from tests.architecture.object_pages import Arranged, ObjectPage
from tests.factories.accounts import grant_role, make_secretariat, make_user
from tests.factories.challenges import make_draft, make_representative, make_submitted, make_town, make_whole
from tests.factories.organisations import make_member
from tests.factories.outbox import queued_mail
from tests.factories.strategy import make_document


def _own(challenge: Challenge, **more: object) -> Arranged:
    """For somebody who may submit it."""
    reader = make_member(challenge.organisation, "problem_owner_rep")
    return Arranged({"reference": challenge.reference, **more}, reader)


def draft() -> Arranged:
    return _own(make_draft(title="Utkast"))


def measured() -> Arranged:
    challenge = make_whole()
    return _own(challenge, indicator_id=indicators_of(challenge.journey)[0].id)


def linked() -> Arranged:
    challenge = make_draft()
    link = plan_service.link_document(
        challenge, make_document(), stance=Stance.SUPPORTS, reason="", by=make_representative(challenge)
    )
    return _own(challenge, link_id=link.id)


def sent() -> Arranged:
    return _own(make_submitted())


def first_revision() -> Arranged:
    return _own(make_submitted(), number=1)


def screened() -> Arranged:
    """For the secretariat."""
    officer = make_user()
    grant_role(officer, "secretariat_officer")
    return Arranged({"reference": make_submitted().reference}, officer)


def merged() -> Arranged:
    arranged = screened()
    one = queries.get_challenge(str(arranged.values["reference"]))
    merge_service.merge_challenge(one, make_submitted(), reason="Samma gata", by=make_secretariat())
    return arranged


def _declined() -> Challenge:
    challenge = make_submitted()
    journey_service.move(challenge, "decline", by=make_secretariat(), reason="Ett vanligt inköp.")
    return challenge


def declined() -> Arranged:
    return _own(_declined())


def objected() -> Arranged:
    challenge, officer = _declined(), make_user()
    grant_role(officer, "secretariat_officer")
    objection = hearing_service.object_to_decline(challenge, text="Nej.", by=make_representative(challenge))
    return Arranged({"reference": challenge.reference, "objection_id": objection.id}, officer)


def invited() -> Arranged:
    challenge, guest = make_draft(make_town()), make_user()
    invitation = author_service.invite_writer(challenge, email=guest.email, by=make_representative(challenge))
    assert queued_mail("challenge_invitation")["to"] == guest.email
    return Arranged({"reference": challenge.reference, "invitation_id": invitation.id}, guest)


PAGES = [
    ObjectPage("challenges.edit_challenge", draft),
    ObjectPage("challenges.edit_translation", draft),
    ObjectPage("challenges.add_indicator", draft),
    ObjectPage("challenges.edit_indicator", measured),
    ObjectPage("challenges.add_link", draft),
    ObjectPage("challenges.edit_link", linked),
    ObjectPage("challenges.list_writers", draft),
    ObjectPage("challenges.answer_invitation", invited),
    ObjectPage("challenges.show_history", sent),
    ObjectPage("challenges.compare_revisions", sent),
    ObjectPage("challenges.show_receipt", sent),
    ObjectPage("challenges.return_challenge", screened),
    ObjectPage("challenges.merge_challenge", screened),
    ObjectPage("challenges.open_comments", screened),
    ObjectPage("challenges.set_number", screened),
    ObjectPage("challenges.split_challenge", merged),
    ObjectPage("challenges.object_to_decline", declined),
    ObjectPage("challenges.answer_objection", objected),
    ObjectPage("api_proposals.list_revisions", sent),
    ObjectPage("api_proposals.show_revision", first_revision),
    ObjectPage("api_proposals.list_objections", declined),
]
OPEN = {
    "challenges.show_challenge", "challenges.show_paper", "challenges.show_feed", "challenges.follow",
    "challenges.confirm_following", "challenges.stop_following", "challenges.find_invitation",
    "api_challenges.show_challenge", "api_proposals.list_comments",
}  # fmt: skip
