"""Requests to read documents: asked for by anybody, answered by the registrar field by field."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.documents import disclosure_service, policy
from missions_app.documents.disclosure_models import Disclosure
from missions_app.documents.disclosure_rules import GROUNDS, Judged
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError
from missions_app.i18n import _, lazy
from missions_app.missions import queries as missions
from missions_app.web.documents.blueprint import bp
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, VersionMixin, choices, show_error


class AskForm(Form):
    """A request."""

    what = TextAreaField(
        lazy("What you want to read"), validators=[InputRequired(), Length(max=5000)],
        description=lazy("Describe it as well as you can. You do not have to say who you are, or why you ask."),
    )  # fmt: skip
    reference = StringField(
        lazy("Which mission it concerns, if you know"), validators=[Optional(), Length(max=20)],
        description=lazy("Such as M-2026-009."),
    )  # fmt: skip
    contact_email = EmailField(
        lazy("E-mail address for the answer"), validators=[Optional(), Length(max=254)],
        description=lazy("Leave it empty to stay unknown. You then come back by the link you get."),
    )  # fmt: skip


class TakeUpForm(VersionMixin, Form):
    """Something that the request concerns."""

    thing = SelectField(lazy("What the request concerns"), validators=[InputRequired()])


class DecideForm(VersionMixin, Form):
    """The answer; the fields to decide about follow."""

    message = TextAreaField(
        lazy("A word to who asked"), validators=[Optional(), Length(max=5000)],
        description=lazy("Such as which documents there are not."),
    )  # fmt: skip


@bp.route("/disclosure", methods=["GET", "POST"])
@public
def ask_disclosure() -> ResponseReturnValue:
    """Ask to read something; for everybody."""
    form = AskForm(reference=request.args.get("mission", ""))
    if form.validate_on_submit():
        try:
            reference = (form.reference.data or "").strip().upper()
            journey = missions.get_mission(reference).journey if reference else None
        except DomainError:
            form.reference.errors = [_("There is no mission with that reference. Leave it empty if you are unsure.")]
            return render_template("documents/ask_disclosure.html", form=form)
        try:
            asked = disclosure_service.ask(
                what=form.what.data or "", journey=journey, contact_email=form.contact_email.data or "", by=actor()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Your request is in. Keep the address of this page: the answer comes here."))
            return redirect(url_for("documents.show_disclosure", token=asked.token), 303)
    return render_template("documents/ask_disclosure.html", form=form)


@bp.get("/disclosure/<token>")
@public
def show_disclosure(token: str) -> ResponseReturnValue:
    """The answer, for whoever holds the link."""
    asked = disclosure_service.get_by_token(token)
    return render_template("documents/show_disclosure.html", one=asked, grounds=GROUNDS, things=_by_thing(asked))


def _by_thing(asked: Disclosure) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in asked.fields:
        found.setdefault(one.title, []).append(one)
    return found


@bp.get("/disclosures")
@signed_in
def list_disclosures() -> ResponseReturnValue:
    """Requests that wait, and the log of those that are answered."""
    authorise(policy.can_register, None)
    found = page_of(disclosure_service.disclosures(only_open=request.args.get("open") == "1"))
    return render_template("documents/list_disclosures.html", found=found, page_url=url_of_page)


@bp.get("/disclosures/<int:disclosure_id>")
@signed_in
def handle_disclosure(disclosure_id: int) -> ResponseReturnValue:
    """What is asked for, what is claimed as secret and why, and what can be done."""
    authorise(policy.can_register, None)
    asked = disclosure_service.get_disclosure(disclosure_id)
    return render_template(
        "documents/handle_disclosure.html", one=asked, grounds=GROUNDS, things=_by_thing(asked),
        more=bool(disclosure_service.things_of(asked)) and asked.decided_at is None,
    )  # fmt: skip


def _crumbs(asked: Disclosure) -> list[tuple[str, str]]:
    return [
        (_("Requests to read documents"), url_for("documents.list_disclosures")),
        (_("Request %(number)d", number=asked.id), url_for("documents.handle_disclosure", disclosure_id=asked.id)),
    ]


@bp.route("/disclosures/<int:disclosure_id>/take-up", methods=["GET", "POST"])
@signed_in
def take_up(disclosure_id: int) -> ResponseReturnValue:
    """Say what the request concerns."""
    authorise(policy.can_register, None)
    asked = disclosure_service.get_disclosure(disclosure_id)
    form = TakeUpForm(version=asked.version)
    things = disclosure_service.things_of(asked)
    form.thing.choices = choices((f"{kind}/{key}", title) for kind, key, title in things)

    def act() -> None:
        kind, _slash, key = (form.thing.data or "").partition("/")
        disclosure_service.take_up(asked, kind=kind, key=key, by=actor(), expected_version=form.expected_version)

    return form_page(form, act, heading=_("What the request concerns"), crumbs=_crumbs(asked), button=_("Take up"),
                     done=_("Taken up."), read_first=(_("What is asked for"), asked.what))  # fmt: skip


@bp.route("/disclosures/<int:disclosure_id>/decide", methods=["GET", "POST"])
@signed_in
def decide_disclosure(disclosure_id: int) -> ResponseReturnValue:
    """Decide field by field, with a legal ground for what is masked."""
    authorise(policy.can_register, None)
    asked = disclosure_service.get_disclosure(disclosure_id)
    form = _decide_form(asked)

    def act() -> None:
        judged = {
            one.id: Judged(
                release=form[f"field_{one.id}"].data == "release", ground=form[f"field_{one.id}_ground"].data or "",
                reasons=form[f"field_{one.id}_reasons"].data or "",
            )
            for one in asked.fields if form[f"field_{one.id}"].data
        }  # fmt: skip
        disclosure_service.decide(
            asked, judged, message=form.message.data or "", by=actor(), expected_version=form.expected_version
        )

    if form.validate_on_submit():
        try:
            act()
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Answered. Who asked can read it now."))
            return redirect(url_for("documents.handle_disclosure", disclosure_id=asked.id), 303)
    return render_template("documents/decide_disclosure.html", one=asked, form=form, crumbs=_crumbs(asked),
                           things=_by_thing(asked))  # fmt: skip


def _decide_form(asked: Disclosure) -> Any:
    fields: dict[str, Any] = {}
    grounds = choices(((key, _(text)) for key, text in GROUNDS.items()), empty=_("Choose …"))
    outcomes = choices((("release", _("Give out")), ("mask", _("Mask"))))
    for one in asked.fields:
        fields[f"field_{one.id}"] = RadioField(one.label, choices=outcomes, validators=[Optional()])
        fields[f"field_{one.id}_ground"] = SelectField(
            _("Legal ground, where it is masked"), choices=grounds, validators=[Optional()]
        )
        fields[f"field_{one.id}_reasons"] = TextAreaField(
            _("Reasons, where it is masked"), validators=[Optional(), Length(max=5000)]
        )
    form = type("DecideFields", (DecideForm,), fields)(version=asked.version)
    if not form.is_typed:
        for one in asked.fields:
            if not one.is_claimed:
                form[f"field_{one.id}"].data = "release"
    return form
