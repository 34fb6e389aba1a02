"""Every mail in both languages."""

import pytest

from missions_app.outbox.mail import Mail
from missions_app.outbox.rendering import renderer
from missions_app.paths import TEMPLATES

# Every name that some mail needs; a mail takes what it needs.
EVERYTHING = {
    "name": "Anna", "inviter": "Bo", "token": "abc", "reason": "Skäl", "organisation": "Sund AB", "slug": "sund-ab",
    "accepted": True, "request_id": 7, "valid_from": "2027-03-17", "valid_until": "2027-03-19",
}  # fmt: skip
OURS = (
    "invitation", "reset", "password_changed", "confirm_email", "email_change_asked", "email_changed", "already_known",
    "confirm_request", "account_requested", "request_declined", "deputy", "organisation_requested",
    "organisation_answered", "membership_requested", "membership_answered",
)  # fmt: skip


@pytest.mark.parametrize("locale", ["sv", "en"])
@pytest.mark.parametrize("template", OURS)
def test_a_mail_has_a_subject_a_text_and_whole_links(template: str, locale: str) -> None:
    subject, text, attachments = renderer("https://missions.example", "Region Blekinge")(
        Mail("anna@example.se", template, locale, EVERYTHING)
    )

    assert subject and "\n" not in subject
    assert text.endswith("Region Blekinge\n")
    assert attachments == []
    for word in text.split():
        if "://" in word:
            assert word.startswith("https://missions.example/")


def test_the_words_are_the_receivers() -> None:
    render = renderer("https://missions.example/", "Region Blekinge")

    swedish = render(Mail("a@example.se", "reset", "sv", {"name": "Åsa", "token": "abc"}))
    english = render(Mail("a@example.se", "reset", "en", {"name": "Åsa", "token": "abc"}))

    assert (swedish[0], english[0]) == ("Nytt lösenord till Missions", "New password for Missions")
    assert "https://missions.example/password/abc" in swedish[1]


def test_days_are_written_out() -> None:
    text = renderer("https://missions.example", "Region Blekinge")(
        Mail("a@example.se", "deputy", "sv", {"name": "Åsa", "valid_from": "2027-03-17", "valid_until": "2027-03-19"})
    )[1]

    assert "från onsdag 17 mars 2027 till och med fredag 19 mars 2027" in text


def test_every_template_begins_with_its_subject() -> None:
    wrong = [
        one.name for one in (TEMPLATES / "email").glob("*.txt") if not one.read_text("utf-8").startswith("Subject: ")
    ]

    assert wrong == []
