"""Comparing versions: what differs, who changed it, and word by word."""

from missions_app.challenges.comparing import changes, differences, marked, rows_changed, word_changes


def test_differences_names_only_fields_that_differ_from_what_is_saved() -> None:
    found = differences({"title": "a", "problem": "p"}, {"title": "b", "problem": "p"}, {"title": "c", "problem": "p"})

    assert [(one.field, one.mine, one.theirs, one.both_changed) for one in found] == [("title", "b", "c", True)]


def test_differences_prefers_theirs_where_i_had_changed_nothing() -> None:
    found = differences({"title": "a", "place": "x"}, {"title": "a", "place": "y"}, {"title": "c", "place": "x"})

    assert [(one.field, one.preferred) for one in found] == [("title", "theirs"), ("place", "mine")]


def test_differences_ignores_fields_i_did_not_send() -> None:
    assert differences({"title": "a"}, {}, {"title": "b"}) == []


def test_changes_lists_fields_then_tables_and_ignores_empty_against_missing() -> None:
    before = {"title": "a", "place": "", "indicators": []}
    after = {"title": "b", "indicators": [{"id": 1}]}

    assert [one.field for one in changes(before, after)] == ["title", "indicators"]


def test_word_changes_weaves_the_texts_together() -> None:
    pieces = word_changes("vatten på gatan", "mycket vatten på gatan")

    assert [(piece.text, piece.kind) for piece in pieces] == [("mycket ", "added"), ("vatten på gatan", "same")]


def test_marked_shows_the_whole_text_with_what_the_other_lacks() -> None:
    pieces = marked("barn och äldre", "barn")

    assert "".join(piece.text for piece in pieces) == "barn och äldre"
    assert [piece.text for piece in pieces if piece.kind == "added"] == [" och äldre"]


def test_rows_changed_tells_added_removed_and_changed_rows() -> None:
    before = [{"id": 1, "unit": "m"}, {"id": 2, "unit": "kg"}]
    after = [{"id": 2, "unit": "ton"}, {"id": 3, "unit": "h"}]

    assert [kind for kind, _before, _after in rows_changed(before, after)] == ["removed", "changed", "added"]
