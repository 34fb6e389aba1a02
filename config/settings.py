"""Everything an installation decides, read once from the environment. The only reader of os.environ.

Every variable that is missing or wrong is named at once. In demonstration mode everything has a default.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MODES = ("demo", "production", "test")
MEGABYTE = 1024 * 1024
REGIONS = Path(__file__).parent / "regions"
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
MAIL = ("smtp://", "smtps://", "console:")
WEB = ("https://", "http://")


class WrongSettings(SystemExit):
    """The environment cannot be used; the message names every variable and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The settings need mending:\n" + "\n".join(f"  - {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. `instance` holds the embedded database, uploaded files and the generated key."""

    mode: str
    secret_key: str
    database_url: str
    base_url: str
    instance: Path
    region: str = "blekinge"
    timezone: str = "Europe/Stockholm"
    mail_url: str = "console:"
    mail_from: str = "missions@localhost"
    session_idle_minutes: int = 60
    session_absolute_hours: int = 12
    files_url: str = ""
    clamd_url: str = ""
    max_upload_bytes: int = 25 * MEGABYTE
    log_level: str = "INFO"
    trusted_proxies: int = 0
    rate_limits: bool = True
    port: int = 8000
    clock_file: Path | None = None

    @property
    def is_demo(self) -> bool:
        """Whether example data and demonstration accounts may be shown."""
        return self.mode == "demo"

    @property
    def files(self) -> str:
        """Where uploaded files lie: a folder or an s3:// address."""
        return self.files_url or str(self.instance / "files")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment.

        Raises:
            WrongSettings: names every missing or wrong variable.
        """
        return _Reader(os.environ if environment is None else environment).settings()

    @classmethod
    def for_tests(cls, **changes: Any) -> "Settings":
        """Settings for the test suite; any field may be given."""
        plain = cls(
            mode="test", secret_key="not-a-secret-only-for-tests", database_url="sqlite://",  # noqa: S106
            base_url="http://localhost", instance=Path("instance"), rate_limits=False,
        )  # fmt: skip
        return replace(plain, **changes)


class _Reader:
    """Collects problems while it reads."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def settings(self) -> Settings:
        mode = self.choice("MISSIONS_MODE", MODES[:2], "demo")
        demo = mode == "demo"
        port = self.number("PORT", 8000)
        instance = Path(self.text("MISSIONS_INSTANCE", "instance")).absolute()
        settings = Settings(
            mode=mode,
            instance=instance,
            secret_key=self.text("MISSIONS_SECRET_KEY", _kept_key(instance) if demo else None),
            database_url=self.scheme(
                "DATABASE_URL", DATABASES, f"sqlite:///{instance / 'missions.sqlite'}" if demo else None
            ),
            base_url=self.scheme("MISSIONS_BASE_URL", WEB, f"http://localhost:{port}" if demo else None).rstrip("/"),
            region=self.region("MISSIONS_REGION", "blekinge"),
            timezone=self.zone("MISSIONS_TIMEZONE", "Europe/Stockholm"),
            mail_url=self.scheme("MISSIONS_MAIL_URL", MAIL, "console:" if demo else None),
            mail_from=self.text("MISSIONS_MAIL_FROM", "missions@localhost" if demo else None),
            session_idle_minutes=self.number("MISSIONS_SESSION_IDLE_MINUTES", 60),
            session_absolute_hours=self.number("MISSIONS_SESSION_ABSOLUTE_HOURS", 12),
            files_url=self.text("MISSIONS_FILES_URL", ""),
            clamd_url=self.text("MISSIONS_CLAMD_URL", ""),
            max_upload_bytes=self.number("MISSIONS_MAX_UPLOAD_MB", 25) * MEGABYTE,
            log_level=self.choice("MISSIONS_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            trusted_proxies=self.number("MISSIONS_TRUSTED_PROXIES", 0),
            rate_limits=self.choice("MISSIONS_RATE_LIMITS", ("on", "off"), "on") == "on",
            port=port,
            clock_file=self.past(demo),
        )
        if not demo and settings.secret_key and len(settings.secret_key) < 32:
            self.problems.append("MISSIONS_SECRET_KEY is too short: use at least 32 characters.")
        if self.problems:
            raise WrongSettings(self.problems)
        return settings

    def text(self, name: str, default: str | None) -> str:
        value = self.environment.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is missing: it is needed in production.")
            return ""
        return default

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{name} is {value!r}: use one of {', '.join(choices)}.")
            return default
        return value

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit():
            self.problems.append(f"{name} is {value!r}: use a whole number.")
            return default
        return int(value)

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            self.problems.append(f"{name} is {value!r}: use a zone such as Europe/Stockholm.")
        return value

    def scheme(self, name: str, schemes: tuple[str, ...], default: str | None) -> str:
        value = self.text(name, default)
        if value and not value.startswith(schemes):
            self.problems.append(f"{name} is {_without_password(value)!r}: begin with {' or '.join(schemes)}.")
        return value

    def past(self, demo: bool) -> Path | None:
        """The file that holds the moment at which a demonstration plays; the real time needs none."""
        name = self.text("MISSIONS_CLOCK_FILE", "")
        if name and not demo:
            self.problems.append("MISSIONS_CLOCK_FILE is for demonstration mode only: leave it out.")
        return Path(name).absolute() if name and demo else None

    def region(self, name: str, default: str) -> str:
        value = self.text(name, default)
        known = sorted(folder.name for folder in REGIONS.iterdir() if folder.is_dir())
        if value not in known:
            self.problems.append(f"{name} is {value!r}: use one of {', '.join(known)}.")
        return value


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*:)[^@]*@", r"\1…@", url)


def _kept_key(instance: Path) -> str:
    """The demonstration's own key, made once and kept beside its database."""
    file = instance / "secret_key"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_urlsafe(48), "utf-8")
        file.chmod(0o600)
    return file.read_text("utf-8").strip()


def environment(**changes: str) -> dict[str, str]:
    """The environment for a process that we start, with some variables set."""
    return {**os.environ, **changes}
