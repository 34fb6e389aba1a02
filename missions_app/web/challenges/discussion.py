"""Comments on a challenge."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import discussion_service, queries
from missions_app.comments import comment_service
from missions_app.comments import queries as comments
from missions_app.comments.errors import CircleNotYours
from missions_app.comments.models import Visibility
from missions_app.edge.access import actor, signed_in
from missions_app.i18n import _
from missions_app.web.challenges.blueprint import bp


@bp.post("/challenges/<reference>/comments")
@signed_in
def write_comment(reference: str) -> ResponseReturnValue:
    """Say something to those who may read it."""
    challenge = queries.get_readable(reference, actor())
    try:
        visibility = Visibility(request.form.get("visibility", ""))
    except ValueError as error:
        raise CircleNotYours(field="visibility") from error
    discussion_service.comment(challenge, visibility=visibility, text=request.form.get("text", ""), by=actor())
    flash(_("Your comment is there."))
    return redirect(url_for("challenges.show_challenge", reference=reference, _anchor="comments"), 303)


@bp.post("/challenges/<reference>/comments/<int:comment_id>/withdraw")
@signed_in
def withdraw_comment(reference: str, comment_id: int) -> ResponseReturnValue:
    """Take a comment back."""
    challenge = queries.get_readable(reference, actor())
    comment_service.withdraw_comment(comments.get_comment(challenge, comment_id), by=actor())
    flash(_("The comment is taken back."))
    return redirect(url_for("challenges.show_challenge", reference=reference, _anchor="comments"), 303)
