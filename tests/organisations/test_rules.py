"""What an organisation's entry must hold: pure."""

import pytest

from missions_app.organisations.rules import Profile, is_valid_number, plain_number, profile_problems, slug_of
from missions_app.paths import METHODS
from missions_app.workflow.method import Method
from missions_app.workflow.method_file import parse_method


@pytest.fixture(scope="module")
def method() -> Method:
    return parse_method((METHODS / "blekinge-1.toml").read_text("utf-8"))


@pytest.mark.parametrize("number", ["212000-0829", "2120000829", "16 212000-0829", "556036-0793"])
def test_numbers_that_hold_together_are_valid_however_they_are_written(number: str) -> None:
    assert is_valid_number(plain_number(number))


@pytest.mark.parametrize("number", ["212000-0828", "212000-829", "abc", "", "55603607933"])
def test_numbers_that_do_not_hold_together_are_refused(number: str) -> None:
    assert not is_valid_number(plain_number(number))


def test_a_plain_entry_has_no_problems(method: Method) -> None:
    profile = Profile(name="Sund AB", sector="business", size_class="small", municipality="1080", number="556036-0793",
                      contact_email="hej@sund.example", website="https://sund.example")  # fmt: skip

    assert profile_problems(profile, method) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"sector": "church"}, "sector"),
        ({"subtype": "church"}, "subtype"),
        ({"size_class": "gigantic"}, "size_class"),
        ({"municipality": "Karlskrona"}, "municipality"),
        ({"number": "556036-0794"}, "number"),
        ({"country": "Sweden"}, "country"),
        ({"contact_email": "hej"}, "contact_email"),
        ({"website": "sund.example"}, "website"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"description_sv": "x" * 4001}, "description_sv"),
    ],
)
def test_each_fault_names_its_field(method: Method, changes: dict[str, str], field: str) -> None:
    profile = Profile(**({"name": "Sund AB", "sector": "business"} | changes))

    assert [problem.field for problem in profile_problems(profile, method)] == [field]


def test_the_number_of_another_country_is_not_checked(method: Method) -> None:
    assert (
        profile_problems(Profile(name="Sund ApS", sector="business", number="DK 12345678", country="DK"), method) == []
    )


def test_names_become_addresses() -> None:
    assert slug_of("Sölvesborgs kommun") == "solvesborgs-kommun"
    assert slug_of("!!!") == "organisation"
