"""Why the strategy package refuses."""

from missions_app.errors import Conflict, InvalidInput


class ReasonForClash(InvalidInput):
    """A clash is told to the reference group and the board, so it needs words."""

    code = "reason_for_clash"
    message = "Write in what way the challenge clashes with the document."


class GoalOfAnotherDocument(InvalidInput):
    """The goal does not belong to the document."""

    code = "goal_of_another_document"
    message = "Choose one of the goals of this document."


class DocumentRetired(Conflict):
    """The document is no longer in force."""

    code = "document_retired"
    message = "This document is no longer in force. Choose another one."


class KeyTaken(InvalidInput):
    """Two documents may not have the same address."""

    code = "key_taken"
    message = "There is already a document with this short name. Choose another one."


class SignalSettled(Conflict):
    """The signal has already become a challenge or been set aside."""

    code = "signal_settled"
    message = "This signal has already been dealt with."


class TitleMissing(InvalidInput):
    """Nothing can be found again without a name."""

    code = "title_missing"
    message = "Give it a name that others understand."
