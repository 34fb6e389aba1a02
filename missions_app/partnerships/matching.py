"""Which organisations could cover a need, and why. Pure; docs/matching.md tells it in words.

A match is a list of reasons, each worth some points, and a list of what it lacks. Points only put matches in order and
are never shown. The same input gives the same order: points, then those who take part in fewer missions, then the
oldest entry. Only what everybody may read goes in, so nothing claimed as secret can come out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from missions_app.i18n import N_
from missions_app.search.terms import fold, terms

LEVEL_POINTS = {1: 2, 2: 3, 3: 4}
OFFER_POINTS, PLAIN_OFFER_POINTS, WORDS_POINTS, ROLE_POINTS = 4, 1, 1, 2
SECTOR_POINTS, PLACE_POINTS, NEW_PAIR_POINTS = 2, 1, 2
MOST_WORDS = 3
SHORTEST_WORD = 4
# Which offers answer which kinds of needs.
ANSWERS: Mapping[str, frozenset[str]] = {
    "capability": frozenset({"expertise", "students", "equipment"}),
    "skill": frozenset({"expertise", "students"}),
    "site": frozenset({"site"}),
    "data": frozenset({"data"}),
    "equipment": frozenset({"equipment"}),
    "users": frozenset({"network"}),
    "mandate": frozenset({"network"}),
    "money": frozenset(),
}
# Words that say nothing about what somebody can do, folded.
COMMON = """
alla andra annan annat bara bland blir dels denna dess dessa detta egen egna eller enligt fler flera fran genom gang
hela hos inom inte kring kunna mellan minst mindre mycket olika over samma sedan ska skall som mot till tills under upp
utan vara varje vill vilka vilket aret bade finns gors gora ligger nagon nagot nagra behov behovs kan kunde
about after also both each from have into more most only other over such than that their them then there these this
through upon what when where which with within your somebody
ansvarar arbete arbetar blekinge kommun kommunen missionen region regionen regionala utveckling
"""
EMPTY = frozenset(COMMON.split())


Words = Mapping[str, str]  # term of search -> the word as written


@dataclass(frozen=True, slots=True)
class Offered:
    """Something an organisation lends: kind, peak or "", the words of it, and for which days."""

    kind: str
    peak: str = ""
    words: Words = field(default_factory=dict)
    available_from: date | None = None
    available_until: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation as matching sees it.

    capabilities: (peak, level 1 to 3). words: of what it says about itself, openly. roles: those it has held in other
    missions. missions: how many it takes or took part in.
    """

    organisation_id: int
    name: str
    sector: str
    municipality: str
    capabilities: tuple[tuple[str, int], ...]
    missions: int
    slug: str = ""
    offers: tuple[Offered, ...] = ()
    words: Words = field(default_factory=dict)
    roles: frozenset[str] = frozenset()

    @property
    def home(self) -> str:
        """The peak it is best at; the first in name order among equals, "" where it has stated none."""
        return min(self.capabilities, key=lambda one: (-one[1], one[0]))[0] if self.capabilities else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    words, words_en: of the need's text in Swedish and in English. missing_sectors: not yet in the partnership.
    present: the peaks its partners are best at. tried: pairs of peaks (in name order) that have been in
    one partnership before, anywhere.
    """

    peak: str = ""
    missing_sectors: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    kind: str = ""
    role: str = ""
    words: Words = field(default_factory=dict)
    words_en: Words = field(default_factory=dict)
    needed_from: date | None = None
    needed_until: date | None = None
    present: tuple[str, ...] = ()
    tried: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a match, or that it lacks, as a msgid with its values; points are for the order."""

    sentence: str
    values: tuple[tuple[str, object], ...] = ()
    points: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with points (the sum of its reasons'), what speaks for it, and what it lacks."""

    candidate: Candidate
    points: int
    reasons: tuple[Reason, ...]
    lacks: tuple[Reason, ...]

    @property
    def is_newcomer(self) -> bool:
        """Whether it has never taken part in a mission."""
        return self.candidate.missions == 0


def words_of(text: str) -> dict[str, str]:
    """The telling words of a text: term of search -> the word as written, the first time it stands there."""
    found: dict[str, str] = {}
    for raw in text.split():
        word = raw.strip(".,;:!?()\"'”“’–-/")
        if len(word) < SHORTEST_WORD or fold(word) in EMPTY:
            continue
        for term in terms(word)[:1]:
            found.setdefault(term, word.lower())
    return found


def pair_of(first: str, second: str) -> tuple[str, str]:
    """Two peaks in name order."""
    return (first, second) if first <= second else (second, first)


def pairs_within(homes: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Every pair of different peaks among those of one partnership."""
    known = sorted({one for one in homes if one})
    return frozenset((first, second) for place, first in enumerate(known) for second in known[place + 1 :])


def matches(wanted: Wanted, candidates: Iterable[Candidate]) -> Sequence[Match]:
    """Candidates with at least one reason, best first."""
    found = [match for match in (match_of(wanted, one) for one in candidates) if match.reasons]
    return sorted(found, key=lambda one: (-one.points, one.candidate.missions, one.candidate.organisation_id))


def shortlist(found: Sequence[Match], most: int = 3) -> Sequence[Match]:
    """The first few; the last place is a newcomer's where there is one further down, so that nobody new is buried."""
    chosen = list(found[:most])
    if len(found) > most and not any(one.is_newcomer for one in chosen):
        newcomer = next((one for one in found[most:] if one.is_newcomer), None)
        chosen = [*chosen[:-1], newcomer] if newcomer else chosen
    return chosen


def match_of(wanted: Wanted, one: Candidate) -> Match:
    """Everything that speaks for one candidate, and what it lacks."""
    able = [*_capability(wanted, one), *_offer(wanted, one), *_own_words(wanted, one), *_role(wanted, one)]
    # Belonging to a missing sector is reason enough only where no certain capability is asked for.
    reasons = [*able, *_sector(wanted, one)] if able or not wanted.peak else []
    if able:
        reasons += _crossing(wanted, one)
    if reasons:
        reasons += _place(wanted, one)
        reasons += [Reason(N_("takes part for the first time"))] if one.missions == 0 else []
    return Match(one, sum(reason.points for reason in reasons), tuple(reasons), tuple(_lacks(wanted, one)))


def _capability(wanted: Wanted, one: Candidate) -> list[Reason]:
    level = dict(one.capabilities).get(wanted.peak, 0) if wanted.peak else 0
    sentences = {
        1: N_("some experience of %(peak)s"), 2: N_("experienced in %(peak)s"), 3: N_("leading in %(peak)s")
    }  # fmt: skip
    return [Reason(sentences[level], (("peak", wanted.peak),), LEVEL_POINTS[level])] if level else []


def _fitting(wanted: Wanted, one: Candidate) -> tuple[Offered | None, list[str]]:
    """The offer that answers the need best, with the words they share."""
    right = [offer for offer in one.offers if offer.kind in ANSWERS.get(wanted.kind, frozenset())]
    if not right:
        return None, []
    best = max(right, key=lambda offer: (offer.peak == wanted.peak != "", len(_shared(wanted, offer.words))))
    return best, _shared(wanted, best.words)


def _offer(wanted: Wanted, one: Candidate) -> list[Reason]:
    offer, shared = _fitting(wanted, one)
    if offer is None:
        return []
    if shared:
        return [Reason(N_("lends %(words)s"), (("words", tuple(shared)),), OFFER_POINTS)]
    if wanted.peak and offer.peak == wanted.peak:
        return [Reason(N_("has an offer within %(peak)s"), (("peak", offer.peak),), OFFER_POINTS)]
    return [] if wanted.peak else [Reason(N_("has an offer of the kind that is needed"), (), PLAIN_OFFER_POINTS)]


def _own_words(wanted: Wanted, one: Candidate) -> list[Reason]:
    offer, lent = _fitting(wanted, one)
    said = [word for word in _shared(wanted, one.words) if word not in lent]
    return [Reason(N_("says of itself: %(words)s"), (("words", tuple(said)),), WORDS_POINTS)] if said else []


def _role(wanted: Wanted, one: Candidate) -> list[Reason]:
    if not wanted.role or wanted.role not in one.roles:
        return []
    return [Reason(N_("has been %(partner_role)s in another mission"), (("partner_role", wanted.role),), ROLE_POINTS)]


def _sector(wanted: Wanted, one: Candidate) -> list[Reason]:
    if one.sector not in wanted.missing_sectors:
        return []
    return [Reason(N_("adds a sector that is missing: %(sector)s"), (("sector", one.sector),), SECTOR_POINTS)]


def _crossing(wanted: Wanted, one: Candidate) -> list[Reason]:
    for peak in dict.fromkeys([wanted.peak, *wanted.present]):
        if peak and one.home and peak != one.home and pair_of(peak, one.home) not in wanted.tried:
            values = (("peak", one.home), ("other_peak", peak))
            return [Reason(N_("new pair: %(peak)s with %(other_peak)s, never tried together"), values, NEW_PAIR_POINTS)]
    return []


def _place(wanted: Wanted, one: Candidate) -> list[Reason]:
    if not one.municipality or one.municipality not in wanted.municipalities:
        return []
    return [Reason(N_("works in %(municipality)s"), (("municipality", one.municipality),), PLACE_POINTS)]


def _lacks(wanted: Wanted, one: Candidate) -> Iterable[Reason]:
    yield from _time(wanted, _fitting(wanted, one)[0])
    if wanted.peak and wanted.peak not in dict(one.capabilities):
        yield Reason(N_("Has not stated %(peak)s."), (("peak", wanted.peak),))
    if wanted.municipalities and one.municipality not in wanted.municipalities:
        yield Reason(N_("Is not based where the mission is."))
    if wanted.missing_sectors and one.sector not in wanted.missing_sectors:
        yield Reason(N_("Does not fill %(sectors)s."), (("sectors", wanted.missing_sectors),))


def _time(wanted: Wanted, offer: Offered | None) -> Iterable[Reason]:
    first, last = wanted.needed_from, wanted.needed_until or wanted.needed_from
    starts, ends = (offer.available_from, offer.available_until) if offer else (None, None)
    if first is not None and starts is None and ends is None:
        yield Reason(N_("Uncertain: time from %(day)s."), (("day", first),))
    if first is not None and starts is not None and starts > first:
        yield Reason(N_("Free first from %(day)s."), (("day", starts),))
    if last is not None and ends is not None and ends < last:
        yield Reason(N_("Free only until %(day)s."), (("day", ends),))


def _shared(wanted: Wanted, words: Words) -> list[str]:
    """The need's words that the other text has too, in the need's order; its English ones only where no Swedish one
    is shared, so that one thing is not said twice."""
    for own in (wanted.words, wanted.words_en):
        if found := [word for term, word in own.items() if term in words]:
            return found[:MOST_WORDS]
    return []
