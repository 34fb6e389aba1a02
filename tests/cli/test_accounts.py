"""missions user: the first administrator of an empty installation."""

import json

from tests.cli.conftest import Installation

PASSWORD = "a long enough phrase"


def test_first_administrator_can_be_made_and_is_listed(installation: Installation) -> None:
    made = installation.missions(
        "user", "create", "Anna@Exempel.se", "Anna", "--role", "administrator", "--password", PASSWORD
    )
    listed = json.loads(installation.missions("user", "list", "--json"))

    assert made == "anna@exempel.se can sign in.\n"
    assert listed == [{"email": "anna@exempel.se", "name": "Anna", "state": "active", "roles": "sysadmin"}]


def test_weak_password_is_refused_in_words_and_nobody_is_made(installation: Installation) -> None:
    said = installation.missions("user", "create", "anna@exempel.se", "Anna", "--password", "short", code=1)

    assert "Traceback" not in said
    assert "12" in said
    assert json.loads(installation.missions("user", "list", "--json")) == []


def test_suspended_account_can_be_restored(installation: Installation) -> None:
    installation.missions("user", "create", "anna@exempel.se", "Anna", "--password", PASSWORD)

    installation.missions("user", "suspend", "anna@exempel.se")
    suspended = json.loads(installation.missions("user", "list", "--json"))
    installation.missions("user", "restore", "anna@exempel.se")

    assert [one["state"] for one in suspended] == ["suspended"]
    assert [one["state"] for one in json.loads(installation.missions("user", "list", "--json"))] == ["active"]


def test_demonstration_accounts_are_not_listed_in_production(installation: Installation) -> None:
    production = {
        "MISSIONS_MODE": "production", "MISSIONS_SECRET_KEY": "k" * 40, "MISSIONS_BASE_URL": "https://missions.example",
        "MISSIONS_MAIL_URL": "smtp://localhost", "MISSIONS_MAIL_FROM": "missions@missions.example",
    }  # fmt: skip

    said = installation.missions("user", "list", "--demo", "--json", code=1, **production)

    assert said == "Error: Demonstration accounts exist in demonstration mode only (MISSIONS_MODE=demo).\n"
