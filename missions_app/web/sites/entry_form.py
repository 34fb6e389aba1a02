"""The form of a catalogue entry, in the sections of its page. Shape only."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from missions_app.i18n import _, current_locale, lazy
from missions_app.sites.catalogue_service import SiteEntry
from missions_app.sites.entry_fields import FIELDS, EntryField, FieldKind
from missions_app.sites.models import Provenance, SiteStatus
from missions_app.web.forms import (
    Form,
    LocalDateField,
    NumberField,
    VersionMixin,
    WholeNumberField,
    choices,
    choices_from,
)
from missions_app.workflow.method import Method

MOST_PERMITS = 6


class AreaField(TextAreaField):  # type: ignore[misc]
    """Corners, one a line: latitude and longitude with a space between."""

    corners: list[list[float]]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed and read it."""
        super().process_formdata(valuelist)
        try:
            rows = [_two(line) for line in str(self.data or "").splitlines() if line.strip()]
            self.corners = [[float(lat), float(lon)] for lat, lon in rows]
        except ValueError:
            raise ValueError(_("Write one corner a line, such as 56.04 14.63.")) from None


def _two(line: str) -> list[str]:
    """The two numbers of a line: "56.04 14.63", "56,04 14,63", "56.04, 14.63" and "56.04,14.63" are all understood."""
    parts = [one.strip(",") for one in line.replace(";", " ").split()]
    return parts[0].split(",") if len(parts) == 1 else [one.replace(",", ".") for one in parts if one]


class SiteForm(VersionMixin, Form):
    """What every entry says."""

    name_sv = StringField(lazy("Name in Swedish"), validators=[InputRequired(), Length(max=200)])
    name_en = StringField(lazy("Name in English"), validators=[Optional(), Length(max=200)])
    description_sv = TextAreaField(lazy("Description in Swedish"), validators=[Optional(), Length(max=20_000)])
    description_en = TextAreaField(lazy("Description in English"), validators=[Optional(), Length(max=20_000)])
    operator = StringField(lazy("Who runs it"), validators=[Optional(), Length(max=200)])
    themes = SelectMultipleField(lazy("Themes it serves"), validators=[Optional()])
    municipality = SelectField(lazy("Municipality"), validators=[Optional()])
    latitude = NumberField(lazy("Latitude"), validators=[Optional()], description=lazy("Such as 56,04."))
    longitude = NumberField(lazy("Longitude"), validators=[Optional()])
    area = AreaField(
        lazy("Corners of its area"), validators=[Optional(), Length(max=5000)],
        description=lazy("For areas at sea: one corner a line, such as 56.04 14.63."),
    )  # fmt: skip
    is_outdoor = BooleanField(lazy("It is outdoors"))
    price_model = SelectField(lazy("How use is priced"), validators=[InputRequired()])
    contact_function = StringField(
        lazy("Contact, a function"), validators=[Optional(), Length(max=200)],
        description=lazy("Not a person's name: it is public."),
    )  # fmt: skip
    contact_email = StringField(lazy("E-mail address of the contact"), validators=[Optional(), Length(max=254)])
    status = SelectField(lazy("State"), validators=[InputRequired()])
    provenance = SelectField(lazy("Where the facts come from"), validators=[InputRequired()])
    review_due_on = LocalDateField(
        lazy("To be looked over again by"), validators=[Optional()],
        description=lazy("Empty: a year from now. We remind you."),
    )  # fmt: skip
    chosen_kind = SelectField(
        lazy("Call it something else"), validators=[Optional()],
        description=lazy("Only when the answers give the wrong kind."),
    )  # fmt: skip
    kind_reason = TextAreaField(lazy("Why something else"), validators=[Optional(), Length(max=2000)])

    def field_named(self, name: str) -> Any:
        """Also a permit by its place among those that were written: rows may be left empty between them."""
        match = re.fullmatch(r"permit_(\d+)(.*)", name)
        written = permit_rows(self) if match else []
        if match and int(match[1]) < len(written):
            name = f"permit_{written[int(match[1])]}{match[2]}"
        return super().field_named(name)


def permit_rows(form: Any) -> list[int]:
    """The numbers of the rows in which something is written about a permit."""
    return [
        number
        for number in range(MOST_PERMITS)
        if any(form[f"permit_{number}{part}"].data for part in ("", "_from", "_until", "_number"))
    ]


def provenance_words() -> dict[str, str]:
    """Where an entry's facts come from, in words."""
    return {"documented": _("Documented in public sources"), "illustrative": _("An illustration")}


def form_class(method: Method) -> type[SiteForm]:
    """The form with the method's questions, overlays and permits, and the entry's further fields."""
    locale = current_locale()
    more: dict[str, Any] = {}
    for question in method.site_question:
        more[f"question_{question.id}"] = SelectField(
            question.label.in_(locale), choices=choices_from(question.values, empty=_("Choose")),
            validators=[Optional()],
        )  # fmt: skip
    for overlay in method.site_overlay:
        more[f"overlay_{overlay.id}"] = BooleanField(overlay.label.in_(locale), description=overlay.means.in_(locale))
        for name in overlay.requires:
            kind = LocalDateField if name.startswith("valid") else StringField
            more[f"overlay_{overlay.id}_{name}"] = kind(overlay_words()[name], validators=[Optional()])
    for number in range(MOST_PERMITS):
        permits = choices_from(method.permit, empty=_("None"))
        more[f"permit_{number}"] = SelectField(_("Permit"), choices=permits, validators=[Optional()])
        more[f"permit_{number}_from"] = LocalDateField(_("Valid from"), validators=[Optional()])
        more[f"permit_{number}_until"] = LocalDateField(_("Valid until"), validators=[Optional()])
        more[f"permit_{number}_number"] = StringField(_("Number"), validators=[Optional(), Length(max=100)])
    for one in FIELDS:
        more |= _inputs(one)
    return type("EntryForm", (SiteForm,), more)


def overlay_words() -> dict[str, str]:
    """What an overlay may require, in words."""
    return {
        "authority_decision": _("The authority and its decision"), "valid_from": _("First day"),
        "valid_to": _("Last day"), "conditions": _("Conditions"),
    }  # fmt: skip


def _inputs(one: EntryField) -> dict[str, Any]:
    words, help_text = _(one.label), _(one.help) if one.help else ""
    if one.kind is FieldKind.NUMBER:
        within = NumberRange(min=0, max=one.most)
        return {f"detail_{one.name}": WholeNumberField(words, [Optional(), within], description=help_text)}
    if one.kind is FieldKind.LINE:
        return {f"detail_{one.name}": StringField(words, [Optional(), Length(max=300)], description=help_text)}
    return {
        f"detail_{one.name}_sv": TextAreaField(
            _("%(field)s, in Swedish", field=words), [Optional(), Length(max=20_000)], description=help_text
        ),
        f"detail_{one.name}_en": TextAreaField(
            _("%(field)s, in English", field=words), [Optional(), Length(max=20_000)]
        ),
    }  # fmt: skip


def fill_choices(form: SiteForm, method: Method, status_words: Mapping[str, str], *, is_retired: bool = False) -> None:
    """The alternatives, in words."""
    places = ((one.code, one.name) for one in current_app.extensions["region"].municipalities)
    form.municipality.choices = choices(places, empty=_("None in particular"))
    form.price_model.choices = choices_from(method.price_model)
    retired = SiteStatus.RETIRED.value  # has a page of its own, where the bookings are seen and a reason is given
    form.status.choices = choices(pair for pair in status_words.items() if pair[0] != retired or is_retired)
    form.provenance.choices = choices(provenance_words().items())
    form.themes.choices = choices_from(method.theme)
    form.chosen_kind.choices = choices_from(method.site_type, empty=_("What the answers give"))


def show_entry(form: Any, entry: SiteEntry, method: Method) -> None:
    """What the form shows before anything is typed."""
    form.status.data, form.provenance.data = entry.status.value, entry.provenance.value
    form.chosen_kind.data, form.themes.data = entry.chosen_kind, list(entry.themes)
    form.area.data = "\n".join(f"{corner[0]:.10g} {corner[1]:.10g}" for corner in entry.area)
    for question in method.site_question:
        form[f"question_{question.id}"].data = entry.answers.get(question.id)
    kept = {str(one.get("id")): one for one in entry.overlays}
    for overlay in method.site_overlay:
        if overlay.id in kept:
            form[f"overlay_{overlay.id}"].data = True
            for name in overlay.requires:
                value = kept[overlay.id].get(name)
                form[f"overlay_{overlay.id}_{name}"].data = _date(value) if name.startswith("valid") else value
    for number, held in enumerate(entry.permits_held[:MOST_PERMITS]):
        form[f"permit_{number}"].data = held.get("permit")
        form[f"permit_{number}_from"].data = _date(held.get("valid_from"))
        form[f"permit_{number}_until"].data = _date(held.get("valid_until"))
        form[f"permit_{number}_number"].data = held.get("number", "")
    for one in FIELDS:
        _show(form, one, entry.details.get(one.name))


def _show(form: Any, one: EntryField, value: Any) -> None:
    if one.kind is not FieldKind.TEXT:
        form[f"detail_{one.name}"].data = value
        return
    words = value if isinstance(value, Mapping) else {"sv": value or ""}
    form[f"detail_{one.name}_sv"].data, form[f"detail_{one.name}_en"].data = words.get("sv", ""), words.get("en", "")


def _date(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def read_entry(form: Any, entry: SiteEntry, method: Method) -> SiteEntry:
    """What was written, for the service; what the form does not show stays as it was."""
    return SiteEntry(
        name_sv=form.name_sv.data or "", name_en=form.name_en.data or "",
        description_sv=form.description_sv.data or "", description_en=form.description_en.data or "",
        operator=form.operator.data or "", municipality=form.municipality.data or "",
        latitude=form.latitude.data, longitude=form.longitude.data, area=form.area.corners if form.area.data else [],
        themes=list(form.themes.data or []), is_outdoor=bool(form.is_outdoor.data),
        price_model=form.price_model.data, contact_function=form.contact_function.data or "",
        contact_email=form.contact_email.data or "", status=SiteStatus(form.status.data),
        provenance=Provenance(form.provenance.data), review_due_on=form.review_due_on.data,
        answers={one.id: form[f"question_{one.id}"].data or "" for one in method.site_question},
        chosen_kind=form.chosen_kind.data or "", kind_reason=form.kind_reason.data or "",
        overlays=_overlays(form, method), permits_held=_permits(form) + list(entry.permits_held[MOST_PERMITS:]),
        details={name: value for name, value in _details(form).items() if value not in (None, "")},
    )  # fmt: skip


def _overlays(form: Any, method: Method) -> list[dict[str, Any]]:
    found = []
    for overlay in method.site_overlay:
        if form[f"overlay_{overlay.id}"].data:
            values = {name: form[f"overlay_{overlay.id}_{name}"].data for name in overlay.requires}
            plain = {
                name: value.isoformat() if isinstance(value, date) else value or "" for name, value in values.items()
            }
            found.append({"id": overlay.id, **plain})
    return found


def _permits(form: Any) -> list[dict[str, Any]]:
    return [
        {
            "permit": form[f"permit_{number}"].data,
            "valid_from": str(form[f"permit_{number}_from"].data or ""),
            "valid_until": str(form[f"permit_{number}_until"].data or ""),
            "number": form[f"permit_{number}_number"].data or "",
        }
        for number in permit_rows(form)
    ]


def _details(form: Any) -> dict[str, Any]:
    return {one.name: _value(form, one) for one in FIELDS}


def _value(form: Any, one: EntryField) -> Any:
    if one.kind is not FieldKind.TEXT:
        return form[f"detail_{one.name}"].data
    words = {locale: (form[f"detail_{one.name}_{locale}"].data or "").strip() for locale in ("sv", "en")}
    return words if any(words.values()) else None
