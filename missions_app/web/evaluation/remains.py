"""What a mission leaves behind besides figures: changes in the system, data sets, and barriers followed up."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import NotFound
from missions_app.evaluation import learning_service, policy, queries
from missions_app.evaluation.models import Dataset, Strength
from missions_app.i18n import _, both, lazy
from missions_app.missions import queries as missions
from missions_app.web.evaluation.blueprint import bp
from missions_app.web.evaluation.stories import crumbs_of_evaluation
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices_from
from missions_app.workflow.method_service import method_of

TEXT = 5000


class ChangeForm(Form):
    """Something in the system that has moved."""

    kind = SelectField(lazy("Kind"), validators=[InputRequired()])
    text = TextAreaField(lazy("What has changed"), validators=[InputRequired(), Length(max=TEXT)])
    evidence = TextAreaField(lazy("What shows it"), validators=[InputRequired(), Length(max=TEXT)])
    strength = RadioField(lazy("How strong the evidence is"), validators=[InputRequired()], default="weak")
    noticed_on = LocalDateField(lazy("When it was noticed"), validators=[InputRequired()])


class DatasetForm(Form):
    """Data that the mission leaves behind."""

    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=200)])
    description = TextAreaField(lazy("What the data tell"), validators=[InputRequired(), Length(max=TEXT)])
    is_open = BooleanField(lazy("Everybody may use them"))
    licence = StringField(
        lazy("Licence"), validators=[Optional(), Length(max=60)], description=lazy("For example CC0 or CC BY 4.0.")
    )
    location = StringField(
        lazy("Where they are"), validators=[Optional(), Length(max=500)],
        description=lazy("An address that lasts, such as a DOI or a page in a data catalogue."),
    )  # fmt: skip


class BarrierStateForm(VersionMixin, Form):
    """Where a barrier stands."""

    state = RadioField(lazy("Where it stands"), validators=[InputRequired()])
    tried = TextAreaField(lazy("What was tried"), validators=[Optional(), Length(max=TEXT)])


def strengths() -> dict[str, str]:
    """How strong evidence is, in words."""
    return {
        Strength.WEAK.value: _("Weak: it may as well be chance"),
        Strength.FAIR.value: _("Fair: several signs point the same way"),
        Strength.STRONG.value: _("Strong: documented, and others say so too"),
    }


@bp.route("/missions/<reference>/evaluation/changes/new", methods=["GET", "POST"])
@signed_in
def add_change(reference: str) -> ResponseReturnValue:
    """Note a change in the system."""
    mission = missions.get_mission(reference)
    authorise(policy.can_evaluate, mission)
    form = ChangeForm()
    form.kind.choices = choices_from(method_of(mission.journey.method_version).change_type)
    form.strength.choices = list(strengths().items())

    def act() -> None:
        learning_service.add_change(
            mission=mission, kind=form.kind.data, text=form.text.data or "", evidence=form.evidence.data or "",
            strength=Strength(form.strength.data), noticed_on=form.noticed_on.data, by=actor(),
        )  # fmt: skip

    return form_page(form, act, heading=_("Note a change"), crumbs=crumbs_of_evaluation(mission), button=_("Add"),
                     done=_("Added."))  # fmt: skip


@bp.get("/missions/<reference>/datasets")
@signed_in
def list_datasets(reference: str) -> ResponseReturnValue:
    """The data a mission leaves behind, each with how to cite it."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_results, mission)
    return render_template(
        "evaluation/list_datasets.html", mission=mission, datasets=queries.datasets_of(mission.id),
        citation=citation,
        crumbs=crumbs_of_evaluation(mission), can_evaluate=policy.can_evaluate(actor(), mission),
    )  # fmt: skip


@bp.route("/missions/<reference>/datasets/new", methods=["GET", "POST"])
@signed_in
def add_dataset(reference: str) -> ResponseReturnValue:
    """Describe data."""
    mission = missions.get_mission(reference)
    authorise(policy.can_evaluate, mission)
    form = DatasetForm()

    def act() -> None:
        learning_service.add_dataset(
            mission=mission, title=form.title.data or "", description=form.description.data or "",
            licence=form.licence.data or "", location=form.location.data or "", is_open=form.is_open.data, by=actor(),
        )  # fmt: skip

    return form_page(form, act, heading=_("Describe data"), crumbs=crumbs_of_evaluation(mission), button=_("Add"),
                     done=_("Added."), back=url_for("evaluation.list_datasets", reference=reference))  # fmt: skip


@bp.post("/missions/<reference>/datasets/<int:dataset_id>/publish")
@signed_in
def publish_dataset(reference: str, dataset_id: int) -> ResponseReturnValue:
    """Note that everybody can fetch it."""
    mission, dataset = missions.get_mission(reference), queries.get_dataset(dataset_id)
    if dataset.mission_id != mission.id:
        raise NotFound()
    version = request.form.get("version", type=int) or 0
    learning_service.publish_dataset(dataset, by=actor(), expected_version=version)
    flash(_("Noted: the data can be fetched by everybody."))
    return redirect(url_for("evaluation.list_datasets", reference=reference), 303)


@bp.get("/barriers/<int:barrier_id>")
@public
def show_barrier(barrier_id: int) -> ResponseReturnValue:
    """One barrier: whose it is, what shows it, what was tried."""
    barrier = queries.get_barrier(barrier_id)
    return render_template(
        "evaluation/show_barrier.html", barrier=barrier, mission=barrier.mission,
        method=method_of(barrier.mission.journey.method_version),
        can_follow=policy.can_evaluate(actor(), barrier.mission),
    )  # fmt: skip


@bp.route("/barriers/<int:barrier_id>/follow", methods=["GET", "POST"])
@signed_in
def follow_barrier(barrier_id: int) -> ResponseReturnValue:
    """Note where a barrier stands."""
    barrier = queries.get_barrier(barrier_id)
    authorise(policy.can_evaluate, barrier.mission)
    form = BarrierStateForm(obj=barrier)
    form.state.choices = choices_from(method_of(barrier.mission.journey.method_version).barrier_state)

    def act() -> None:
        learning_service.follow_barrier(
            barrier, state=form.state.data, tried=form.tried.data or "", by=actor(),
            expected_version=form.expected_version,
        )  # fmt: skip

    crumbs = [
        (_("Barriers"), url_for("evaluation.list_barriers")),
        (barrier.title, url_for("evaluation.show_barrier", barrier_id=barrier.id)),
    ]
    return form_page(form, act, heading=_("Where the barrier stands"), crumbs=crumbs, button=_("Save"),
                     done=_("Saved."))  # fmt: skip


def citation(dataset: Dataset) -> str:
    """How a data set is cited: who, when, what, from which mission, where."""
    mission = dataset.mission
    year = str(dataset.published_on.year) if dataset.published_on else _("not published")
    source = f"{both(mission.title_sv, mission.title_en)}, {mission.reference}"
    parts = (f"{mission.problem_owner.name} ({year})", dataset.title, source, dataset.location)
    return ". ".join(part for part in parts if part)
