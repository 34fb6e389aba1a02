"""Following challenges without an account: by e-mail, or by a feed."""

from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from missions_app import clock, db
from missions_app.accounts.actor import ANONYMOUS
from missions_app.challenges import following_service, policy, queries
from missions_app.challenges.models import Challenge
from missions_app.edge.access import actor, public
from missions_app.errors import NotFound
from missions_app.i18n import _, current_locale, lazy
from missions_app.web.challenges import presenting, words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import FILL_IN
from missions_app.web.challenges.joining import crumbs
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form

ATOM = "application/atom+xml; charset=utf-8"
IN_FEED = 50


class FollowForm(Form):
    """An address to write to."""

    email = EmailField(lazy("E-mail address"), validators=[InputRequired(FILL_IN), Length(max=254)])


def _public(reference: str) -> Challenge:
    challenge = queries.get_readable(reference, actor())
    if not policy.is_public(challenge):
        raise NotFound()
    return challenge


@bp.route("/challenges/<reference>/follow", methods=["GET", "POST"])
@public
def follow(reference: str) -> ResponseReturnValue:
    """Ask for letters about a challenge; the address confirms first."""
    challenge, form = _public(reference), FollowForm()
    return form_page(
        form,
        lambda: following_service.ask_to_follow(challenge, email=form.email.data or "", locale=current_locale()),
        heading=_("Follow the challenge"), crumbs=crumbs(challenge), button=_("Send me a letter to confirm"),
        done=_("Look in your mailbox: a letter with a link is on its way. You follow when you have said yes there."),
        intro=_(
            "You get a letter when the challenge comes further, when it is decided, and when everybody may comment. "
            "No account is needed. Every letter has a link that ends them, and then we forget the address."
        ),
    )  # fmt: skip


@bp.route("/challenges/follow/<token>", methods=["GET", "POST"])
@public
def confirm_following(token: str) -> ResponseReturnValue:
    """The link in the letter: one button, so that programs that look at links say nothing on anybody's behalf."""
    challenge = following_service.find_asked(token).challenge
    if request.method == "POST":
        following_service.confirm_following(token)
        flash(_("You follow the challenge now."))
        return redirect(url_for("challenges.show_challenge", reference=challenge.reference), 303)
    return render_template(
        "challenges/follow_answer.html", heading=_("Follow “%(title)s”?", title=words.title_of(challenge)),
        text=_("We write to your address when something happens to the challenge."), button=_("Yes, I want to follow"),
    )  # fmt: skip


@bp.route("/challenges/unfollow/<key>", methods=["GET", "POST"])
@public
def stop_following(key: str) -> ResponseReturnValue:
    """The way out, for a person by one button and for a mail program without any. Twice is the same as once."""
    known = following_service.find_follower(key) is not None
    if request.method == "POST" or not known:
        following_service.stop_following(key)
        page = render_template(
            "challenges/follow_answer.html", heading=_("You get no more letters"),
            text=_("We have forgotten the address."), button="",
        )  # fmt: skip
        return page, 200 if known else 404
    return render_template(
        "challenges/follow_answer.html", heading=_("End the letters?"),
        text=_("You get no more letters about this challenge, and we forget the address."), button=_("End the letters"),
    )  # fmt: skip


@bp.get("/challenges/<reference>/feed.atom")
@public
def show_feed(reference: str) -> Response:
    """What everybody may know of one challenge's way, newest first."""
    challenge = _public(reference)
    entries = [
        (f"{challenge.reference}-{len(rows) - place}", words.title_of(challenge), label, at, challenge)
        for rows in [presenting.thread_of(challenge, ANONYMOUS)]
        for place, (at, label, _decision, _note) in enumerate(rows)
    ]
    return _atom(words.title_of(challenge), url_for("challenges.show_challenge", reference=reference), entries)


@bp.get("/challenges/feed.atom")
@public
def show_all_feed() -> Response:
    """Every public challenge and where it stands, the one that moved last at the top."""
    rows = db.session.scalars(queries.challenges_for(ANONYMOUS).limit(IN_FEED)).unique().all()
    entries = []
    for one in rows:
        state = policy.state_of(one)
        key, label = f"{one.reference}-{state.id}", state.label.in_(current_locale())
        entries.append((key, words.title_of(one), label, one.journey.entered_at, one))
    entries.sort(key=lambda row: row[3], reverse=True)
    return _atom(_("Challenges"), url_for("challenges.list_challenges"), entries)


def _atom(title: str, page: str, entries: list[tuple[str, str, str, datetime, Challenge]]) -> Response:
    updated = max((at for _id, _title, _label, at, _one in entries), default=clock.now())
    text = render_template("challenges/feed.xml", title=title, page=page, entries=entries, updated=updated)
    return Response(text, content_type=ATOM)
