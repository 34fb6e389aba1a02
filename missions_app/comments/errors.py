"""Why a comment is refused."""

from missions_app.errors import InvalidInput, NotAllowed


class EmptyComment(InvalidInput):
    """There is nothing to read."""

    code = "empty_comment"
    message = "Write a comment first."


class CircleNotYours(NotAllowed):
    """The writer does not belong to the circle the comment is meant for."""

    code = "circle_not_yours"
    message = "You cannot write to these readers."
