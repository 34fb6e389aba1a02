"""A draft that builds itself from plain answers: only the writer's words, and what can be read out of them."""

from datetime import date

import pytest

from missions_app.challenges.drafting import Answers, day_in, drafted, indicators_for, municipalities_in, title_from
from missions_app.paths import CONFIG
from missions_app.workflow.method_file import parse_method

METHOD = parse_method((CONFIG / "methods" / "blekinge-1.toml").read_text("utf-8"))
PLACES = {"1060": "Olofström", "1080": "Karlskrona", "1081": "Ronneby", "1083": "Sölvesborg"}
TODAY = date(2026, 11, 25)
FLOOD = Answers(
    what="Det svämmar över vid torget i Ronneby när det regnar mycket. Butikerna får stänga.",
    extent="Vattnet står fyra timmar, tre gånger om året.", who="Handlare och boende", where="Torget",
    change="Senast 2029 ska vattnet vara borta inom en halvtimme.", backing="Samhällsbyggnadschefen",
)  # fmt: skip


def test_a_draft_holds_the_writers_own_words_in_the_fields_where_they_belong() -> None:
    fields = drafted(FLOOD, METHOD, municipalities=PLACES, own="1080", today=TODAY)

    assert fields == {
        "title": "Det svämmar över vid torget i Ronneby när det regnar mycket",
        "problem": f"{FLOOD.what}\n\n{FLOOD.extent}", "affected": "Handlare och boende", "place": "Torget",
        "municipalities": ["1081"], "target_statement": FLOOD.change, "target_date": date(2029, 12, 31),
        "mandate_function": "Samhällsbyggnadschefen", "theme": "climate_adaptation", "specialisation": "missions",
    }  # fmt: skip


def test_one_answer_is_enough_and_nothing_is_invented() -> None:
    fields = drafted(Answers(what="Det luktar."), METHOD, municipalities=PLACES, own="", today=TODAY)

    assert fields == {"title": "Det luktar", "problem": "Det luktar.", "specialisation": "missions"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Det svämmar över. Ofta.", "Det svämmar över"),
        ("", ""),
        ("Barn som väntar på bussen står i full sol, och det blir upp till sex grader varmare än i parken intill.",
         "Barn som väntar på bussen står i full sol"),
        ("Barn som väntar på bussen vid Brunnsparken står i full sol och det blir upp till sex grader varmare.",
         "Barn som väntar på bussen vid Brunnsparken står i full sol"),
        ("x" * 90, "x" * 70),
    ],
)  # fmt: skip
def test_a_title_is_the_first_sentence_cut_at_a_word_that_says_something(text: str, title: str) -> None:
    assert title_from(text) == title


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Senast 2029 ska det vara klart", date(2029, 12, 31)),
        ("Sommaren 2030 ska siktdjupet vara 4 meter", date(2030, 8, 31)),
        ("I juni 2028 eller juli 2028", date(2028, 7, 31)),
        ("By February 2028", date(2028, 2, 29)),
        ("Senast 2029-06-30", date(2029, 6, 30)),
        ("Den 2029-02-31 eller 2028", date(2028, 12, 31)),
        ("Sedan 2019 har det blivit värre", None),
        ("Klimatneutralt 2050", None),
        ("2000 bilar om dagen", None),
        ("snart", None),
    ],
)
def test_a_day_is_read_only_where_the_words_name_one_to_come(text: str, day: date | None) -> None:
    assert day_in(text, TODAY) == day


def test_municipalities_are_found_also_in_the_genitive_and_without_dots() -> None:
    assert municipalities_in("I Solvesborgs hamn och i Ronneby", PLACES) == ["1081", "1083"]


@pytest.mark.parametrize(
    ("text", "theme", "first"),
    [
        ("Ålgräset har minskat längs kusten. Ålgräset ska tillbaka.", "healthy_seas", "Återetablerat ålgräs"),
        ("Kväve från åkrarna når kusten.", "healthy_seas", "Minskad kvävetillförsel till kustvatten"),
        ("Stranden flyttar sig, och strandens kant är tillbaka där den var.", "climate_adaptation",
         "Strandlinjens tillbakagång"),
        ("Personalen säger att temperaturen är för hög.", "climate_adaptation",
         "Temperaturskillnad mot referensplats"),
    ],
)  # fmt: skip
def test_what_the_text_is_about_says_more_than_words_that_many_indicators_have(
    text: str, theme: str, first: str
) -> None:
    assert indicators_for(text, theme, METHOD)[0].label.sv == first


def test_the_month_in_which_it_happened_says_nothing_of_the_theme() -> None:
    text = "Torget svämmar över när det regnar. Senast i augusti stod vattnet i fyra timmar."

    assert drafted(Answers(what=text), METHOD, municipalities=PLACES, own="", today=TODAY)["theme"] == (
        "climate_adaptation"
    )


def test_indicators_that_share_words_come_first_and_only_effects() -> None:
    found = indicators_for("Ålgräset i viken har försvunnit", "healthy_seas", METHOD)

    assert found[0].label.sv == "Återetablerat ålgräs"
    assert {one.level for one in found} == {"outcome"}
    assert indicators_for("Bullret stör", "healthy_seas", METHOD) == []
