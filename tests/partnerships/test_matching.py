"""Matching is explained, stable, fair to newcomers and blind to what is not public."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missions_app.partnerships.matching import (
    Candidate,
    Offered,
    Wanted,
    match_of,
    matches,
    pair_of,
    pairs_within,
    shortlist,
    words_of,
)

SENSORS = words_of("Givare och mätning under två år")
PEAKS = ("ai", "big_data", "forming_technology", "marine_technology", "software")


def organisation(number: int = 1, **more: object) -> Candidate:
    plain: dict[str, object] = {"sector": "business", "municipality": "1080", "capabilities": (), "missions": 1}
    return Candidate(number, f"Bolag {number}", **{**plain, **more})  # type: ignore[arg-type]


def said(wanted: Wanted, one: Candidate) -> list[str]:
    return [reason.sentence % dict(reason.values) for reason in match_of(wanted, one).reasons]


@pytest.mark.parametrize(
    ("wanted", "more", "reason", "points"),
    [
        (Wanted("ai"), {"capabilities": (("ai", 1),)}, "some experience of ai", 2),
        (Wanted("ai"), {"capabilities": (("ai", 3),)}, "leading in ai", 4),
        (
            Wanted(kind="equipment", words=SENSORS),
            {"offers": (Offered("equipment", words=words_of("Tolv givare")),)},
            "lends ('givare',)",
            4,
        ),
        (Wanted("ai", kind="skill"), {"offers": (Offered("students", "ai"),)}, "has an offer within ai", 4),
        (Wanted(kind="site"), {"offers": (Offered("site"),)}, "has an offer of the kind that is needed", 1),
        (Wanted(words=SENSORS), {"words": words_of("Gör givare för hav.")}, "says of itself: ('givare',)", 1),
        (Wanted(role="user_rep"), {"roles": frozenset({"user_rep"})}, "has been user_rep in another mission", 2),
        (Wanted(missing_sectors=("business",)), {}, "adds a sector that is missing: business", 2),
    ],
)
def test_each_reason_is_said_and_counted(wanted: Wanted, more: dict[str, object], reason: str, points: int) -> None:
    match = match_of(wanted, organisation(**more))

    assert said(wanted, organisation(**more)) == [reason]
    assert match.points == points


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (Wanted("ai"), {"capabilities": (("software", 3),)}),
        (Wanted("ai", missing_sectors=("business",)), {}),
        (Wanted(kind="equipment"), {"offers": (Offered("site"),)}),
        (Wanted(kind="money"), {"offers": (Offered("network"),)}),
        (Wanted("ai", kind="equipment"), {"offers": (Offered("equipment", "software"),)}),
        (Wanted(municipalities=("1080",)), {}),
    ],
)
def test_who_can_do_nothing_that_is_needed_is_no_match(wanted: Wanted, more: dict[str, object]) -> None:
    assert matches(wanted, [organisation(**more)]) == []


def test_a_pair_of_peaks_never_tried_is_named_and_a_tried_one_is_not() -> None:
    former = organisation(capabilities=(("ai", 1), ("forming_technology", 3)))

    new = said(Wanted("ai"), former)
    tried = said(Wanted("ai", tried=frozenset({pair_of("forming_technology", "ai")})), former)

    assert new == ["some experience of ai", "new pair: forming_technology with ai, never tried together"]
    assert tried == ["some experience of ai"]


def test_place_speaks_for_a_match_but_makes_none() -> None:
    able = organisation(capabilities=(("ai", 2),))

    assert said(Wanted("ai", municipalities=("1080",)), able) == ["experienced in ai", "works in 1080"]


@pytest.mark.parametrize(
    ("offer", "lack"),
    [
        (Offered("equipment", "ai"), "Uncertain: time from 2027-03-01."),
        (Offered("equipment", "ai", available_from=date(2027, 4, 1)), "Free first from 2027-04-01."),
        (Offered("equipment", "ai", available_until=date(2027, 4, 1)), "Free only until 2027-04-01."),
    ],
)
def test_what_lacks_in_time_is_said(offer: Offered, lack: str) -> None:
    wanted = Wanted("ai", kind="equipment", needed_from=date(2027, 3, 1), needed_until=date(2027, 6, 1))

    lacks = match_of(wanted, organisation(capabilities=(("ai", 1),), offers=(offer,))).lacks

    assert [one.sentence % dict(one.values) for one in lacks] == [lack]


def test_among_equals_those_who_take_part_less_come_first_and_nobody_new_is_buried() -> None:
    busy = [organisation(number, missions=5, capabilities=(("ai", 3),)) for number in (1, 2, 3)]
    calm = organisation(4, missions=2, capabilities=(("ai", 3),))
    new = organisation(5, missions=0, capabilities=(("ai", 1),))

    found = matches(Wanted("ai"), [*busy, calm, new])

    assert [one.candidate.organisation_id for one in found] == [4, 1, 2, 3, 5]
    assert [one.candidate.organisation_id for one in shortlist(found)] == [4, 1, 5]


def test_words_meet_in_any_form_and_common_words_do_not() -> None:
    need, text = words_of("Givarna under bron i regionen"), words_of("Vi säljer givare under ytan, i hela regionen")

    assert need.keys() & text.keys() == words_of("givare").keys()


def test_one_thing_is_not_said_in_two_languages() -> None:
    wanted = Wanted(words=words_of("De boende"), words_en=words_of("The residents"))

    assert said(wanted, organisation(words=words_of("Boende. Residents."))) == ["says of itself: ('boende',)"]


offers = st.builds(Offered, st.sampled_from(["site", "equipment", "expertise"]), st.sampled_from(["", *PEAKS]))
organisations = st.builds(
    Candidate,
    organisation_id=st.integers(1, 50), name=st.just("Bolag"), sector=st.sampled_from(["business", "civil"]),
    municipality=st.sampled_from(["", "1080"]),
    capabilities=st.dictionaries(st.sampled_from(PEAKS), st.integers(1, 3)).map(lambda one: tuple(sorted(one.items()))),
    missions=st.integers(0, 3), offers=st.lists(offers, max_size=2).map(tuple),
    roles=st.sampled_from([frozenset(), frozenset({"user_rep"})]),
)  # fmt: skip
wishes = st.builds(
    Wanted, peak=st.sampled_from(["", *PEAKS]), kind=st.sampled_from(["site", "skill", "equipment"]),
    role=st.sampled_from(["", "user_rep"]), missing_sectors=st.sampled_from([(), ("civil",)]),
    municipalities=st.sampled_from([(), ("1080",)]), present=st.lists(st.sampled_from(PEAKS), max_size=2).map(tuple),
    tried=st.lists(st.sampled_from(PEAKS), max_size=4).map(pairs_within),
)  # fmt: skip


@settings(deadline=None)
@given(wishes, st.lists(organisations, max_size=12, unique_by=lambda one: one.organisation_id), st.randoms())
def test_order_does_not_depend_on_the_order_of_the_input_and_every_rank_is_explained(
    wanted: Wanted, known: list[Candidate], chance: object
) -> None:
    found = matches(wanted, known)
    shuffled = list(known)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert found == matches(wanted, shuffled)
    assert all(one.points == sum(reason.points for reason in one.reasons) and one.reasons for one in found)
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)
    shown = shortlist(found)
    assert len(shown) == min(3, len(found))
    assert any(one.is_newcomer for one in shown) == any(one.is_newcomer for one in found)
