"""An expired session loses nothing typed: the form is kept, and shown again as it was after the sign-in."""

from flask import current_app, flash, g, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from missions_app.accounts import kept_forms
from missions_app.i18n import _

KEY = "kept_form"


def keep_form(user_id: int | None) -> str:
    """Keep the posted form of this request.

    Args:
        user_id: whose session ran out, if that is known.

    Returns:
        The path of the page that shows the form: where to go after the sign-in.
    """
    path = form_page()
    fields = [(name, value) for name, values in request.form.lists() for value in values]
    token = kept_forms.keep(path, fields, user_id=user_id)
    if token is not None:
        session[KEY] = token
    return path


def form_page() -> str:
    """The path of the page on which the posted form stands: its own address, or the page it was sent from."""
    here = request.full_path.rstrip("?")
    if _can_be_read(request.path):
        return here
    referrer = request.referrer or ""
    root = request.host_url
    if referrer.startswith(root):
        path = "/" + referrer[len(root) :].partition("#")[0]
        if _can_be_read(path.partition("?")[0]):
            return path
    return "/"


def _can_be_read(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method="GET"))
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False


def kept_fields() -> MultiDict[str, str] | None:
    """What was typed on this page before the session ran out; given once. None when there is nothing."""
    token = session.get(KEY)
    if token is None or request.method != "GET":
        return None
    if "kept_fields" not in g:
        kept = kept_forms.find(token, user_id=g.actor.user_id)
        mine = kept is not None and kept.path.partition("?")[0] == request.path
        g.kept_fields = MultiDict(kept.fields) if kept is not None and mine else None
        if mine:
            kept_forms.forget(token)
            session.pop(KEY)
            flash(_("What you had typed is here again. Check it and send it."))
    fields: MultiDict[str, str] | None = g.kept_fields
    return fields
