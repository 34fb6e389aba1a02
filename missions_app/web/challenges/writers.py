"""Who writes a challenge together: inviting, answering, ending."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import author_service, policy, queries
from missions_app.challenges.models import Challenge, Invitation
from missions_app.edge.access import actor, signed_in
from missions_app.errors import DomainError, NotFound
from missions_app.i18n import _
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.editing import writable
from missions_app.web.challenges.forms import InviteForm
from missions_app.web.forms import show_error


@bp.route("/challenges/<reference>/writers", methods=["GET", "POST"])
@signed_in
def list_writers(reference: str) -> ResponseReturnValue:
    """Who writes along, who is invited, and a field to invite one more."""
    challenge, form = writable(reference), InviteForm()
    if form.validate_on_submit():
        try:
            author_service.invite_writer(challenge, email=form.email.data, by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The invitation is on its way."))
            return redirect(_url(challenge), 303)
    return render_template(
        "challenges/list_writers.html", challenge=challenge, form=form, writers=queries.writers_of(challenge),
        invitations=queries.open_invitations(challenge), title_of=words.title_of,
        days=policy.method_for(challenge).limits.invitation_days,
    )  # fmt: skip


@bp.post("/challenges/<reference>/writers/<int:user_id>/end")
@signed_in
def end_writing(reference: str, user_id: int) -> ResponseReturnValue:
    """Take the right to write along back."""
    challenge = writable(reference)
    author_service.end_writing(challenge, user_id, by=actor())
    flash(_("Done."))
    if user_id == actor().user_id:
        return redirect(url_for("challenges.list_challenges"), 303)
    return redirect(_url(challenge), 303)


@bp.post("/challenges/<reference>/invitations/<int:invitation_id>/withdraw")
@signed_in
def withdraw_invitation(reference: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    challenge = writable(reference)
    invitation = next((one for one in queries.open_invitations(challenge) if one.id == invitation_id), None)
    if invitation is None:
        raise NotFound()
    author_service.withdraw_invitation(invitation, by=actor())
    flash(_("The invitation is taken back."))
    return redirect(_url(challenge), 303)


@bp.route("/challenges/<reference>/invitations/<int:invitation_id>", methods=["GET", "POST"])
@signed_in
def answer_invitation(reference: str, invitation_id: int) -> ResponseReturnValue:
    """Say yes or no to writing along."""
    invitation = _mine(reference, invitation_id)
    if request.method == "POST":
        if request.form.get("answer") == "accept":
            author_service.accept_invitation(invitation, by=actor())
            flash(_("Welcome. You can write now."))
            return redirect(url_for("challenges.edit_challenge", reference=reference), 303)
        author_service.decline_invitation(invitation, by=actor())
        flash(_("Your answer is saved."))
        return redirect(url_for("work.show_work"), 303)
    return render_template("challenges/answer_invitation.html", challenge=invitation.challenge, invitation=invitation)


@bp.get("/challenges/<reference>/invitation")
@signed_in
def find_invitation(reference: str) -> ResponseReturnValue:
    """Where the link in the mail leads: the reader's own invitation to this challenge."""
    found = next((one for one in _invitations() if one.challenge.reference == reference), None)
    if found is None:
        raise NotFound()
    return redirect(url_for("challenges.answer_invitation", reference=reference, invitation_id=found.id), 303)


def _mine(reference: str, invitation_id: int) -> Invitation:
    found = next((one for one in _invitations() if one.id == invitation_id), None)
    if found is None or found.challenge.reference != reference:
        raise NotFound()
    return found


def _invitations() -> list[Invitation]:
    return list(queries.invitations_for(actor()))


def _url(challenge: Challenge) -> str:
    return url_for("challenges.list_writers", reference=challenge.reference)
