"""Why documents are refused."""

from missions_app.errors import Conflict, InvalidInput


class UnknownKind(InvalidInput):
    """The method has no such kind of document."""

    code = "unknown_kind"
    message = "Choose what kind of document it is."


class WrongContent(InvalidInput):
    """The content is of a kind that is not accepted, whatever the name says."""

    code = "wrong_content"
    message = "This kind of file is not accepted. Use PDF, picture, text, spreadsheet or word-processing file."


class NotAPicture(WrongContent):
    """Something else where a picture is asked for."""

    message = "This is no picture. Choose one in JPEG, PNG or WebP."


class BrokenPicture(InvalidInput):
    """The file begins like a picture and is none."""

    code = "broken_picture"
    message = "The picture cannot be read. Save it anew as JPEG, PNG or WebP."


class TooManyPixels(InvalidInput):
    """A picture of a few bytes can be as large as a house."""

    code = "too_many_pixels"
    message = "The picture has too many pixels. Send it in a smaller size."


class TooLarge(InvalidInput):
    """The file is over the installation's limit."""

    code = "too_large"
    message = "The file is too large. At most %(most)s MB is accepted."


class EmptyFile(InvalidInput):
    """There is nothing in the file."""

    code = "empty_file"
    message = "The file is empty. Choose another."


class NotScanned(Conflict):
    """The scanner has not said yes."""

    code = "not_scanned"
    message = "The file is being checked and can be read in a moment."


class OtherVersion(Conflict):
    """The document was changed after the signer opened it."""

    code = "other_version"
    message = "The document has changed since you opened it. Read the new version before you sign."


class AlreadySigned(Conflict):
    """The party has signed this very content."""

    code = "already_signed"
    message = "This has already been signed for %(party)s."


class VoidDocument(Conflict):
    """The document no longer holds."""

    code = "void_document"
    message = "The document has been replaced or withdrawn."


class ClaimedSecret(Conflict):
    """Somebody has asked for secrecy, and nobody has decided on it."""

    code = "claimed_secret"
    message = "Whoever gave the document asks for secrecy. It is published only after a decision on that."


class ReferredTo(Conflict):
    """Something refers to the document. `reasons` says what."""

    code = "referred_to"
    message = "The document cannot be deleted: %(reasons)s It can be marked as no longer valid, and stays readable."


class Refused(Conflict):
    """The scanner found something harmful."""

    code = "refused_by_scanner"
    message = "The file was stopped by the virus scanner and cannot be read."


class AlreadyDecided(Conflict):
    """A request is answered once."""

    code = "already_decided"
    message = "The request has been answered. A new request is tried anew."
