"""Possible starts of use as bits of a whole number, one for each half hour: thousands of resources over months are
compared in milliseconds. Pure; moments are whole seconds since 1970.

Bit n of a mask stands for the start n half hours after the grid's origin. A mask is exact, not rounded: a start is in
it if, and only if, a request for exactly that time would be granted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STEP = 1800

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """`slots` starts from `origin`, half an hour apart."""

    origin: int
    slots: int

    @property
    def whole(self) -> int:
        """Every start."""
        return (1 << self.slots) - 1

    @property
    def end(self) -> int:
        """The moment after the last slot."""
        return self.origin + self.slots * STEP

    def at(self, slot: int) -> int:
        """When a slot begins."""
        return self.origin + slot * STEP

    def slot_of(self, moment: int) -> int | None:
        """The slot that begins at a moment; None when none does."""
        slot, rest = divmod(moment - self.origin, STEP)
        return slot if rest == 0 and 0 <= slot < self.slots else None

    def between(self, earliest: int, latest: int) -> int:
        """The starts from `earliest` to `latest`, both included."""
        return self._bits(-(-(earliest - self.origin) // STEP), (latest - self.origin) // STEP)

    def within(self, stretches: Iterable[Span], length: int) -> int:
        """The starts at which something of that length lies inside one of the stretches."""
        mask = 0
        for start, end in stretches:
            mask |= self.between(start, end - length)
        return mask

    def touching(self, taken: Iterable[Span], length: int, before: int = 0, after: int = 0) -> int:
        """The starts at which something of that length, with `before` and `after` around it, would overlap one of the
        taken spans."""
        mask = 0
        ahead = length + after + self.origin
        for start, end in taken:
            # The first start after start - length - after; the last one before end + before.
            first = (start - ahead) // STEP + 1
            last = -(-(end + before - self.origin) // STEP) - 1
            mask |= self._bits(first, last)
        return mask

    def _bits(self, first: int, last: int) -> int:
        first, last = max(first, 0), min(last, self.slots - 1)
        return ((1 << (last - first + 1)) - 1) << first if first <= last else 0


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
