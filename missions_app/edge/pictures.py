"""Answering with a picture, as a file: a browser shows it in a page and never as a page of its own."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from missions_app.documents import picture_service
from missions_app.documents.models import StoredFile


def picture_response(file: StoredFile | None, name: str) -> ResponseReturnValue:
    """The picture, named for whoever saves it (without its ending); 304 for those who have it already.

    Raises:
        NotScanned: there is none, or the scanner has not let it out.
    """
    content, media_type = picture_service.read(file)
    response = Response(content, mimetype=media_type)
    kind = media_type.rpartition("/")[2]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    if file is not None:
        response.set_etag(file.sha256)
    return response.make_conditional(request)
