"""One's own messages and tasks, and how one wants to be told."""

from typing import Any

from marshmallow import fields

from missions_app import clock
from missions_app.accounts.tasks import Task, tasks_for
from missions_app.api.base import ApiBlueprint, Output, seen_version
from missions_app.api.shapes import input_of, output_of
from missions_app.edge.access import actor, signed_in
from missions_app.edge.words import fill
from missions_app.i18n import _
from missions_app.messages import message_service, queries
from missions_app.messages.message_service import Wanted
from missions_app.messages.models import Frequency, Message, Preference

bp = ApiBlueprint("messages", "What waits for you, what you have been told, and how you want to be told")
MessageOut = output_of(Message, "id", "template", "data", "is_statutory", "created_at", "read_at", "sent_at")
PreferenceOut = output_of(Preference, "frequency", "reminders", "version", name="MessagePreferenceOut")


class TaskOut(Output):
    """One thing the caller can do now; derived from the state of things, never stored."""

    title = fields.String()
    reason = fields.String()
    reference = fields.String()
    due = fields.Date(allow_none=True)
    late = fields.Boolean()


def _task(task: Task) -> dict[str, Any]:
    return {
        "title": _(task.title, **fill(task.title_params)), "reference": task.reference, "due": task.due,
        "reason": _(task.reason, **fill(task.reason_params)) if task.reason else "",
        "late": task.due is not None and task.due < clock.today(),
    }  # fmt: skip


@bp.get("/tasks")
@signed_in
@bp.response(200, TaskOut(many=True))
def list_tasks() -> Any:
    """What waits for the caller, most pressing first."""
    return [_task(one) for one in tasks_for(actor())]


@bp.get("/messages")
@signed_in
@bp.paged(MessageOut)
def list_messages() -> Any:
    """The caller's messages, newest first."""
    return queries.messages_of(actor())


@bp.get("/messages/<int:message_id>")
@signed_in
@bp.response(200, MessageOut)
def show_message(message_id: int) -> Message:
    """One of the caller's messages."""
    return queries.get_message(message_id, actor())


@bp.post("/messages/<int:message_id>/read")
@signed_in
@bp.response(200, MessageOut)
def mark_read(message_id: int) -> Message:
    """Say that it is read."""
    message = queries.get_message(message_id, actor())
    message_service.mark_read(message)
    return message


@bp.get("/messages/preferences")
@signed_in
@bp.response(200, PreferenceOut)
def show_preferences() -> Any:
    """What the caller has chosen; at once, with reminders, when nothing."""
    chosen = queries.preference_of(actor().user_id or 0)
    return chosen or {"frequency": Frequency.AT_ONCE, "reminders": True, "version": 0}


@bp.put("/messages/preferences")
@signed_in
@bp.arguments(input_of(Wanted))
@bp.response(200, PreferenceOut)
def choose(body: dict[str, Any]) -> Preference:
    """Choose how often messages come by e-mail, and whether to be reminded."""
    return message_service.choose(Wanted(**body), by=actor(), expected_version=seen_version())
