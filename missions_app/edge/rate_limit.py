"""How many requests a caller may make in a minute: a fixed window per process, in memory."""

import threading
from dataclasses import dataclass

from missions_app import clock

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left: the limit, how many requests remain, seconds until the window begins anew."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def is_spent(self) -> bool:
        """Whether this request was one too many."""
        return self.remaining < 0


class Windows:
    """Counts per caller. Only the present window is kept, so memory follows the callers of one minute."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def count(self, caller: str, limit: int) -> Allowance:
        """Count one request of a caller."""
        seconds = clock.now().timestamp()
        window = int(seconds // WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            made = self._counts[caller] = self._counts.get(caller, 0) + 1
        left = WINDOW_SECONDS - int(seconds) % WINDOW_SECONDS
        return Allowance(limit, limit - made, left)
