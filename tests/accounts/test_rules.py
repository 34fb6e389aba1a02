"""Passwords, addresses, time-outs and waiting: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from missions_app.accounts.rules import (
    email_problems,
    is_alive,
    name_problems,
    password_problems,
    plain_email,
    wait_after,
)

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kort", "too_short"),
        ("x" * 201, "too_long"),
        ("aaaaaaaaaaaa", "easy_to_guess"),
        ("abcdefghijklmn", "easy_to_guess"),
        ("password1234", "easy_to_guess"),
        ("anna.berg@example.se", "easy_to_guess"),
        ("Anna Berg 27", "easy_to_guess"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(password: str, code: str) -> None:
    problems = password_problems(password, "anna.berg@example.se", "Anna Berg")

    assert [problem.code for problem in problems] == [code]


@pytest.mark.parametrize("password", ["strand sten vind sexton", "Kaffe-på-bryggan", "x9!Qw2#rT5$z"])
def test_a_strong_password_is_accepted(password: str) -> None:
    assert password_problems(password, "anna.berg@example.se", "Anna Berg") == []


@pytest.mark.parametrize("email", ["", "anna", "anna@", "@example.se", "anna@exa mple.se", "a@b@c.se"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert [problem.code for problem in email_problems(email)] == ["wrong_email"]


def test_addresses_are_compared_without_case_and_spaces() -> None:
    assert plain_email("  Anna@Example.SE ") == "anna@example.se"
    assert email_problems("  Anna@Example.SE ") == []


def test_a_name_is_needed_and_not_endless() -> None:
    assert [problem.code for problem in name_problems("  ")] == ["missing"]
    assert [problem.code for problem in name_problems("x" * 201)] == ["too_long"]
    assert name_problems("Åsa") == []


@pytest.mark.parametrize(
    ("started", "seen", "alive"),
    [(0, 0, True), (-11, 0, True), (-12, 0, False), (-1, -0.99, True), (-1, -1, False)],
)
def test_a_session_ends_idle_or_old(started: float, seen: float, alive: bool) -> None:
    hours = {"started": NOON + timedelta(hours=started), "seen": NOON + timedelta(hours=seen)}

    assert is_alive(**hours, now=NOON, idle=timedelta(hours=1), absolute=timedelta(hours=12)) is alive


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (10, 160), (12, 640), (13, 900), (50, 900)]
)
def test_the_wait_doubles_up_to_fifteen_minutes(failures: int, seconds: int) -> None:
    assert wait_after([NOON] * failures, NOON, free=5) == timedelta(seconds=seconds)


def test_the_wait_passes_and_old_failures_are_forgotten() -> None:
    assert wait_after([NOON] * 6, NOON + timedelta(seconds=10), free=5) == timedelta(0)
    assert wait_after([NOON] * 50, NOON + timedelta(hours=1), free=5) == timedelta(0)
