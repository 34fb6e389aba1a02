"""What is found and what is not, on the database itself, and never what the reader may not see."""

import tomllib
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from missions_app import db
from missions_app.accounts.actor import ANONYMOUS
from missions_app.search import index, queries
from missions_app.search.index import Found
from tests.factories.challenges import make_draft, make_submitted, make_town
from tests.factories.organisations import member_actor

PAIRS = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text("utf-8"))


class Thing:
    """Something that can be found."""

    __tablename__ = "thing"

    def __init__(self, key: int) -> None:
        self.id = key


def put(key: int, text: str, *, is_public: bool = True) -> None:
    with db.transaction():
        index.put(Thing(key), Found("search.search", f"t-{key}", "", "", text, is_public))


def found(text: str) -> list[int]:
    rows = db.session.scalars(queries.entries_matching(text, ANONYMOUS, kinds=("thing",))).all()
    return sorted(one.subject_id for one in rows)


def test_the_list_of_pairs_is_long_enough() -> None:
    assert len(PAIRS["meet"]) >= 60
    assert len(PAIRS["apart"]) >= 20


def test_pairs_that_must_meet_do_and_the_others_do_not(session: Session) -> None:
    rows = [(*pair, True) for pair in PAIRS["meet"]] + [(*pair, False) for pair in PAIRS["apart"]]
    for key, (text, _question, _meets) in enumerate(rows, 1):
        put(key, text)

    wrong = [
        (text, question) for key, (text, question, meets) in enumerate(rows, 1) if (key in found(question)) is not meets
    ]

    assert wrong == []


def test_alike_finds_what_shares_telling_words_and_says_which(session: Session) -> None:
    put(1, "Vid skyfall står vatten på Storgatan i fyra timmar och butiker stänger.")
    put(2, "Ålgräset i viken har minskat och yngel saknar skydd.")
    put(3, "Laddning av eldrivna båtar saknas i skärgården.")

    rows = queries.alike("Vattnet står på gatan efter skyfall, och butikerna måste stänga.", ANONYMOUS, kind="thing")

    assert [one.entry.subject_id for one in rows] == [1]
    assert {"skyfall", "butikerna"} <= set(rows[0].shared)


def test_what_both_mention_is_said_once_however_often_it_is_bent(session: Session) -> None:
    put(1, "Butiker stänger när gatan svämmar över.")

    (row,) = queries.alike("Butikerna och butiker på gatan som Svämmar över", ANONYMOUS, kind="thing")

    assert row.shared == ["butikerna", "gatan", "svämmar", "över"]


def test_alike_leaves_out_the_text_itself_and_what_the_reader_may_not_see(session: Session) -> None:
    text = "Vid skyfall står vatten på Storgatan"
    put(1, text)
    put(2, text, is_public=False)

    assert queries.alike(text, ANONYMOUS, kind="thing", besides=1) == []


@pytest.mark.parametrize("text", ["", "och det", "4 5 6", "skyfall"])
def test_alike_says_nothing_of_a_text_that_says_too_little(session: Session, text: str) -> None:
    put(1, "skyfall på gatan")

    assert queries.alike(text, ANONYMOUS, kind="thing") == []


def test_a_draft_is_alike_only_to_those_of_its_own(session: Session) -> None:
    town = make_town()
    draft, sent = make_draft(town, title="Skyfall på torget", problem="Vatten på torget"), make_submitted()
    text = "Skyfall ger vatten på torget och Storgatan"

    strangers = {one.entry.subject_id for one in queries.alike(text, ANONYMOUS, kind="challenge")}
    own = {one.entry.subject_id for one in queries.alike(text, member_actor(town), kind="challenge")}

    assert (draft.id in strangers, draft.id in own) == (False, True)
    assert sent.id in own
