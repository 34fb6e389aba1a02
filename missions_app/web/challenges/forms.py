"""The shapes of what people type about challenges."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from missions_app.challenges.content import BY_NAME, CLAIMABLE, FIELDS, TRANSLATED, FieldKind
from missions_app.challenges.drafting import Answers
from missions_app.challenges.models import Challenge
from missions_app.comments.models import Visibility
from missions_app.edge.words import sentence
from missions_app.errors import Problem
from missions_app.i18n import _, lazy
from missions_app.organisations.places import municipality_names
from missions_app.web.forms import (
    Form,
    LocalDateField,
    MoneyField,
    NumberField,
    VersionMixin,
    choices,
    choices_from,
)
from missions_app.workflow.method import Method

FILL_IN = lazy("Fill this in.")
LANGUAGES = choices([("sv", "Svenska"), ("en", "English")])
POINT = ("latitude", "longitude", "radius_km")
OWN_FIELDS = tuple(one.name for one in FIELDS if one.name not in ("claims", "translation"))


def _label(name: str) -> Any:
    return lazy(BY_NAME[name].label)


class StartForm(Form):
    """Six plain questions, from which a draft builds itself."""

    organisation = SelectField(lazy("For which organisation?"), validators=[InputRequired(FILL_IN)])
    language = SelectField(lazy("In which language do you write?"), choices=LANGUAGES)
    problem = TextAreaField(lazy("What does not work today?"), validators=[InputRequired(FILL_IN), Length(max=7000)])
    extent = TextAreaField(lazy("How large is the problem?"), validators=[Length(max=900)])
    affected = TextAreaField(lazy("Who notices it?"), validators=[Length(max=8000)])
    place = StringField(lazy("Where is it?"), validators=[Length(max=300)])
    target_statement = TextAreaField(lazy("What shall be different, and by when?"), validators=[Length(max=8000)])
    mandate_function = StringField(lazy("Who on your side stands behind it?"), validators=[Length(max=200)])
    title = StringField(_label("title"), validators=[Length(max=200)])

    @property
    def answers(self) -> Answers:
        """What was answered."""
        return Answers(
            what=self.problem.data or "", extent=self.extent.data or "", who=self.affected.data or "",
            where=self.place.data or "", change=self.target_statement.data or "",
            backing=self.mandate_function.data or "", name=self.title.data or "",
        )  # fmt: skip


class ChallengeForm(VersionMixin, Form):
    """The whole challenge. Nothing is required until it is sent in."""

    title = StringField(_label("title"))
    problem = TextAreaField(_label("problem"))
    affected = TextAreaField(_label("affected"))
    claim_affected = BooleanField(lazy("Ask for this text to be kept secret"))
    claim_affected_reason = StringField(lazy("Why it should be kept secret"))
    target_statement = TextAreaField(_label("target_statement"))
    target_date = LocalDateField(_label("target_date"))
    place = StringField(_label("place"))
    claim_place = BooleanField(lazy("Ask for this text to be kept secret"))
    claim_place_reason = StringField(lazy("Why it should be kept secret"))
    municipalities = SelectMultipleField(_label("municipalities"))
    latitude = NumberField(_label("latitude"))
    longitude = NumberField(_label("longitude"))
    radius_km = NumberField(_label("radius_km"))
    theme = SelectField(_label("theme"))
    specialisation = SelectField(_label("specialisation"))
    secondary_specialisations = SelectMultipleField(_label("secondary_specialisations"))
    response_type = SelectField(_label("response_type"))
    innovation_types = SelectMultipleField(_label("innovation_types"))
    geographic_reach = SelectField(_label("geographic_reach"))
    bottlenecks = SelectMultipleField(_label("bottlenecks"))
    mandate_function = StringField(_label("mandate_function"))
    resources = TextAreaField(_label("resources"))
    claim_resources = BooleanField(lazy("Ask for this text to be kept secret"))
    claim_resources_reason = StringField(lazy("Why it should be kept secret"))
    regional_money_ore = MoneyField(_label("regional_money_ore"))

    def __init__(self, challenge: Challenge, method: Method) -> None:
        claims = {f"claim_{name}": name in challenge.claims for name in CLAIMABLE}
        reasons = {f"claim_{name}_reason": challenge.claims.get(name, "") for name in CLAIMABLE}
        super().__init__(obj=challenge, data={**claims, **reasons})
        self.beside: list[tuple[str, str]] = []
        self.is_refused = False  # what was typed cannot be kept; else something is missing before it can be sent in
        for name in OWN_FIELDS:
            field, vocabulary = BY_NAME[name], BY_NAME[name].vocabulary
            if name == "municipalities":
                self[name].choices = choices(municipality_names().items())
            elif vocabulary:
                empty = _("Choose …") if field.kind is FieldKind.KEY else None
                self[name].choices = choices_from(_terms(method, name, vocabulary), empty=empty)

    def changes(self) -> dict[str, Any]:
        """Every field as typed, for the service."""
        claims = {name: self[f"claim_{name}_reason"].data or "" for name in CLAIMABLE if self[f"claim_{name}"].data}
        return {**{name: self[name].data for name in OWN_FIELDS}, "claims": claims}

    def unread(self) -> set[str]:
        """The fields whose text is no value of their kind."""
        return {str(name) for name in self.errors if name in OWN_FIELDS}

    def point_out(self, problems: list[Problem]) -> None:
        """Show what is missing at its field; what belongs to an indicator beside its row."""
        for problem in problems:
            name = problem.field or ""
            if name in self:
                self[name].errors = [*self[name].errors, sentence(problem)]
            elif name.startswith("indicator"):
                self.beside.append((name, sentence(problem)))
            else:
                self.form_problems.append(sentence(problem))

    @property
    def has_problems(self) -> bool:
        """Also when something is missing beside the fields."""
        return bool(super().has_problems or self.beside)

    def problem_rows(self) -> list[tuple[str, str]]:
        """Fields in their order, then what stands beside them."""
        return [*super().problem_rows(), *((anchor_of(name), text) for name, text in self.beside)]


def together(field: str) -> set[str]:
    """The fields that are kept or left out as one: a text with the wish to keep it secret, and a point on the map."""
    if field.startswith("claim_"):
        return {"claims", field.removeprefix("claim_")}
    return {*POINT} if field in POINT else {field}


def anchor_of(name: str) -> str:
    """Where on the page an indicator's problem stands: "indicator-7-source" -> "indicator-7"."""
    parts = name.split("-")
    return "-".join(parts[:2]) if len(parts) > 1 else name


def _terms(method: Method, name: str, vocabulary: str) -> list[Any]:
    terms = getattr(method, vocabulary)
    # Followed everywhere, so no challenge is about it.
    return [one for one in terms if not (name == "theme" and one.id == "cross_cutting")]


class TranslationForm(VersionMixin, Form):
    """The public texts in the other language."""

    title = StringField(_label("title"))
    problem = TextAreaField(_label("problem"))
    affected = TextAreaField(_label("affected"))
    target_statement = TextAreaField(_label("target_statement"))
    place = StringField(_label("place"))

    def changes(self) -> dict[str, Any]:
        """The translation as the service takes it."""
        return {"translation": {name: self[name].data or "" for name in TRANSLATED}}


class ReturnForm(VersionMixin, Form):
    """Named points to mend; empty rows are left out."""

    reason = TextAreaField(lazy("Some words to begin with"), validators=[Length(max=4000)])
    field_1 = SelectField(lazy("Where"), default="")
    point_1 = TextAreaField(lazy("What to mend"), validators=[Length(max=2000)])
    field_2 = SelectField(lazy("Where"), default="")
    point_2 = TextAreaField(lazy("What to mend"), validators=[Length(max=2000)])
    field_3 = SelectField(lazy("Where"), default="")
    point_3 = TextAreaField(lazy("What to mend"), validators=[Length(max=2000)])
    field_4 = SelectField(lazy("Where"), default="")
    point_4 = TextAreaField(lazy("What to mend"), validators=[Length(max=2000)])


class InviteForm(Form):
    """Somebody to write along."""

    email = EmailField(lazy("E-mail address"), validators=[InputRequired(FILL_IN), Length(max=254)])


class CommentForm(Form):
    """A comment and whom it is for."""

    visibility = RadioField(lazy("Who may read it?"), validators=[InputRequired(FILL_IN)])
    text = TextAreaField(lazy("Your comment"), validators=[InputRequired(FILL_IN), Length(max=4000)])

    def fill_choices(self, circles: list[Visibility]) -> None:
        """The circles the writer belongs to."""
        words = circle_words()
        self.visibility.choices = choices((one.value, words[one]) for one in circles)
        if self.visibility.data is None and circles:
            self.visibility.data = circles[0].value


def circle_words() -> Mapping[Visibility, str]:
    """Each circle in words."""
    return {
        Visibility.AUTHORS: _("Those who write the challenge"),
        Visibility.SECRETARIAT: _("Those who write, and the secretariat"),
        Visibility.PUBLIC: _("Everybody"),
    }


class NumberForm(VersionMixin, Form):
    """The case number of an incoming document."""

    registry_number = StringField(lazy("Case number"), validators=[InputRequired(FILL_IN), Length(max=60)])


class LinkForm(VersionMixin, Form):
    """What the challenge does to a strategic document."""

    document = SelectField(lazy("Document"), validators=[InputRequired(FILL_IN)])
    goal = SelectField(lazy("Goal"), default="")
    stance = RadioField(lazy("How do they go together?"), validators=[InputRequired(FILL_IN)])
    reason = TextAreaField(lazy("In what way"), validators=[Length(max=4000)])


class MergeForm(VersionMixin, Form):
    """What stands after two people have written at the same time. `mine` is everything I had typed, as JSON."""

    mine = HiddenField()
