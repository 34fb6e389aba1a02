"""What a challenge does to strategic documents."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges import plan_service, policy
from missions_app.challenges import queries as challenges
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.errors import DomainError
from missions_app.i18n import _, both
from missions_app.strategy import queries
from missions_app.strategy.models import Stance, StrategicDocument, StrategyLink
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import LinkForm
from missions_app.web.forms import choices, choices_from, show_error


def _linkable(reference: str) -> Challenge:
    challenge = challenges.get_readable(reference, actor())
    authorise(plan_service.can_link, challenge)
    return challenge


@bp.route("/challenges/<reference>/documents/new", methods=["GET", "POST"])
@signed_in
def add_link(reference: str) -> ResponseReturnValue:
    """Go through one more document."""
    challenge = _linkable(reference)
    taken = {link.document_id for link in queries.links_of(challenge.journey)}
    offered = [one for one in queries.documents() if one.id not in taken]
    form = _form(challenge, offered, LinkForm())
    if offered and form.validate_on_submit():
        return _save(challenge, form, queries.get_document(form.document.data), None)
    return _page(challenge, form, None, offered)


@bp.route("/challenges/<reference>/documents/<int:link_id>", methods=["GET", "POST"])
@signed_in
def edit_link(reference: str, link_id: int) -> ResponseReturnValue:
    """Change what was said about a document."""
    challenge = _linkable(reference)
    link = queries.get_link(challenge.journey, link_id)
    stance = link.stance.value if link.stance else None
    form = LinkForm(
        document=link.document.key, goal=str(link.goal_id or ""), stance=stance, reason=link.reason,
        version=link.version,
    )  # fmt: skip
    _form(challenge, [link.document], form)
    if form.validate_on_submit():
        return _save(challenge, form, link.document, link)
    return _page(challenge, form, link, [link.document])


@bp.post("/challenges/<reference>/documents/<int:link_id>/remove")
@signed_in
def remove_link(reference: str, link_id: int) -> ResponseReturnValue:
    """Take a document away; the history keeps what was said."""
    challenge = _linkable(reference)
    link = queries.get_link(challenge.journey, link_id)
    version = request.form.get("version", default=-1, type=int)
    plan_service.unlink_document(challenge, link, by=actor(), expected_version=version)
    flash(_("The document is taken away. The history keeps it."))
    return redirect(_back(challenge), 303)


def _form(challenge: Challenge, offered: list[StrategicDocument], form: LinkForm) -> LinkForm:
    method = policy.method_for(challenge)
    form.document.choices = choices((one.key, both(one.title_sv, one.title_en)) for one in offered)
    goals = [(str(goal.id), f"{both(one.title_sv, one.title_en)}: {both(goal.text_sv, goal.text_en)}")
             for one in offered for goal in one.goals if goal.retired_at is None]  # fmt: skip
    form.goal.choices = choices(goals, empty=_("The document as a whole"))
    form.stance.choices = choices_from(method.stance)
    return form


def _save(
    challenge: Challenge, form: LinkForm, document: StrategicDocument, link: StrategyLink | None
) -> ResponseReturnValue:
    try:
        plan_service.link_document(
            challenge, document, stance=Stance(form.stance.data), reason=form.reason.data or "", by=actor(),
            goal_id=int(form.goal.data) if form.goal.data else None,
            expected_version=form.expected_version if link else None,
        )  # fmt: skip
    except DomainError as error:
        show_error(form, error)
        return _page(challenge, form, link, [document]), status_of(error)
    flash(_("Saved."))
    return redirect(_back(challenge), 303)


def _back(challenge: Challenge) -> str:
    writes = policy.can_edit(actor(), challenge) and policy.is_editable(challenge)
    endpoint = "challenges.edit_challenge" if writes else "challenges.show_challenge"
    return url_for(endpoint, reference=challenge.reference, _anchor="links")


def _page(challenge: Challenge, form: LinkForm, link: StrategyLink | None, offered: list[StrategicDocument]) -> str:
    return render_template(
        "challenges/edit_link.html", form=form, challenge=challenge, link=link, offered=offered,
        back=_back(challenge), title_of=words.title_of,
    )  # fmt: skip
