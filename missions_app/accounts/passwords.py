"""Password hashes: argon2id with 19 MiB, two passes, one lane."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from missions_app.accounts.rules import password_problems
from missions_app.errors import InvalidInput

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random text that nobody knows: an unknown address costs as much time as a wrong password.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$2zOOKJeEUhUJLt7PgS/bqA$WN+KHgWGaVgPSmTnOZLUA3QncovBb37xm7gUd4tPtJo"


def hash_password(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes the same time when there is none."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other settings than today's."""
    return _hasher.check_needs_rehash(stored)


def require_strong(password: str, *known: str, field: str = "password") -> None:
    """Refuse a new password that is too short or easy to guess.

    Raises:
        InvalidInput: says what to do.
    """
    problems = password_problems(password, *known, field=field)
    if problems:
        raise InvalidInput.of(problems)
