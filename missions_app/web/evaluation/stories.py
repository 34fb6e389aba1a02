"""The evaluation of a mission: the story, statements, lessons, the closing report."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.evaluation import closing_service, learning_service, policy, story_service
from missions_app.evaluation.models import Certainty
from missions_app.evaluation.story_service import Story
from missions_app.i18n import _, lazy
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.partnerships import queries as partnerships
from missions_app.partnerships.models import Partner, PartnerState
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.evaluation.learning import LessonForm
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, VersionMixin, choices_from
from missions_app.web.missions.missions import crumbs_of
from missions_app.workflow.method_service import method_of

TEXT = 20_000


class StoryForm(VersionMixin, Form):
    """The contribution story."""

    story = TextAreaField(
        lazy("What changed, what we did, and why we believe it helped"),
        validators=[InputRequired(), Length(max=TEXT)],
        description=lazy("At least 600 characters."),
    )
    rival_explanations = TextAreaField(lazy("What else may explain it"), validators=[InputRequired(), Length(max=TEXT)])
    speaks_against = TextAreaField(lazy("What speaks against"), validators=[Optional(), Length(max=TEXT)])
    certainty = RadioField(lazy("How sure we are"), validators=[InputRequired()])
    surer_by = TextAreaField(lazy("What would make us surer"), validators=[Optional(), Length(max=TEXT)])


class StatementForm(Form):
    """What a party says."""

    organisation = SelectField(lazy("Organisation"), validators=[InputRequired()])
    partner_role = SelectField(lazy("In which role"), validators=[InputRequired()])
    text = TextAreaField(lazy("What it says about the outcome"), validators=[InputRequired(), Length(max=TEXT)])


class ClosingReportForm(Form):
    """The closing report."""

    text = TextAreaField(lazy("The closing report"), validators=[InputRequired(), Length(max=100_000)],
                         description=lazy("It becomes public at once."))  # fmt: skip
    authority = StringField(lazy("On which ground you may sign"), validators=[InputRequired(), Length(max=300)])


def crumbs_of_evaluation(mission: Mission) -> list[tuple[str, str]]:
    """The way to a mission's evaluation."""
    return [*crumbs_of(mission), (_("Evaluation"), url_for("evaluation.show_evaluation", reference=mission.reference))]


def certainties() -> dict[str, str]:
    """How sure one may be, in words."""
    return {
        Certainty.LOW.value: _("Not very sure"),
        Certainty.MEDIUM.value: _("Fairly sure"),
        Certainty.HIGH.value: _("Sure"),
    }


@bp.route("/missions/<reference>/evaluation/story", methods=["GET", "POST"])
@signed_in
def edit_story(reference: str) -> ResponseReturnValue:
    """Write the contribution story."""
    mission = missions.get_mission(reference)
    authorise(policy.can_evaluate, mission)
    kept = story_service.story_of(mission)
    form = StoryForm(obj=kept)
    form.certainty.choices = list(certainties().items())
    if kept is not None and not form.is_typed:
        form.certainty.data = kept.certainty.value

    def act() -> None:
        content = Story(
            form.story.data or "", form.rival_explanations.data or "", form.speaks_against.data or "",
            Certainty(form.certainty.data), form.surer_by.data or "",
        )  # fmt: skip
        story_service.save_story(mission, content, by=actor(), expected_version=form.expected_version if kept else None)

    return form_page(
        form,
        act,
        heading=_("Contribution story"),
        crumbs=crumbs_of_evaluation(mission),
        button=_("Save"),
        done=_("Saved."),
    )


@bp.route("/missions/<reference>/evaluation/statements/new", methods=["GET", "POST"])
@signed_in
def state_outcome(reference: str) -> ResponseReturnValue:
    """State what a party thinks of the outcome."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_results, mission)
    form = StatementForm()
    speaking = may_speak(mission)
    form.organisation.choices = [(one.organisation.slug, one.organisation.name) for one in speaking]
    roles = {role for one in speaking for role in one.roles}
    known = method_of(mission.journey.method_version).partner_role
    form.partner_role.choices = choices_from([one for one in known if one.id in roles])

    def act() -> None:
        story_service.state_outcome(
            mission=mission, organisation=organisations.get_organisation(form.organisation.data),
            partner_role=form.partner_role.data, text=form.text.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form,
        act,
        heading=_("State a view of the outcome"),
        crumbs=crumbs_of_evaluation(mission),
        button=_("Send your statement"),
        done=_("Saved."),
    )


def may_speak(mission: Mission) -> list[Partner]:
    """The parties that the reader may speak for."""
    committed = (one for one in partnerships.partners_of(mission) if one.state is PartnerState.COMMITTED)
    return [one for one in committed if policy.can_state(actor(), (mission, one.organisation_id))]


@bp.route("/missions/<reference>/evaluation/lessons/new", methods=["GET", "POST"])
@signed_in
def add_mission_lesson(reference: str) -> ResponseReturnValue:
    """Keep something the whole mission has taught."""
    mission = missions.get_mission(reference)
    authorise(policy.can_evaluate, mission)
    form = LessonForm()
    form.tag.choices = choices_from(method_of(mission.journey.method_version).lesson_tag)

    def act() -> None:
        learning_service.add_lesson(
            mission=mission, tag=form.tag.data, context=form.context.data or "", learnt=form.learnt.data or "",
            so_what=form.so_what.data or "", by=actor(),
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Add a lesson"), crumbs=crumbs_of_evaluation(mission), button=_("Add"), done=_("Added.")
    )


@bp.route("/missions/<reference>/closing-report", methods=["GET", "POST"])
@signed_in
def publish_closing_report(reference: str) -> ResponseReturnValue:
    """Write, sign and publish the closing report."""
    mission = missions.get_mission(reference)
    authorise(policy.can_evaluate, mission)
    form = ClosingReportForm()

    def act() -> None:
        closing_service.publish_closing_report(
            mission, text=form.text.data or "", authority=form.authority.data or "", by=actor()
        )

    return form_page(
        form, act, heading=_("The closing report"), crumbs=crumbs_of_evaluation(mission),
        button=_("Sign and publish"), done=_("The closing report is public."),
    )  # fmt: skip
