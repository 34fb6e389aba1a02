"""The pictures of a site, with the words that stand in for them."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, created, scope
from missions_app.api.shapes import input_of, output_of
from missions_app.api.site_rules import own_site
from missions_app.api.sites import SITE, readable_site
from missions_app.edge.access import actor, public, signed_in
from missions_app.edge.pictures import picture_response
from missions_app.errors import InvalidInput, Problem
from missions_app.i18n import N_
from missions_app.sites import photo_service
from missions_app.sites.entry_models import SitePhoto
from missions_app.sites.photo_service import PhotoWords

bp = ApiBlueprint("site_photos", "Pictures of sites, with the words that stand in for them")
PHOTO = f"{SITE}/photos/<int:photo_id>"


class PhotoOut(
    output_of(SitePhoto, "id", "width", "height", "alt_sv", "alt_en", "credit", "version", name="SitePhotoFields")
):
    """A picture: what it shows, who took it, its size in pixels, and where the picture itself is."""

    media_type = fields.String(attribute="file.media_type")
    content_url = fields.Function(
        lambda one: url_for("api_site_photos.show_content", slug=one.site.slug, photo_id=one.id)
    )


class WordsIn(input_of(PhotoWords)):
    """What a picture shows, for those who cannot see it, and who took it."""


class PhotoIn(Input):
    """The same, beside the picture itself as the part `photo` of a multipart body."""

    alt_sv = fields.String(required=True)
    alt_en = fields.String(load_default="")
    credit = fields.String(load_default="")


@bp.get(f"{SITE}/photos")
@public
@scope("sites:read")
@bp.response(200, PhotoOut(many=True))
def list_photos(slug: str) -> Any:
    """A site's pictures in their order; those that are still being checked are left out."""
    return photo_service.photos_of(readable_site(slug), shown=True)


@bp.post(f"{SITE}/photos")
@signed_in
@scope("sites:write")
@bp.arguments(PhotoIn, location="form")
@bp.response(201, PhotoOut)
def add_photo(body: dict[str, Any], slug: str) -> Any:
    """Add a picture after the others. What the camera wrote into it is left out."""
    site, sent = own_site(slug), request.files.get("photo")
    if sent is None:
        raise InvalidInput.of([Problem("missing", N_("Send the file as the part “photo”."), "photo")])
    photo = photo_service.add_photo(site, sent.read(), PhotoWords(**body), by=actor())
    return created(photo, "site_photos.show_photo", slug=slug, photo_id=photo.id)


@bp.get(PHOTO)
@public
@scope("sites:read")
@bp.response(200, PhotoOut)
def show_photo(slug: str, photo_id: int) -> SitePhoto:
    """What one picture shows."""
    return photo_service.get_photo(readable_site(slug), photo_id)


@bp.get(f"{PHOTO}/content")
@public
@scope("sites:read")
def show_content(slug: str, photo_id: int) -> ResponseReturnValue:
    """The picture itself."""
    photo = photo_service.get_photo(readable_site(slug), photo_id)
    return picture_response(photo.file, f"{slug}-{photo.id}")


@bp.put(PHOTO)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.arguments(WordsIn)
@bp.response(200, PhotoOut)
def describe_photo(body: dict[str, Any], slug: str, photo_id: int, expected_version: int) -> SitePhoto:
    """Change what is said about a picture."""
    photo = photo_service.get_photo(own_site(slug), photo_id)
    photo_service.describe_photo(photo, PhotoWords(**body), by=actor(), expected_version=expected_version)
    return photo


@bp.post(f"{PHOTO}/first")
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(200, PhotoOut)
def put_first(slug: str, photo_id: int, expected_version: int) -> SitePhoto:
    """Show it before the others."""
    photo = photo_service.get_photo(own_site(slug), photo_id)
    photo_service.put_first(photo, by=actor(), expected_version=expected_version)
    return photo


@bp.delete(PHOTO)
@signed_in
@scope("sites:write")
@bp.versioned
@bp.response(204)
def remove_photo(slug: str, photo_id: int, expected_version: int) -> None:
    """Take it away."""
    photo = photo_service.get_photo(own_site(slug), photo_id)
    photo_service.remove_photo(photo, by=actor(), expected_version=expected_version)
