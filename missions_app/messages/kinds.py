"""Which letters are what: those of the account itself, those the law asks for, those that cannot wait. Pure."""

from collections.abc import Iterable

from missions_app.messages.models import Frequency

# About the account, with one-time links: never kept on the platform, always by e-mail.
ACCOUNT = frozenset(
    {
        "accessibility_feedback", "address_declined", "address_invited", "already_known", "challenge_invitation",
        "confirm_email", "confirm_request", "digest", "email_change_asked", "email_changed", "invitation",
        "password_changed", "reminder", "request_declined", "reset",
    }
)  # fmt: skip
# Decisions and receipts that a party has a right to be told: by e-mail at once, whatever was chosen.
STATUTORY = frozenset(
    {
        "booking_confirmed", "booking_decided", "challenge_decided", "challenge_moved", "challenge_submitted",
        "gate_decided", "membership_answered", "mission_decided", "organisation_answered",
    }
)  # fmt: skip
# Out of date before the next digest: at once, unless somebody wants no letters at all.
PRESSING = frozenset(
    {
        "booking_cancelled", "booking_changed", "booking_goes_ahead", "booking_postponed", "booking_put_off",
        "booking_series_changed", "booking_weather", "waitlist_offered",
    }
)  # fmt: skip
# Values under such names open doors.
SECRETS = ("token", "secret")


def is_account(template: str, names: Iterable[str]) -> bool:
    """Whether a letter is about the account, or holds something that only its receiver may have."""
    return template in ACCOUNT or any(secret in name for name in names for secret in SECRETS)


def goes_at_once(template: str, wanted: Frequency) -> bool:
    """Whether a letter goes by e-mail now; else it waits for the digest, or stays on the platform."""
    if template in STATUTORY or wanted is Frequency.AT_ONCE:
        return True
    return template in PRESSING and wanted is not Frequency.NONE
