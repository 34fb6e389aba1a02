"""The shapes of what people type about organisations."""

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.i18n import _, lazy
from missions_app.organisations.models import OfferKind, Organisation
from missions_app.organisations.offer_service import OfferContent
from missions_app.organisations.places import municipality_names
from missions_app.organisations.rules import Profile
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices, choices_from
from missions_app.workflow.method import Method

FILL_IN = lazy("Fill this in.")
PLAIN = (
    "name", "sector", "subtype", "size_class", "municipality", "number", "contact_function", "contact_email", "website",
    "description_sv", "description_en", "provenance",
)  # fmt: skip


class OrganisationForm(VersionMixin, Form):
    """An organisation's entry."""

    name = StringField(lazy("Name"), validators=[InputRequired(FILL_IN), Length(max=200)])
    number = StringField(lazy("Organisation number"), validators=[Length(max=20)])
    sector = SelectField(lazy("Sector"), validators=[InputRequired(FILL_IN)])
    subtype = SelectField(lazy("Special kind"), default="")
    size_class = SelectField(lazy("Size"), default="")
    municipality = SelectField(lazy("Municipality"), default="")
    country = StringField(lazy("Country, two letters"), default="SE", validators=[Length(max=2)])
    is_undertaking = BooleanField(lazy("Sells goods or services on a market"))
    description_sv = TextAreaField(lazy("What you do, in Swedish"), validators=[Length(max=4000)])
    description_en = TextAreaField(lazy("What you do, in English"), validators=[Length(max=4000)])
    website = StringField(lazy("Website"), validators=[Length(max=300)])
    contact_function = StringField(lazy("Whom to contact"), validators=[Length(max=200)])
    contact_email = EmailField(lazy("E-mail address for contact"), validators=[Length(max=254)])
    provenance = StringField(lazy("Whence this is known"), validators=[Length(max=300)])
    is_another = BooleanField(lazy("It is another organisation than the one with a similar name"))

    def fill_choices(self, method: Method) -> None:
        """The method's words and the region's municipalities."""
        self.sector.choices = choices_from(method.sector, empty=_("Choose …"))
        self.subtype.choices = choices_from(method.org_subtype, empty=_("None of these"))
        self.size_class.choices = choices_from(method.size_class, empty=_("Not given"))
        self.municipality.choices = choices(municipality_names().items(), empty=_("Outside the region or not given"))

    def profile(self, present: Organisation | None = None) -> Profile:
        """The entry as typed; fields that the reader was not shown stay as they are."""
        values: dict[str, Any] = {name: (getattr(self, name).data or "").strip() for name in PLAIN if name in self}
        kept = {name: getattr(present, name) or "" for name in PLAIN if name not in self and present is not None}
        country = (self.country.data or "SE").strip().upper()
        outside = country != "SE" or not values.get("municipality")
        return Profile(
            **kept, **values, country=country, is_undertaking=self.is_undertaking.data, is_outside_region=outside
        )


class CapabilityForm(Form):
    """One thing an organisation can do, how well, and what shows it."""

    peak = SelectField(lazy("Capability"), validators=[InputRequired(FILL_IN)])
    level = SelectField(lazy("How well"), coerce=int)
    evidence = TextAreaField(lazy("What shows it"), validators=[Length(max=2000)])
    visibility = SelectField(lazy("Who reads what shows it"))

    def fill_choices(self, method: Method) -> None:
        """The method's words."""
        self.peak.choices = choices_from(method.peak, empty=_("Choose …"))
        self.visibility.choices = choices_from(method.visibility)
        self.level.choices = choices((str(level), level_words(level)) for level in (1, 2, 3))


def level_words(level: int) -> str:
    """How well somebody can do something."""
    return (_("Some experience"), _("Experienced"), _("Leading"))[level - 1]


class OfferForm(VersionMixin, Form):
    """Something an organisation can lend."""

    kind = SelectField(lazy("What kind"), validators=[InputRequired(FILL_IN)])
    text_sv = TextAreaField(
        lazy("What you can lend, in Swedish"), validators=[InputRequired(FILL_IN), Length(max=2000)],
        description=lazy("In the words others use: what it is, how much, what it can do."),
    )  # fmt: skip
    text_en = TextAreaField(lazy("The same in English"), validators=[Length(max=2000)])
    peak = SelectField(lazy("The peak it belongs to"), default="")
    available_from = LocalDateField(lazy("Free from"), validators=[Optional()])
    available_until = LocalDateField(lazy("Free until"), validators=[Optional()])
    visibility = RadioField(
        lazy("Who reads it"), validators=[InputRequired(FILL_IN)],
        description=lazy("Only what is open makes you found by missions that need it."),
    )  # fmt: skip
    claim_reason = TextAreaField(
        lazy("Why it should be kept secret, if so"), validators=[Length(max=2000)],
        description=lazy("Say which harm would come of showing it. Secrecy is tried when somebody asks for it."),
    )  # fmt: skip

    def fill_choices(self, method: Method) -> None:
        """Our kinds, the method's peaks and visibilities."""
        self.kind.choices = choices((kind.value, offer_kind_words(kind.value)) for kind in OfferKind)
        self.peak.choices = choices_from(method.peak, empty=_("None in particular"))
        self.visibility.choices = choices_from(method.visibility)
        if not self.is_submitted() and not self.visibility.data:
            self.visibility.data = "public"

    def content(self) -> OfferContent:
        """The offer as typed."""
        return OfferContent(
            kind=OfferKind(self.kind.data), text_sv=self.text_sv.data or "", text_en=self.text_en.data or "",
            peak=self.peak.data or "", available_from=self.available_from.data,
            available_until=self.available_until.data, visibility=self.visibility.data,
            claim_reason=self.claim_reason.data or "",
        )  # fmt: skip


def offer_kind_words(kind: str) -> str:
    """What can be lent."""
    return {
        "site": _("A site"), "equipment": _("Equipment"), "data": _("Data"),
        "students": _("Theses and internships"), "expertise": _("Expertise"), "network": _("A network"),
    }[kind]  # fmt: skip


class JoinForm(Form):
    """A word to those who answer."""

    message = TextAreaField(lazy("A word to those who answer"), validators=[Length(max=1000)])


class MemberForm(Form):
    """Somebody to let in."""

    name = StringField(lazy("Name"), validators=[InputRequired(FILL_IN), Length(max=200)])
    email = EmailField(lazy("E-mail address at work"), validators=[InputRequired(FILL_IN), Length(max=254)])
    role = SelectField(lazy("Role"))


class OwnerForm(VersionMixin, Form):
    """Who controls an organisation, or takes its place."""

    other = SelectField(lazy("Organisation"))
