"""Who may read, write and send in a challenge. Pure."""

from datetime import date

from missions_app.accounts.actor import Actor, challenge_scope, organisation_scope
from missions_app.accounts.policy import is_secretariat
from missions_app.challenges.models import Challenge
from missions_app.comments.models import Visibility
from missions_app.comments.policy import circles
from missions_app.workflow.method import Method
from missions_app.workflow.method_parts import State
from missions_app.workflow.method_service import method_of

WRITER = "member"
REPRESENTATIVE = "problem_owner_rep"
ASSESSOR = "assessor"


def state_of(challenge: Challenge) -> State:
    """The state of the method's journey the challenge is in."""
    journey = challenge.journey
    return method_of(journey.method_version).state(journey.subject_kind, journey.state)


def method_for(challenge: Challenge) -> Method:
    """The method version the challenge travels under."""
    return method_of(challenge.journey.method_version)


def can_draft(actor: Actor, organisation_id: int) -> bool:
    """Everybody who belongs to an organisation drafts for it; the secretariat helps anybody."""
    return organisation_id in actor.organisations() or is_secretariat(actor)


def is_public(challenge: Challenge) -> bool:
    """Whether everybody may read it: it has been sent in, and the method shows its state openly."""
    return challenge.submitted_at is not None and state_of(challenge).public


def is_author(actor: Actor, challenge: Challenge) -> bool:
    """Those who write it: invited writers, and the representatives of the organisation that owns it."""
    own = challenge_scope(challenge.id)
    return _holds(actor, WRITER, own) or _represents(actor, challenge)


def can_read(actor: Actor, challenge: Challenge) -> bool:
    """The public once it is public; before that its authors, its organisation, the secretariat and its assessors."""
    return is_public(challenge) or can_read_whole(actor, challenge)


def can_read_whole(actor: Actor, challenge: Challenge) -> bool:
    """Also what is not public: authors, members of the organisation, the secretariat, assessors cleared to score."""
    return (
        is_author(actor, challenge)
        or is_secretariat(actor)
        or challenge.organisation_id in actor.organisations()
        or _holds(actor, ASSESSOR, challenge_scope(challenge.id))
    )


def can_read_claims(actor: Actor, challenge: Challenge) -> bool:
    """What the owner asks to keep secret: the owner, the secretariat and the assessors, nobody by technical office."""
    return can_read_whole(actor, challenge)


def can_edit(actor: Actor, challenge: Challenge) -> bool:
    """Its authors. Whether it may be changed *now* is a rule."""
    return is_author(actor, challenge)


def is_editable(challenge: Challenge) -> bool:
    """Whether it is the authors' turn."""
    return state_of(challenge).kind == "open"


def can_submit(actor: Actor, challenge: Challenge) -> bool:
    """Only a representative of the organisation that owns it sends it in."""
    return _represents(actor, challenge)


def can_invite(actor: Actor, challenge: Challenge) -> bool:
    """Its authors invite others to write along."""
    return is_author(actor, challenge)


def can_screen(actor: Actor, _challenge: object = None) -> bool:
    """The secretariat takes in, returns and declines."""
    return is_secretariat(actor)


def may_take_in(challenge: Challenge) -> bool:
    """Whether another challenge may become part of it: it has been sent in and its way has not ended."""
    return challenge.submitted_at is not None and state_of(challenge).kind != "ended"


def may_comment_openly(actor: Actor, challenge: Challenge, today: date) -> bool:
    """Everybody in the period where one is set; its authors and the secretariat answer at any time."""
    if challenge.comments_from is None or challenge.comments_until is None:
        return True
    if is_author(actor, challenge) or is_secretariat(actor):
        return True
    return challenge.comments_from <= today <= challenge.comments_until


def can_read_history(actor: Actor, challenge: Challenge) -> bool:
    """Revisions show earlier drafts: for those who may read the whole challenge."""
    return can_read_whole(actor, challenge)


def can_read_discussion(actor: Actor, challenge: Challenge) -> list[Visibility]:
    """The circles of comments the actor belongs to."""
    return circles(actor, is_author=is_author(actor, challenge), is_public_case=is_public(challenge))


def _represents(actor: Actor, challenge: Challenge) -> bool:
    return _holds(actor, REPRESENTATIVE, organisation_scope(challenge.organisation_id)) or _holds(
        actor, REPRESENTATIVE, challenge_scope(challenge.id)
    )


def _holds(actor: Actor, role: str, scope: object) -> bool:
    # A right held in the whole region does not make anybody an author or assessor of one case.
    return (role, scope) in actor.grants
