"""The refusals of the domain: each has a stable code, a sentence for a person, and the field at fault.

A `message` is an English msgid with %(name)s placeholders. It is translated and filled in at the edge, in the
reader's language and the site's time zone, so parameters are plain values (dates, numbers, bilingual texts).
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, the msgid that says what to do, its values, and the field at fault."""

    code: str
    message: str
    field: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class DomainError(Exception):
    """A refusal that a person can understand and often mend. Subclasses give `code` and `message`."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = "This cannot be done."

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        self.problems: tuple[Problem, ...] = (Problem(self.code, self.message, field, params),)
        super().__init__(self.code)

    @property
    def field(self) -> str | None:
        """The input at fault, if there is just one."""
        return self.problems[0].field

    @property
    def params(self) -> Mapping[str, object]:
        """The values of the first problem's sentence."""
        return self.problems[0].params


class NotFound(DomainError):
    """There is no such thing, or the reader may not know that there is."""

    code = "not_found"
    message = "We cannot find what you are looking for."


class NotAllowed(DomainError):
    """The reader is known but lacks the right."""

    code = "not_allowed"
    message = "You do not have the right to do this."


class Conflict(DomainError):
    """The state of things does not allow it now."""

    code = "conflict"
    message = "This is not possible as things stand now."


class StaleVersion(Conflict):
    """Somebody saved the record after the reader opened it."""

    code = "stale_version"
    message = "Somebody else has changed this since you opened it. Your text is kept; look at both versions."


class TryAgain(Conflict):
    """The database was busy with rivals; nothing was written and the same call may succeed at once."""

    code = "try_again"
    message = "Many people are saving at the same time. Nothing was saved. Try again in a moment."


class TooOften(DomainError):
    """The same thing was asked for too many times; `seconds` says how long to wait."""

    code = "too_often"
    message = "That was many attempts in a short time. Wait %(seconds)d seconds and try again."


class InvalidInput(DomainError):
    """One or more inputs are wrong; every one of them is listed."""

    code = "invalid_input"
    message = "Something needs to be corrected."

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "InvalidInput":
        """One error that lists all problems; at least one is needed."""
        error = cls()
        error.problems = tuple(problems)
        if not error.problems:
            raise ValueError("an InvalidInput needs at least one problem")
        return error
