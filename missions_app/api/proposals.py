"""Around a challenge: drafts from answers, similar ones, revisions, writers, comments, hearing, merging, following."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Filters, Input, Output
from missions_app.api.challenges import ChallengeOut, ChallengeRow, whole_of
from missions_app.api.schemas import Day
from missions_app.api.shapes import ReasonIn, input_of, output_of
from missions_app.challenges import (
    author_service,
    challenge_service,
    discussion_service,
    following_service,
    hearing_queries,
    hearing_service,
    merge_service,
    policy,
    queries,
    restore_service,
)
from missions_app.challenges.drafting import Answers
from missions_app.challenges.models import Challenge, Invitation, Objection, Revision
from missions_app.comments import comment_service
from missions_app.comments import queries as comments
from missions_app.comments.models import Visibility
from missions_app.documents import policy as documents
from missions_app.documents.queries import documents_of
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import current_locale
from missions_app.organisations import queries as organisations

bp = ApiBlueprint("proposals", "Around a challenge: its first draft, its revisions, its writers, and what others say")
AnswersIn = input_of(Answers)
RevisionRow = output_of(Revision, "number", "challenge_version", "kind", "saved_at", name="RevisionRow")
InvitationOut = output_of(Invitation, "id", "email", "expires_on", name="WriterInvitationOut")
ObjectionOut = output_of(
    Objection, "id", "text", "written_at", "stands", "answer", "answered_at", name="ObjectionOut"
)  # fmt: skip


class DraftIn(Input):
    """Whose draft, in which language, and the plain answers it is made of."""

    organisation = fields.String(required=True, metadata={"description": "slug"})
    language = fields.String(load_default="sv")
    answers = fields.Nested(AnswersIn, required=True)


class SimilarFilters(Filters):
    """A text, and a challenge that is left out."""

    text = fields.String(load_default="")
    besides = fields.String(load_default="")


class SimilarOut(Output):
    """A challenge about much the same, and the words that both have."""

    challenge = fields.Nested(ChallengeRow)
    shared = fields.List(fields.String())


class RevisionOut(RevisionRow):
    """The whole content at one time."""

    content = fields.Raw()


class EmailIn(Input):
    """An e-mail address."""

    email = fields.String(required=True)


class CommentIn(Input):
    """A comment and whom it is for."""

    text = fields.String(required=True)
    visibility = fields.Enum(enum=Visibility, by_value=True, required=True)


class CommentOut(Output):
    """A comment; without text when it has been taken back."""

    id = fields.Integer()
    visibility = fields.Enum(enum=Visibility, by_value=True)
    text = fields.Function(lambda one: None if one.withdrawn_at else one.text)
    written_at = fields.DateTime()
    author = fields.Function(lambda one: one.author.function)


class PeriodIn(Input):
    """The days in which everybody may comment; both null takes the period away."""

    first = Day(required=True, allow_none=True)
    last = Day(required=True, allow_none=True)


class MergeIn(Input):
    """With which one, and why."""

    into = fields.String(required=True, metadata={"description": "reference"})
    reason = fields.String(required=True)


class TextIn(Input):
    """Words."""

    text = fields.String(required=True)


class HearingIn(Input):
    """Whether the refusal stands, and why."""

    stands = fields.Boolean(required=True)
    answer = fields.String(required=True)


def _readable(reference: str) -> Challenge:
    return queries.get_readable(reference, actor())


@bp.post("/challenges/drafts")
@signed_in
@bp.arguments(DraftIn)
@bp.response(201, ChallengeOut)
def draft_challenge(body: dict[str, Any]) -> Any:
    """Begin a draft that builds itself from plain answers."""
    challenge = challenge_service.draft_challenge(
        organisations.get_organisation(body["organisation"]), Answers(**body["answers"]), by=actor(),
        language=body["language"],
    )  # fmt: skip
    return whole_of(challenge, is_own=True)


@bp.get("/challenges/similar")
@public
@bp.arguments(SimilarFilters, location="query")
@bp.response(200, SimilarOut(many=True))
def list_similar(filters: dict[str, Any]) -> Any:
    """Challenges the caller may see that are about much the same as a text."""
    besides = queries.find_readable(filters["besides"], actor()) if filters["besides"] else None
    return [_similar(one) for one in queries.similar_to(filters["text"], actor(), besides=besides)]


def _similar(one: queries.Similar) -> dict[str, Any]:
    return {"challenge": one.challenge, "shared": list(one.shared)}


@bp.get("/challenges/<reference>/revisions")
@signed_in
@bp.paged(RevisionRow)
def list_revisions(reference: str) -> Any:
    """Every revision, newest first."""
    challenge = _readable(reference)
    authorise(policy.can_read_history, challenge)
    return queries.revisions_of(challenge)


@bp.get("/challenges/<reference>/revisions/<int:number>")
@signed_in
@bp.response(200, RevisionOut)
def show_revision(reference: str, number: int) -> dict[str, Any]:
    """The whole content of one revision; of attachments those that the caller may read."""
    challenge = _readable(reference)
    authorise(policy.can_read_history, challenge)
    found = queries.revision_of(challenge, number)
    mine = {one.id for one in documents.readable(actor(), documents_of(challenge.journey), challenge)}
    attached = [row for row in found.content.get("attachments", []) if row["id"] in mine]
    return {
        "number": found.number, "challenge_version": found.challenge_version, "kind": found.kind,
        "saved_at": found.saved_at, "content": {**found.content, "attachments": attached},
    }  # fmt: skip


@bp.post("/challenges/<reference>/revisions/<int:number>/restore")
@signed_in
@bp.versioned
@bp.response(200, ChallengeOut)
def restore_revision(reference: str, number: int, expected_version: int) -> dict[str, Any]:
    """Let an earlier revision stand again, as a new one."""
    challenge = _readable(reference)
    restore_service.restore_revision(challenge, number, by=actor(), expected_version=expected_version)
    return whole_of(challenge)


@bp.post("/challenges/<reference>/writers")
@signed_in
@bp.arguments(EmailIn)
@bp.response(201, InvitationOut)
def invite_writer(body: dict[str, Any], reference: str) -> Invitation:
    """Invite somebody to write along; the answer never tells whether the address has an account."""
    return author_service.invite_writer(_readable(reference), email=body["email"], by=actor())


@bp.post("/challenges/<reference>/invitation/<answer>")
@signed_in
@bp.response(204)
def answer_invitation(reference: str, answer: str) -> None:
    """Say yes (accept) or no (decline) to one's own invitation."""
    acts = {"accept": author_service.accept_invitation, "decline": author_service.decline_invitation}
    mine = next((one for one in queries.invitations_for(actor()) if one.challenge.reference == reference), None)
    if mine is None or answer not in acts:
        raise NotFound()
    acts[answer](mine, by=actor())


@bp.get("/challenges/<reference>/comments")
@public
@bp.response(200, CommentOut(many=True))
def list_comments(reference: str) -> Any:
    """The comments the caller may read, oldest first."""
    challenge = _readable(reference)
    return comments.comments_on(challenge, policy.can_read_discussion(actor(), challenge))


@bp.post("/challenges/<reference>/comments")
@signed_in
@bp.arguments(CommentIn)
@bp.response(201, CommentOut)
def write_comment(body: dict[str, Any], reference: str) -> Any:
    """Say something to those who may read it."""
    return discussion_service.comment(_readable(reference), by=actor(), **body)


@bp.post("/challenges/<reference>/comments/<int:comment_id>/withdraw")
@signed_in
@bp.response(204)
def withdraw_comment(reference: str, comment_id: int) -> None:
    """Take a comment back."""
    challenge = _readable(reference)
    comment_service.withdraw_comment(comments.get_comment(challenge, comment_id), by=actor())


@bp.put("/challenges/<reference>/comment-period")
@signed_in
@bp.versioned
@bp.arguments(PeriodIn)
@bp.response(204)
def open_comments(body: dict[str, Any], reference: str, expected_version: int) -> None:
    """Say in which time everybody may comment. The version is the case's."""
    discussion_service.open_comments(_readable(reference), by=actor(), expected_version=expected_version, **body)


@bp.post("/challenges/<reference>/merge")
@signed_in
@bp.versioned
@bp.arguments(MergeIn)
@bp.response(200, ChallengeOut)
def merge_challenge(body: dict[str, Any], reference: str, expected_version: int) -> dict[str, Any]:
    """Let it go on as part of another. The version is the case's."""
    challenge = _readable(reference)
    merge_service.merge_challenge(
        challenge, _readable(body["into"]), reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return whole_of(challenge)


@bp.post("/challenges/<reference>/split")
@signed_in
@bp.versioned
@bp.arguments(ReasonIn)
@bp.response(200, ChallengeOut)
def split_challenge(body: dict[str, Any], reference: str, expected_version: int) -> dict[str, Any]:
    """Let it stand on its own again. The version is the case's."""
    challenge = _readable(reference)
    merge_service.split_challenge(challenge, reason=body["reason"], by=actor(), expected_version=expected_version)
    return whole_of(challenge)


@bp.post("/challenges/<reference>/objections")
@signed_in
@bp.arguments(TextIn)
@bp.response(201, ObjectionOut)
def object_to_decline(body: dict[str, Any], reference: str) -> Objection:
    """Answer the reasons for declining it, once."""
    return hearing_service.object_to_decline(_readable(reference), text=body["text"], by=actor())


@bp.get("/challenges/<reference>/objections")
@signed_in
@bp.response(200, ObjectionOut(many=True))
def list_objections(reference: str) -> Any:
    """What was answered to refusals, newest first."""
    challenge = _readable(reference)
    authorise(policy.can_read_whole, challenge)
    return hearing_queries.objections_to(challenge)


@bp.post("/challenges/<reference>/objections/<int:objection_id>/answer")
@signed_in
@bp.arguments(HearingIn)
@bp.response(200, ObjectionOut)
def answer_objection(body: dict[str, Any], reference: str, objection_id: int) -> Objection:
    """Say whether the refusal stands."""
    objection = hearing_queries.get_objection(_readable(reference), objection_id)
    hearing_service.answer_objection(objection, by=actor(), **body)
    return objection


@bp.post("/challenges/<reference>/followers")
@public
@bp.arguments(EmailIn)
@bp.response(202)
def follow(body: dict[str, Any], reference: str) -> None:
    """Ask for letters; the address confirms first. The answer is the same whether it follows already or not."""
    following_service.ask_to_follow(_readable(reference), email=body["email"], locale=current_locale())
