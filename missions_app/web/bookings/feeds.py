"""Calendar links: making and taking them back, and what calendar apps read under them."""

import hashlib

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField
from wtforms.validators import InputRequired

from missions_app import db
from missions_app.bookings import calendar, link_service
from missions_app.bookings.bookables import BOOKABLE
from missions_app.bookings.link_models import FeedKind
from missions_app.bookings.link_service import Target
from missions_app.edge.access import actor, public, signed_in
from missions_app.errors import DomainError
from missions_app.i18n import _, both, lazy
from missions_app.missions.models import Mission
from missions_app.sites.models import Resource, Site
from missions_app.web.bookings.blueprint import bp
from missions_app.web.forms import Form, show_error


class LinkForm(Form):
    """What a link is to show."""

    target = SelectField(
        lazy("What it shows"),
        validators=[InputRequired()],
        description=lazy("Of others' bookings it shows what you may see, no more."),
    )


def targets() -> list[Target]:
    """What the reader may follow, their own bookings first: three statements."""
    found = [Target(FeedKind.MINE, None, _("My bookings"))]
    missions = {int(key) for role in ("coordinator", "partner") for key in actor().scopes_of(role, "mission")}
    for one in db.session.scalars(select(Mission).where(Mission.id.in_(missions)).order_by(Mission.id)):
        found.append(Target(FeedKind.MISSION, one.id, f"{one.title} {one.reference}"))
    rows = db.session.execute(
        select(Site, Resource)
        .join(Resource, Resource.site_id == Site.id)
        .where(Site.status.in_(BOOKABLE), Resource.retired_at.is_(None))
        .order_by(Site.sort_key, Site.id, Resource.name_sv)
    )
    seen = set()
    for site, resource in rows:
        name = both(site.name_sv, site.name_en)
        if site.id not in seen:
            seen.add(site.id)
            found.append(Target(FeedKind.SITE, site.id, _("%(site)s, everything", site=name)))
        found.append(Target(FeedKind.RESOURCE, resource.id, f"{name}, {both(resource.name_sv, resource.name_en)}"))
    return found


def _key(target: Target) -> str:
    return f"{target.kind.value}:{target.target_id or ''}"


@bp.route("/calendar/links", methods=["GET", "POST"])
@signed_in
def list_links() -> ResponseReturnValue:
    """How do I get this into my own calendar? A secret link, which can be taken back."""
    form, offered = LinkForm(), {_key(one): one for one in targets()}
    form.target.choices = [(key, one.name) for key, one in offered.items()]
    address = ""
    if form.validate_on_submit():
        try:
            _link, secret = link_service.make_link(offered[form.target.data], by=actor())
        except DomainError as error:
            show_error(form, error)
        else:
            address = url_for("bookings.read_feed", secret=secret, _external=True)
    links = link_service.links_of(actor().user_id or 0)
    # In the reader's language; what is no longer offered keeps the name under which it was made.
    names = {
        one.id: offered[key].name for one in links if (key := f"{one.kind.value}:{one.target_id or ''}") in offered
    }
    return render_template(
        "bookings/list_links.html", form=form, links=links, names=names, address=address,
        subscribe=address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
    )  # fmt: skip


@bp.post("/calendar/links/<int:link_id>/revoke")
@signed_in
def revoke_link(link_id: int) -> ResponseReturnValue:
    """Whoever has the link reads nothing more."""
    link_service.revoke_link(link_service.get_link(link_id, by=actor()), by=actor())
    flash(_("The link no longer works."))
    return redirect(url_for("bookings.list_links"), 303)


@bp.get("/calendar/feeds/<secret>.ics")
@public
def read_feed(secret: str) -> ResponseReturnValue:
    """What a calendar app reads: the secret is the right."""
    content = link_service.read(secret, base_url=request.url_root)
    answer = Response(content, content_type=calendar.MEDIA_TYPE)
    # What an event says also changes with names, tiers and rights: only the content tells whether anything has.
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, max-age=900"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer.make_conditional(request)
