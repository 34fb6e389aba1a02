"""The shapes of what people type about documents and signals."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from missions_app.i18n import N_, _, lazy
from missions_app.strategy.register_service import DocumentValues
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices

FILL_IN = lazy("Fill this in.")
LEVELS = {
    "local": N_("Local"), "regional": N_("Regional"), "national": N_("National"),
    "macro_regional": N_("Baltic Sea region"), "european": N_("European"), "global": N_("Global"),
}  # fmt: skip


def level_words() -> dict[str, str]:
    """Each level in words, nearest first."""
    return {key: _(text) for key, text in LEVELS.items()}


class DocumentForm(VersionMixin, Form):
    """An entry of the register."""

    key = StringField(
        lazy("Short name for addresses"),
        validators=[
            InputRequired(FILL_IN), Length(max=60),
            Regexp(r"^[a-z0-9_-]+$", message=lazy("Use small letters a–z, figures and hyphens.")),
        ],
    )  # fmt: skip
    title_sv = StringField(lazy("Title in Swedish"), validators=[InputRequired(FILL_IN), Length(max=300)])
    title_en = StringField(lazy("Title in English"), validators=[Length(max=300)])
    level = SelectField(lazy("Level"), validators=[InputRequired(FILL_IN)])
    publisher = StringField(lazy("Who has adopted it"), validators=[Length(max=200)])
    edition = StringField(lazy("Edition"), validators=[Length(max=60)])
    adopted_on = LocalDateField(lazy("Adopted"))
    valid_until = LocalDateField(lazy("In force until"))
    url = StringField(lazy("Address on the web"), validators=[Length(max=500)])
    named_in_strategy = BooleanField(lazy("Named in the region's own strategy"))

    def fill_choices(self) -> None:
        """The levels."""
        self.level.choices = choices(level_words().items())

    def values(self) -> DocumentValues:
        """The entry as typed."""
        texts: dict[str, Any] = {
            name: self[name].data or "" for name in ("title_sv", "title_en", "level", "publisher", "edition", "url")
        }
        return DocumentValues(
            **texts, adopted_on=self.adopted_on.data, valid_until=self.valid_until.data,
            named_in_strategy=bool(self.named_in_strategy.data),
        )  # fmt: skip


class GoalForm(Form):
    """One goal of a document."""

    text_sv = TextAreaField(lazy("Goal in Swedish"), validators=[InputRequired(FILL_IN), Length(max=2000)])
    text_en = TextAreaField(lazy("Goal in English"), validators=[Length(max=2000)])


class SignalForm(Form):
    """Something somebody has noticed."""

    title = StringField(lazy("What is it called?"), validators=[InputRequired(FILL_IN), Length(max=200)])
    what = TextAreaField(lazy("What have you noticed?"), validators=[InputRequired(FILL_IN), Length(max=4000)])
    so_what = TextAreaField(lazy("What could it mean for us?"), validators=[Length(max=4000)])
    source = StringField(lazy("Where have you seen it?"), validators=[Length(max=500)])
    theme = SelectField(lazy("Theme"), default="")


class SetAsideForm(VersionMixin, Form):
    """Why nothing more is done."""

    reason = TextAreaField(lazy("Why we do not go on with it"), validators=[InputRequired(FILL_IN), Length(max=4000)])


class PromoteForm(Form):
    """For whom the challenge is begun."""

    organisation = SelectField(lazy("Which organisation owns the problem?"), validators=[InputRequired(FILL_IN)])
