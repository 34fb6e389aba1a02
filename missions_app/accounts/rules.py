"""What an account must hold, how long a sign-in lives, and how long a guesser waits. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from missions_app.errors import Problem
from missions_app.i18n import N_

SHORTEST, LONGEST = 12, 200
NAME = 200
COMMON = frozenset({"password", "qwerty", "lösenord", "losenord", "blekinge", "missions", "12345678", "abcdefgh"})
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
MEMORY = timedelta(hours=1)


def plain_email(email: str) -> str:
    """An address as it is stored and compared."""
    return email.strip().lower()


def email_problems(email: str, field: str = "email") -> list[Problem]:
    """What is wrong with an e-mail address, if anything."""
    try:
        validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return [Problem("wrong_email", N_("Write a whole e-mail address, such as name@example.se."), field)]
    return []


def name_problems(name: str, field: str = "name") -> list[Problem]:
    """What is wrong with a person's name, if anything."""
    if not name.strip():
        return [Problem("missing", N_("Write your name."), field)]
    if len(name) > NAME:
        return [Problem("too_long", N_("Use at most %(most)d characters."), field, {"most": NAME})]
    return []


def password_problems(password: str, *known: str, field: str = "password") -> list[Problem]:
    """What is wrong with a new password, if anything.

    Args:
        known: what a guesser tries first: the person's address and name.
    """
    if len(password) < SHORTEST:
        return [Problem("too_short", N_("Use at least %(least)d characters."), field, {"least": SHORTEST})]
    if len(password) > LONGEST:
        return [Problem("too_long", N_("Use at most %(most)d characters."), field, {"most": LONGEST})]
    plain = password.casefold()
    parts = {part for text in known for part in (text.casefold(), text.casefold().partition("@")[0]) if len(part) > 3}
    rest = plain
    for word in sorted(COMMON | parts, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(set(plain)) < 5 or len(rest) < 6 or _is_run(plain):
        text = N_("This password is easy to guess. Use several words that do not belong together.")
        return [Problem("easy_to_guess", text, field)]
    return []


def _is_run(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in zip(text, text[1:], strict=False)}
    return len(steps) == 1


def is_alive(started: datetime, seen: datetime, now: datetime, *, idle: timedelta, absolute: timedelta) -> bool:
    """Whether a sign-in still holds: not idle too long, and not too old."""
    return now - seen < idle and now - started < absolute


def wait_after(failures: Sequence[datetime], now: datetime, *, free: int) -> timedelta:
    """How long to wait before the next attempt: nothing for the first `free` failures within the hour, then
    5 seconds, doubled for every further failure, at most 15 minutes; zero when that time has passed."""
    recent = [at for at in failures if now - at < MEMORY]
    if len(recent) < free:
        return timedelta(0)
    wait: timedelta = min(FIRST_WAIT * (1 << min(len(recent) - free, 20)), LONGEST_WAIT)
    return max(timedelta(0), max(recent) + wait - now)
