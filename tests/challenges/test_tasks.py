"""What waits for those who write and screen challenges, in the reader's language."""

from sqlalchemy.orm import Session

from missions_app.accounts.tasks import in_words, tasks_for
from missions_app.i18n import use_locale
from tests.factories.challenges import make_draft, make_representative


def told(challenge_title: str, **more: object) -> tuple[list[str], list[str]]:
    """What waits for the representative of a draft, in Swedish and in English."""
    challenge = make_draft(title=challenge_title, **more)
    by = make_representative(challenge)
    found = []
    for locale in ("sv", "en"):
        with use_locale(locale):
            found.append([in_words(task) for task in tasks_for(by)])
    return found[0], found[1]


def test_a_case_is_called_by_its_title_in_the_language_that_is_read(session: Session) -> None:
    swedish, english = told("Torr gata", translation={"title": "A dry street"})

    assert swedish == ["Skriv vidare: Torr gata"]
    assert english == ["Go on writing: A dry street"]


def test_without_a_translation_the_title_stands_as_it_was_written(session: Session) -> None:
    swedish, english = told("Torr gata")

    assert (swedish, english) == (["Skriv vidare: Torr gata"], ["Go on writing: Torr gata"])
