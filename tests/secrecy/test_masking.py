"""Who sees what is claimed to be secret: pure."""

import pytest

from missions_app.accounts.actor import ANONYMOUS, REGION, SYSTEM, Actor, Scope, mission_scope, organisation_scope
from missions_app.paths import METHODS
from missions_app.secrecy.masking import Circle, Visibility, masked, searchable, shown, visible
from missions_app.workflow.method_file import parse_method

OWNER, PARTNER, MISSION = organisation_scope(1), organisation_scope(2), mission_scope(9)
CIRCLE = Circle(owners=frozenset({OWNER}), partners=frozenset({PARTNER, MISSION}))


def actor(role: str, scope: Scope) -> Actor:
    return Actor(1, "u1", "Anna", grants=frozenset({(role, scope)}))


READERS = {
    "visitor": (ANONYMOUS, (True, False, False)),
    "stranger": (actor("member", organisation_scope(3)), (True, False, False)),
    "partner": (actor("member", PARTNER), (True, True, False)),
    "coordinator": (actor("coordinator", MISSION), (True, True, False)),
    "owner": (actor("member", OWNER), (True, True, True)),
    "secretariat": (actor("secretariat_officer", REGION), (True, True, True)),
    "registrar": (actor("registrar", REGION), (True, True, True)),
    "system administrator": (actor("sysadmin", REGION), (True, False, False)),
    "the system": (SYSTEM, (True, True, True)),
}


@pytest.mark.parametrize("name", READERS)
def test_each_reader_sees_just_so_much(name: str) -> None:
    reader, expected = READERS[name]

    assert tuple(visible(reader, level, CIRCLE) for level in Visibility) == expected


def test_an_unknown_level_is_treated_as_claimed() -> None:
    assert not visible(actor("member", PARTNER), "whatever", CIRCLE)


def test_masked_fields_are_none_and_empty_ones_are_not_masked() -> None:
    values = {"title": "Båt", "method": "Hemlig lack", "note": ""}
    levels = {"method": "confidential_claim", "note": "confidential_claim"}

    assert masked(ANONYMOUS, values, levels, CIRCLE) == {"title": "Båt", "method": None, "note": ""}
    assert masked(actor("member", OWNER), values, levels, CIRCLE) == values
    assert shown(ANONYMOUS, "Hemlig lack", "partners", CIRCLE) is None


def test_only_public_texts_reach_an_index() -> None:
    assert searchable({"a": "ett", "b": "två", "c": "tre"}, {"b": "partners", "c": "confidential_claim"}) == ["ett"]


def test_the_levels_are_the_methods_own() -> None:
    method = parse_method((METHODS / "blekinge-1.toml").read_text("utf-8"))

    assert set(method.ids("visibility")) == {level.value for level in Visibility}
