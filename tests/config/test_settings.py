"""Settings: everything has a default in the demonstration; in production every missing thing is named at once."""

from pathlib import Path

import pytest

from config.settings import Settings, WrongSettings

PRODUCTION = {
    "MISSIONS_MODE": "production",
    "MISSIONS_SECRET_KEY": "k" * 32,
    "DATABASE_URL": "postgresql+psycopg://missions@localhost/missions",
    "MISSIONS_BASE_URL": "https://missions.example/",
    "MISSIONS_MAIL_URL": "smtp://mail.example:587",
    "MISSIONS_MAIL_FROM": "missions@missions.example",
}


def test_demonstration_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    first = Settings.from_environment({"MISSIONS_INSTANCE": str(tmp_path)})
    second = Settings.from_environment({"MISSIONS_INSTANCE": str(tmp_path)})

    assert (first.mode, first.database_url) == ("demo", f"sqlite:///{tmp_path / 'missions.sqlite'}")
    assert first.base_url == "http://localhost:8000"
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_port_decides_the_address(tmp_path: Path) -> None:
    settings = Settings.from_environment({"MISSIONS_INSTANCE": str(tmp_path), "PORT": "8123"})

    assert (settings.port, settings.base_url) == (8123, "http://localhost:8123")


def test_production_names_everything_missing_at_once() -> None:
    with pytest.raises(WrongSettings) as refusal:
        Settings.from_environment({"MISSIONS_MODE": "production"})

    assert [problem.split()[0] for problem in refusal.value.problems] == [
        "MISSIONS_SECRET_KEY", "DATABASE_URL", "MISSIONS_BASE_URL", "MISSIONS_MAIL_URL", "MISSIONS_MAIL_FROM",
    ]  # fmt: skip


def test_production_with_everything_is_accepted() -> None:
    settings = Settings.from_environment(PRODUCTION)

    assert settings.mode == "production"
    assert settings.base_url == "https://missions.example"
    assert not settings.is_demo


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("MISSIONS_SECRET_KEY", "short", "use at least 32 characters"),
        ("DATABASE_URL", "mysql://user:secret@host/db", "begin with sqlite:/// or postgresql://"),
        ("MISSIONS_BASE_URL", "missions.example", "begin with https://"),
        ("MISSIONS_MAIL_URL", "mail.example", "begin with smtp://"),
        ("MISSIONS_REGION", "atlantis", "use one of blekinge"),
        ("MISSIONS_TIMEZONE", "Europe/Atlantis", "use a zone such as Europe/Stockholm"),
        ("MISSIONS_MODE", "test", "use one of demo, production"),
        ("PORT", "eighty", "use a whole number"),
    ],
)
def test_wrong_value_is_named_with_its_remedy_and_without_its_password(name: str, value: str, remedy: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        Settings.from_environment(PRODUCTION | {name: value})

    assert [problem.startswith(name) and remedy in problem for problem in refusal.value.problems] == [True]
    assert "secret@" not in str(refusal.value)


def test_the_clock_file_is_for_demonstrations_only() -> None:
    with pytest.raises(WrongSettings) as refused:
        Settings.from_environment({"MISSIONS_MODE": "production", "MISSIONS_CLOCK_FILE": "now"})

    assert any("MISSIONS_CLOCK_FILE" in problem for problem in refused.value.problems)
