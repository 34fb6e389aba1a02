"""The log of a test, written on the phone while it runs."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.pictures import picture_response
from missions_app.errors import NotFound
from missions_app.experiments import log_service, policy, queries
from missions_app.i18n import _, lazy
from missions_app.web.experiments.blueprint import bp
from missions_app.web.experiments.experiments import crumbs_of
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, LocalTimeField, PictureField, local_moment


class NoteForm(Form):
    """One note."""

    text = TextAreaField(lazy("What happened"), validators=[InputRequired(), Length(max=4000)])
    is_deviation = BooleanField(lazy("It went otherwise than planned"))
    photo = PictureField(lazy("A picture of it"), validators=[Optional()])
    photo_text = StringField(
        lazy("What the picture shows"),
        validators=[Optional(), Length(max=500)],
        description=lazy("Needed when there is a picture: for those who cannot see it."),
    )
    day = LocalDateField(
        lazy("Day"), validators=[Optional()], description=lazy("Only if it was not now: then the time too.")
    )
    at = LocalTimeField(lazy("Time"), validators=[Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """A day without a time, or the other way, would be passed over."""
        valid = super().validate(extra_validators)
        for given, lacking in ((self.day, self.at), (self.at, self.day)):
            if given.data and not lacking.data and not lacking.errors:
                lacking.errors = [_("Give both the day and the time, or neither.")]
                return False
        return bool(valid)


@bp.route("/experiments/<reference>/log/new", methods=["GET", "POST"])
@signed_in
def note_in_log(reference: str) -> ResponseReturnValue:
    """Write something down."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_report, experiment)
    form = NoteForm()

    def act() -> None:
        sent = form.photo.data
        log_service.note(
            experiment, text=form.text.data or "", is_deviation=form.is_deviation.data, by=actor(),
            photo=sent.read() if sent and sent.filename else None, photo_text=form.photo_text.data or "",
            happened_at=local_moment(form.day.data, form.at.data) if form.day.data and form.at.data else None,
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Write in the log"), crumbs=crumbs_of(experiment), button=_("Note"), done=_("Noted.")
    )


@bp.get("/experiments/<reference>/log/<int:entry_id>/photo")
@signed_in
def show_log_photo(reference: str, entry_id: int) -> ResponseReturnValue:
    """The picture of a note."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_read_plan, experiment)
    entry = log_service.get_entry(experiment, entry_id)
    if entry.photo is None:
        raise NotFound()
    return picture_response(entry.photo, f"{reference}-{entry_id}")


@bp.post("/experiments/<reference>/log/<int:entry_id>/photo/remove")
@signed_in
def remove_log_photo(reference: str, entry_id: int) -> ResponseReturnValue:
    """Take the picture of a note away."""
    experiment = queries.get_experiment(reference)
    authorise(policy.can_read_plan, experiment)
    log_service.remove_photo(log_service.get_entry(experiment, entry_id), by=actor())
    flash(_("The picture is taken away."))
    return redirect(url_for("experiments.show_experiment", reference=reference, _anchor="log"), 303)
