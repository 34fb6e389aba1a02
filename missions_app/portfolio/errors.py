"""Why a report is refused."""

from missions_app.errors import Conflict, InvalidInput


class PeriodNotOver(InvalidInput):
    """Figures are frozen at the end of a day that has passed."""

    code = "period_not_over"
    message = "The last day has not passed yet. Choose yesterday or earlier."


class PeriodBackwards(InvalidInput):
    """The first day comes after the last."""

    code = "period_backwards"
    message = "The first day comes after the last. Change one of them."


class TitleMissing(InvalidInput):
    """A report is found by its title."""

    code = "title_missing"
    message = "Write a title."


class AlreadyPublished(Conflict):
    """A published report stands."""

    code = "already_published"
    message = "The report is published and can no longer be changed. Make a new one."


class NotADossier(InvalidInput):
    """The file is not an export of ours, or something in it has been changed."""

    code = "not_a_dossier"
    message = "This is not an unchanged dossier. Fetch the zip file anew and try again."


class DossierThere(Conflict):
    """A dossier of this mission and day is here already, with other content."""

    code = "dossier_there"
    message = "Another dossier of this mission and day is here already."
