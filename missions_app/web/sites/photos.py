"""The pictures of a site: looked at by everybody, seen to by its owner."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.documents import picture_service
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.pictures import picture_response
from missions_app.errors import NotFound
from missions_app.i18n import _, lazy
from missions_app.sites import photo_service, policy, queries
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.models import Site
from missions_app.sites.photo_service import PhotoWords
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, PictureField, VersionMixin
from missions_app.web.sites.blueprint import bp
from missions_app.web.sites.sites import crumbs_of


class WordsForm(VersionMixin, Form):
    """What a picture shows."""

    alt_sv = TextAreaField(
        lazy("What it shows, in Swedish"), validators=[InputRequired(), Length(max=500)],
        description=lazy("Read aloud to those who cannot see it. Say what matters for a test, not “picture of”."),
    )  # fmt: skip
    alt_en = TextAreaField(lazy("What it shows, in English"), validators=[Optional(), Length(max=500)])
    credit = StringField(lazy("Who took it"), validators=[Optional(), Length(max=200)])

    def words(self) -> PhotoWords:
        """As the service takes them."""
        return PhotoWords(self.alt_sv.data or "", self.alt_en.data or "", self.credit.data or "")


class PhotoForm(WordsForm):
    """A picture and what it shows."""

    photo = PictureField(lazy("Picture"), validators=[InputRequired()])


def _own(slug: str) -> Site:
    site = queries.get_site(slug)
    authorise(policy.can_edit_site, site)
    return site


def _crumbs(site: Site) -> list[tuple[str, str]]:
    return [*crumbs_of(site), (_("Pictures"), url_for("sites.list_photos", slug=site.slug))]


@bp.get("/sites/<slug>/photos")
@signed_in
def list_photos(slug: str) -> ResponseReturnValue:
    """Every picture with its words, for the owner."""
    site = _own(slug)
    return render_template(
        "sites/list_photos.html", site=site, crumbs=crumbs_of(site), photos=photo_service.photos_of(site),
        most=photo_service.MOST, unreadable=picture_service.UNREADABLE,
    )  # fmt: skip


@bp.get("/sites/<slug>/photos/<int:photo_id>")
@public
def show_photo(slug: str, photo_id: int) -> ResponseReturnValue:
    """The picture itself."""
    site = queries.get_site(slug)
    authorise(policy.can_read_site, site)
    photo = photo_service.get_photo(site, photo_id)
    return picture_response(photo.file, f"{site.slug}-{photo.id}")


@bp.route("/sites/<slug>/photos/new", methods=["GET", "POST"])
@signed_in
def add_photo(slug: str) -> ResponseReturnValue:
    """Add a picture."""
    site, form = _own(slug), PhotoForm()

    def act() -> None:
        photo_service.add_photo(site, form.photo.data.read(), form.words(), by=actor())

    return form_page(
        form, act, heading=_("Add a picture"), crumbs=_crumbs(site), button=_("Add"), done=_("The picture is added.")
    )


@bp.route("/sites/<slug>/photos/<int:photo_id>/edit", methods=["GET", "POST"])
@signed_in
def describe_photo(slug: str, photo_id: int) -> ResponseReturnValue:
    """Change what is said about a picture."""
    site = _own(slug)
    photo = photo_service.get_photo(site, photo_id)
    form = WordsForm(obj=photo)

    def act() -> None:
        photo_service.describe_photo(photo, form.words(), by=actor(), expected_version=form.expected_version)

    return form_page(
        form, act, heading=_("What the picture shows"), crumbs=_crumbs(site), button=_("Save"), done=_("Saved.")
    )


def _seen(slug: str, photo_id: int) -> tuple[SitePhoto, int]:
    return photo_service.get_photo(_own(slug), photo_id), request.form.get("version", type=int) or 0


@bp.post("/sites/<slug>/photos/<int:photo_id>/first")
@signed_in
def put_photo_first(slug: str, photo_id: int) -> ResponseReturnValue:
    """Show it before the others."""
    photo, version = _seen(slug, photo_id)
    photo_service.put_first(photo, by=actor(), expected_version=version)
    flash(_("It stands first now, here and in lists."))
    return redirect(url_for("sites.list_photos", slug=slug), 303)


@bp.post("/sites/<slug>/photos/<int:photo_id>/remove")
@signed_in
def remove_photo(slug: str, photo_id: int) -> ResponseReturnValue:
    """Take it away."""
    _own(slug)
    try:
        photo, version = _seen(slug, photo_id)
    except NotFound:  # pressed twice, or by somebody else meanwhile
        flash(_("That has been done already."))
    else:
        photo_service.remove_photo(photo, by=actor(), expected_version=version)
        flash(_("The picture is taken away."))
    return redirect(url_for("sites.list_photos", slug=slug), 303)
