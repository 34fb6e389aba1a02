"""Bringing challenges together and splitting them, hearing the proposer, and the time for comments: the secretariat's
acts and the proposer's answer."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from missions_app.challenges import (
    discussion_service,
    hearing_queries,
    hearing_service,
    merge_queries,
    merge_service,
    policy,
    queries,
)
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.i18n import _, current_locale, lazy
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import FILL_IN
from missions_app.web.form_page import Crumbs, form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices
from missions_app.workflow.journey_queries import get_possible_move

YES, NO = "stands", "reopens"


class MergeWithForm(VersionMixin, Form):
    """With which one, and why."""

    into = RadioField(lazy("Bring it together with"), validators=[InputRequired(FILL_IN)])
    reason = TextAreaField(
        lazy("Why they belong together"), validators=[InputRequired(FILL_IN), Length(max=4000)],
        description=lazy("Those who wrote both read this."),
    )  # fmt: skip


class SplitForm(VersionMixin, Form):
    """Why it is to stand on its own again."""

    reason = TextAreaField(lazy("Why it is to stand on its own again"),
                           validators=[InputRequired(FILL_IN), Length(max=4000)])  # fmt: skip


class ObjectionForm(Form):
    """Why the reasons do not hold."""

    text = TextAreaField(lazy("What has been misunderstood or left out?"),
                         validators=[InputRequired(FILL_IN), Length(max=8000)])  # fmt: skip


class AnswerForm(Form):
    """Whether the refusal stands, and why."""

    outcome = RadioField(lazy("What do you say?"), validators=[InputRequired(FILL_IN)])
    answer = TextAreaField(lazy("Your answer"), validators=[InputRequired(FILL_IN), Length(max=8000)])


class PeriodForm(VersionMixin, Form):
    """From which day to which."""

    first = LocalDateField(lazy("First day"))
    last = LocalDateField(lazy("Last day"), description=lazy("Leave both empty to take the period away."))


def crumbs(challenge: Challenge) -> Crumbs:
    """Down to the challenge."""
    here = url_for("challenges.show_challenge", reference=challenge.reference)
    return [(_("Challenges"), url_for("challenges.list_challenges")), (words.title_of(challenge), here)]


def _screened(reference: str) -> Challenge:
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_screen, challenge)
    return challenge


@bp.route("/challenges/<reference>/bring-together", methods=["GET", "POST"])
@signed_in
def merge_challenge(reference: str) -> ResponseReturnValue:
    """Choose the one it goes on as part of; those that are alike come first."""
    challenge = _screened(reference)
    move = get_possible_move(challenge, merge_service.MERGE, actor())
    text = f"{challenge.title} {challenge.problem} {challenge.target_statement}"
    alike = {one.challenge.reference: one.shared for one in queries.similar_to(text, actor(), besides=challenge)}
    others = {one.reference: one for one in merge_queries.mergeable_with(challenge)}
    order = [*(one for one in alike if one in others), *(one for one in others if one not in alike)]
    form = MergeWithForm(version=challenge.journey.version)
    form.into.choices = choices((key, f"{words.title_of(others[key])} {key}") for key in order)
    return form_page(
        form,
        lambda: merge_service.merge_challenge(
            challenge, others[form.into.data], reason=form.reason.data or "", by=actor(),
            expected_version=form.expected_version,
        ),
        heading=move.label.in_(current_locale()), crumbs=crumbs(challenge), button=_("Bring together"),
        done=_("The challenges are brought together. Both histories are kept."),
        intro=_("It goes on as part of the other one. Both keep their texts and histories, and those who wrote it may "
                "write the other one too. You can split them again until the other one has been decided."),
        template="challenges/merge_challenge.html", others=others, alike=alike, title_of=words.title_of,
    )  # fmt: skip


@bp.route("/challenges/<reference>/split", methods=["GET", "POST"])
@signed_in
def split_challenge(reference: str) -> ResponseReturnValue:
    """Let it stand on its own again."""
    challenge = _screened(reference)
    move = get_possible_move(challenge, merge_service.SPLIT, actor())
    form = SplitForm(version=challenge.journey.version)
    return form_page(
        form,
        lambda: merge_service.split_challenge(
            challenge, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        ),
        heading=move.label.in_(current_locale()), crumbs=crumbs(challenge), button=_("Split again"),
        done=_("The challenge stands on its own again."),
    )  # fmt: skip


@bp.route("/challenges/<reference>/objection", methods=["GET", "POST"])
@signed_in
def object_to_decline(reference: str) -> ResponseReturnValue:
    """Answer the reasons for declining it, once."""
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_edit, challenge)
    declined = hearing_queries.last_decline(challenge)
    if declined is None:
        raise NotFound()
    form = ObjectionForm()
    return form_page(
        form, lambda: hearing_service.object_to_decline(challenge, text=form.text.data or "", by=actor()),
        heading=_("Answer the reasons"), crumbs=crumbs(challenge), button=_("Send the answer"),
        done=_("Your answer is with the secretariat."),
        intro=_("You can answer once. The secretariat reads it and says whether the refusal stands."),
        read_first=(_("The reasons"), declined.reason),
    )  # fmt: skip


@bp.route("/challenges/<reference>/objections/<int:objection_id>", methods=["GET", "POST"])
@signed_in
def answer_objection(reference: str, objection_id: int) -> ResponseReturnValue:
    """Say whether the refusal stands."""
    challenge = _screened(reference)
    objection = hearing_queries.get_objection(challenge, objection_id)
    form = AnswerForm()
    form.outcome.choices = choices([
        (YES, _("The refusal stands")), (NO, _("You are right: open the challenge again for its authors")),
    ])  # fmt: skip
    return form_page(
        form,
        lambda: hearing_service.answer_objection(
            objection, stands=form.outcome.data == YES, answer=form.answer.data or "", by=actor()
        ),
        heading=_("Answer the objection"), crumbs=crumbs(challenge), button=_("Send the answer"),
        done=_("The answer is sent."), read_first=(_("The proposer writes"), objection.text),
    )  # fmt: skip


@bp.route("/challenges/<reference>/comment-period", methods=["GET", "POST"])
@signed_in
def open_comments(reference: str) -> ResponseReturnValue:
    """Say when everybody may comment."""
    challenge = _screened(reference)
    form = PeriodForm(first=challenge.comments_from, last=challenge.comments_until, version=challenge.journey.version)
    return form_page(
        form,
        lambda: discussion_service.open_comments(
            challenge, first=form.first.data, last=form.last.data, by=actor(), expected_version=form.expected_version
        ),
        heading=_("Time for comments"), crumbs=crumbs(challenge), button=_("Save"), done=_("Saved."),
        intro=_("In this time everybody with an account may comment openly. Those who follow the challenge are told."),
    )  # fmt: skip


def joined_for(challenge: Challenge) -> dict[str, object]:
    """What the page of a challenge shows of this: what it is part of, its parts, and the hearing."""
    whole = policy.can_read_whole(actor(), challenge)
    merge = merge_queries.merge_of(challenge)
    seen = merge is not None and policy.can_read(actor(), merge.into)
    return {
        "merged_into": merge if seen else None, "parts": merge_queries.parts_of(challenge),
        "objections": hearing_queries.objections_to(challenge) if whole else [],
    }  # fmt: skip
