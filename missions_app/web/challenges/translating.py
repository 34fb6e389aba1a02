"""The public texts in the other language."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import challenge_service
from missions_app.challenges.content import TRANSLATED, plain
from missions_app.challenges.errors import StaleChallenge
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError
from missions_app.i18n import _
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.editing import conflict_page, writable
from missions_app.web.challenges.forms import TranslationForm
from missions_app.web.forms import show_error


@bp.route("/challenges/<reference>/translation", methods=["GET", "POST"])
@signed_in
def edit_translation(reference: str) -> ResponseReturnValue:
    """Write the title, the problem, those affected, the target and the place in the other language too."""
    challenge = writable(reference)
    form = TranslationForm(data={name: challenge.translation.get(name, "") for name in TRANSLATED},
                           version=challenge.version)  # fmt: skip
    if form.validate_on_submit():
        try:
            challenge_service.save_challenge(
                challenge, form.changes(), by=actor(), expected_version=form.expected_version
            )
        except StaleChallenge:
            mine = {name: plain(value) for name, value in form.changes().items()}
            return conflict_page(challenge, mine, form.expected_version), 409
        except DomainError as error:
            show_error(form, error)
            return _page(challenge, form), status_of(error)
        flash(_("The translation is saved."))
        return redirect(url_for("challenges.edit_challenge", reference=reference), 303)
    return _page(challenge, form)


def _page(challenge: Challenge, form: TranslationForm) -> str:
    other = "sv" if challenge.language == "en" else "en"
    own = {name: getattr(challenge, name) for name in TRANSLATED}
    return render_template(
        "challenges/edit_translation.html", form=form, challenge=challenge, other=other, own=own,
        title_of=words.title_of,
    )  # fmt: skip
