"""A site as one file: out, and in again after showing what would change."""

from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import FileField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from missions_app.edge import once
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, InvalidInput, NotAllowed, Problem, StaleVersion
from missions_app.i18n import N_, _, lazy
from missions_app.organisations import queries as organisations
from missions_app.sites import policy, queries, transfer_service
from missions_app.sites.models import Site
from missions_app.sites.transfer_service import SiteFile
from missions_app.web.forms import Form, VersionMixin, choices, show_error
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.entries import row_of
from missions_app.web.sites.sites import crumbs_of
from missions_app.workflow.method_service import method_in_force

KEPT_SECONDS = 24 * 60 * 60


@bp.get("/sites/<slug>/export.json")
@signed_in
def export_site(slug: str) -> ResponseReturnValue:
    """The whole site as one file, for those who look after it."""
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    response = make_response(transfer_service.written(site))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{site.slug}.json"'
    return response


class ImportForm(VersionMixin, Form):
    """A file, its text, or the one that was looked at."""

    upload = FileField(lazy("File"), validators=[Optional()])
    file = TextAreaField(lazy("Or the text of the file"), validators=[Optional()])
    looked_at = HiddenField()

    def text(self) -> str:
        """What was sent; a file goes before a text, and that before the file that was looked at.

        Raises:
            InvalidInput: nothing was.
        """
        sent = self.upload.data
        if sent and sent.filename:
            found: str = sent.read(transfer_service.LARGEST + 1).decode("utf-8", "replace")
            return found
        text = (self.file.data or "").strip() or self._kept()
        if not text:
            raise InvalidInput.of([Problem("missing", N_("Choose a file, or paste the text of one."), "upload")])
        return text

    def remember(self, text: str) -> None:
        """Keep a file that is in order, so that the second press needs no file; a text stands in its field."""
        if text != (self.file.data or "").strip():
            self.looked_at.data = _signer().dumps([transfer_service.keep(text), actor().user_id])

    def _kept(self) -> str:
        try:
            sha256, whose = _signer().loads(self.looked_at.data or "", max_age=KEPT_SECONDS)
        except BadData:
            return ""
        return transfer_service.kept(sha256) if whose == actor().user_id else ""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="sites.looked_at")


def part_words() -> dict[str, str]:
    """The parts of a file in words."""
    return {
        "qualifications": _("Qualifications"), "bookers": _("Organisations that may book"), "quotas": _("Quotas"),
        "photos": _("Pictures"), "blackouts": _("Blocked times"),
    }  # fmt: skip


def _look(form: ImportForm, site: Site | None, text: str, file: SiteFile) -> dict[str, Any]:
    """What taking a file in would change, for the page."""
    plan = transfer_service.plan(site, file)
    form.remember(text)
    if site is not None:
        form.version.data = str(site.version)  # what is looked at is what there is now
    return {"plan": plan, "rows": [row_of(one, method_in_force()) for one in plan.fields]}


class NewSiteForm(ImportForm):
    """A file with a site that is not here yet, and whose it is to be."""

    owner = SelectField(lazy("Owner"), validators=[InputRequired()])


@bp.route("/sites/import", methods=["GET", "POST"])
@signed_in
def import_new_site() -> ResponseReturnValue:
    """Enter a site as a file says: first it is checked whole and shown, then it is done."""
    owners = [one for one in organisations.all_active() if policy.can_add_site(actor(), one)]
    if not owners:
        raise NotAllowed()
    form, planned = NewSiteForm(), None
    form.owner.choices = choices((one.slug, one.name) for one in owners)
    crumbs = [(_("Sites"), url_for("sites.list_sites"))]
    if form.validate_on_submit():
        try:
            text = form.text()
            file = transfer_service.read(text)
            if request.form.get("act") == "do":
                owner = next(one for one in owners if one.slug == form.owner.data)
                address = once.send(
                    lambda: transfer_service.take_in_new(owner, file, by=actor()),
                    lambda made: url_for("sites.show_site", slug=made.slug),
                )
                flash(_("The site is entered."))
                return redirect(address or url_for("sites.list_sites"), 303)
            planned = _look(form, None, text, file)
        except DomainError as error:
            show_error(form, error)
    return render_template(
        "sites/import_site.html", form=form, site=None, crumbs=crumbs, planned=planned, words=part_words()
    )


@bp.route("/sites/<slug>/import", methods=["GET", "POST"])
@signed_in
def import_site(slug: str) -> ResponseReturnValue:
    """Take a file in: first it is checked whole and what would change is shown, then it is done."""
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    form, planned = ImportForm(obj=None if request.method == "POST" else site), None
    if form.validate_on_submit():
        try:
            text = form.text()
            file = transfer_service.read(text)
            if request.form.get("act") == "do":
                version = form.expected_version
                try:
                    transfer_service.take_in(site, file, by=actor(), expected_version=version)
                except StaleVersion:
                    said = N_("Somebody has changed the site since you looked. Look at what would change now.")
                    show_error(form, InvalidInput.of([Problem("stale_version", said)]))
                else:
                    flash(_("The file is taken in."))
                    return redirect(url_for("sites.show_site", slug=slug), 303)
            planned = _look(form, site, text, file)
        except DomainError as error:
            show_error(form, error)
    elif request.method == "GET":
        form.file.data = ""
    return render_template(
        "sites/import_site.html", form=form, site=site, crumbs=crumbs_of(site), planned=planned, words=part_words()
    )
