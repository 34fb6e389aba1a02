"""One's own messages, and how one wants to be told."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from missions_app import clock
from missions_app.edge.access import actor, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError
from missions_app.i18n import _, current_locale, lazy
from missions_app.messages import message_service, queries
from missions_app.messages.message_service import Wanted
from missions_app.messages.models import Frequency, Message
from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.web.forms import Form, VersionMixin, choices, show_error

bp = Blueprint("messages", __name__)


class PreferenceForm(VersionMixin, Form):
    """How often letters come."""

    frequency = RadioField(
        lazy("Messages by e-mail"), validators=[InputRequired()],
        choices=choices([
            (Frequency.AT_ONCE.value, lazy("At once")),
            (Frequency.DAILY.value, lazy("Together, every morning")),
            (Frequency.WEEKLY.value, lazy("Together, on Mondays")),
            (Frequency.NONE.value, lazy("Not by e-mail")),
        ]),
    )  # fmt: skip
    reminders = BooleanField(lazy("Remind me of what has a day"))


def _words() -> Callable[[Message], tuple[str, str]]:
    """(subject, text) of a message in the reader's language."""
    settings, region = current_app.extensions["settings"], current_app.extensions["region"]
    render = renderer(settings.base_url, region.name)

    def words(message: Message) -> tuple[str, str]:
        subject, text, _attachments = render(Mail("", message.template, current_locale(), message.data))
        return subject, text

    return words


@bp.get("/messages")
@signed_in
def list_messages() -> ResponseReturnValue:
    """Everything you have been told, newest first."""
    words = _words()
    page = page_of(queries.messages_of(actor()))
    return render_template(
        "messages/list_messages.html", messages=page.of([(one, words(one)[0]) for one in page.rows]),
        unread=queries.unread(actor()), page_url=url_of_page, now=clock.now().isoformat(),
    )  # fmt: skip


@bp.get("/messages/<int:message_id>")
@signed_in
def show_message(message_id: int) -> ResponseReturnValue:
    """One message. Opening it is reading it."""
    message = queries.get_message(message_id, actor())
    subject, text = _words()(message)
    message_service.mark_read(message)
    base = current_app.extensions["settings"].base_url
    lines = [(line.strip(), line.strip().startswith(base)) for line in text.splitlines() if line.strip()]
    return render_template("messages/show_message.html", message=message, subject=subject, lines=lines, base=base)


@bp.post("/messages/read")
@signed_in
def mark_all_read() -> ResponseReturnValue:
    """Mark everything on the list as read."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = clock.now()
    message_service.mark_all_read(by=actor(), until=until if until.tzinfo else clock.now())
    flash(_("All are marked as read."))
    return redirect(url_for("messages.list_messages"), 303)


@bp.route("/account/messages", methods=["GET", "POST"])
@signed_in
def choose() -> ResponseReturnValue:
    """How you want to be told."""
    preference = queries.preference_of(actor().user_id or 0)
    form = PreferenceForm(
        version=preference.version if preference else 0,
        frequency=(preference.frequency if preference else Frequency.AT_ONCE).value,
        reminders=preference.reminders if preference else True,
    )
    if form.validate_on_submit():
        try:
            message_service.choose(
                Wanted(Frequency(form.frequency.data), bool(form.reminders.data)), by=actor(),
                expected_version=form.expected_version if preference else None,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("messages.choose"), 303)
    return render_template("messages/choose.html", form=form)
