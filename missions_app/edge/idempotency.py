"""Idempotency-Key on writes through the API: the same key and content get the same answer; the work is done once."""

import hashlib

from flask import Response, g, request

from missions_app.edge.access import actor
from missions_app.idempotency import key_service

KEPT_HEADERS = ("Location", "ETag")
HEADER = "Idempotency-Key"
# Such answers say "not now": the next try may be answered otherwise.
PASSING = (401, 409, 429, 503)


def repeat_answer() -> Response | None:
    """Before the view: the earlier answer to this key, if there is one."""
    key, user_id = request.headers.get(HEADER), actor().user_id
    if key is None or request.method != "POST" or user_id is None:
        return None
    whole = b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    earlier = key_service.begin(user_id, key, hashlib.sha256(whole).hexdigest())
    if earlier is None:
        g.idempotency = (user_id, key)
        return None
    media_type = "application/json" if earlier.status < 400 else "application/problem+json"
    response = Response(earlier.body, earlier.status, dict(earlier.headers), mimetype=media_type)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def keep_answer(response: Response) -> Response:
    """After the view: keep what was answered, unless it only says that now is not the time."""
    claim = g.pop("idempotency", None)
    if claim is None:
        return response
    user_id, key = claim
    if response.status_code >= 500 or response.status_code in PASSING or response.is_streamed:
        key_service.abandon(user_id, key)
    else:
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        answer = key_service.Answer(response.status_code, response.get_data(as_text=True), headers)
        key_service.finish(user_id, key, answer)
    return response
