"""A table says on a phone what it says on a screen: each cell under the title of its column."""

from markupsafe import Markup

from missions_app.web.tables import columns, stacked

HEAD = (
    '<thead><tr><th scope="col">Plats</th><th scope="col" class="m-num">Timmar <span>per "dag"</span></th></tr></thead>'
)


def test_every_cell_names_its_column_and_every_part_its_role() -> None:
    rows = Markup(HEAD + '<tbody><tr><th scope="row">Hallen</th><td class="m-num">8</td></tr></tbody>')

    assert stacked(rows) == (
        '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Plats</th>'
        '<th role="columnheader" scope="col" class="m-num">Timmar <span>per "dag"</span></th></tr></thead>'
        '<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">Hallen</th>'
        '<td role="cell" data-label="Timmar per &#34;dag&#34;" class="m-num">8</td></tr></tbody>'
    )


def test_a_cell_over_several_columns_moves_those_after_it() -> None:
    rows = Markup(
        '<thead><tr><th scope="col">A</th><th scope="col">B</th><th scope="col">C</th></tr></thead>'
        '<tbody><tr><th scope="row" colspan="2">Summa</th><td>9</td></tr>'
        "<tr><td>1</td><td>2</td><td>3</td></tr></tbody>"
    )

    found = stacked(rows)

    assert '<td role="cell" data-label="C">9</td>' in found
    assert '<td role="cell" data-label="A">1</td><td role="cell" data-label="B">2</td>' in found


def test_a_column_without_a_title_gives_no_label_and_what_was_escaped_stays_so() -> None:
    rows = Markup('<thead><tr><th scope="col"></th></tr></thead><tbody><tr><td>&lt;td&gt;</td></tr></tbody>')

    assert '<tr role="row"><td role="cell">&lt;td&gt;</td></tr>' in stacked(rows)


def test_columns_are_those_of_the_head() -> None:
    assert columns(Markup(HEAD + '<tbody><tr><th scope="row">Hallen</th><td>8</td><td>9</td></tr></tbody>')) == 2
    assert columns(Markup("<tbody><tr><td>8</td></tr></tbody>")) == 0
