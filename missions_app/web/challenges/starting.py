"""Beginning a challenge: six plain questions, and whether somebody has written about the same already."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts.policy import is_secretariat
from missions_app.challenges import challenge_service, queries
from missions_app.challenges.queries import Similar
from missions_app.edge.access import actor, public, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, current_locale
from missions_app.organisations import queries as organisations
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import StartForm
from missions_app.web.forms import choices, show_error
from missions_app.workflow.method_service import method_in_force

LONGEST_QUESTION = 2000


@bp.route("/challenges/new", methods=["GET", "POST"])
@signed_in
def start_challenge() -> ResponseReturnValue:
    """What becomes public first, then the questions. Nothing but the first needs an answer."""
    owners = organisations.all_active() if is_secretariat(actor()) else organisations.organisations_of(actor())
    form, similar = StartForm(language=current_locale()), None
    form.organisation.choices = choices((one.slug, one.name) for one in owners)
    if request.form.get("next") == "similar":
        similar = queries.similar_to(form.answers.text, actor())
    elif owners and form.validate_on_submit():
        try:
            challenge = challenge_service.draft_challenge(
                organisations.get_organisation(form.organisation.data), form.answers, by=actor(),
                language=form.language.data,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The draft is saved as %(reference)s. Look through what your answers became.",
                    reference=challenge.reference))  # fmt: skip
            return redirect(url_for("challenges.edit_challenge", reference=challenge.reference), 303)
    return render_template("challenges/start_challenge.html", form=form, owners=owners, **similar_rows(similar))


@bp.get("/challenges/similar")
@public
def list_similar() -> ResponseReturnValue:
    """Challenges about much the same as a text, with the words they share."""
    text = (request.args.get("text") or "").strip()[:LONGEST_QUESTION]
    besides = queries.find_readable(request.args.get("besides") or "", actor())
    return render_template(
        "challenges/list_similar.html", text=text,
        **similar_rows(queries.similar_to(text, actor(), besides=besides) if text else None),
    )  # fmt: skip


def similar_rows(found: list[Similar] | None) -> dict[str, object]:
    """What the list of similar challenges needs; None where nothing has been asked for."""
    return {
        "similar": found, "title_of": words.title_of, "method": method_in_force(),
    }  # fmt: skip
