"""A form that is sent twice, by a double click or by going back, does its work once: the second time leads to where the
first one led."""

import hashlib
from collections.abc import Callable
from secrets import token_urlsafe
from typing import TypeVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from missions_app.edge.access import actor
from missions_app.idempotency import key_service

NAME = "once"  # of the hidden field
NOT_CONTENT = ("csrf_token",)
Made = TypeVar("Made")


def mark() -> str:
    """What a form carries: the mark it was sent with when it is shown again, else a new one; "" for those who are not
    signed in, whose work is not kept apart."""
    return "" if actor().user_id is None else request.form.get(NAME) or token_urlsafe(32)


def send(act: Callable[[], Made], leads_to: Callable[[Made], str]) -> str | None:
    """Do what a form asks for, unless the very same form has been sent with the same content.

    Args:
        leads_to: the address to come to, of what `act` made.

    Returns:
        The address to come to now; None while the first sending is still being worked on.
    """
    user_id = actor().user_id
    if user_id is None or not request.form.get(NAME):
        return leads_to(act())
    digest = _digest()
    try:
        earlier = key_service.begin(user_id, f"form:{digest}", digest)
    except key_service.StillWorking:
        return None
    if earlier is not None:
        return earlier.headers["Location"]
    try:
        address = leads_to(act())
    except BaseException:
        key_service.abandon(user_id, f"form:{digest}")
        raise
    key_service.finish(user_id, f"form:{digest}", key_service.Answer(303, "", {"Location": address}))
    return address


class _Shown(Exception):
    """A page instead of an address: the form is shown again, and its work is not done."""

    def __init__(self, page: ResponseReturnValue) -> None:
        self.page = page
        super().__init__()


def lead(act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue | None:
    """`send`, for a form that is shown again by what does its work: only an answer that leads elsewhere is its work
    done. None while the first sending is still being worked on."""
    first: list[ResponseReturnValue] = []

    def work() -> str:
        answer = act()
        if not isinstance(answer, Response) or not answer.location:
            raise _Shown(answer)
        first.append(answer)
        return answer.location

    try:
        address = send(work, lambda location: location)
    except _Shown as shown:
        return shown.page
    if address is None:
        return None
    return first[0] if first else redirect(address, 303)


def _digest() -> str:
    """The same for the same form with the same content. A file counts by its name."""
    told = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_CONTENT)
    files = sorted((name, file.filename or "") for name, file in request.files.items(multi=True))
    return hashlib.sha256(repr((request.path, told, files)).encode()).hexdigest()
