"""The editor: every part of a draft, by forms made from the method's schema."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.kept_forms import kept_fields
from missions_app.edge.words import sentence
from missions_app.errors import NotFound, Problem, StaleVersion
from missions_app.i18n import _, both, ngettext
from missions_app.web.workflow.blueprint import bp
from missions_app.web.workflow.method_forms import PartForm
from missions_app.workflow import draft_service, method_document, method_queries, policy
from missions_app.workflow.method_file import MethodProblem
from missions_app.workflow.method_forms import read, written
from missions_app.workflow.method_schema import FieldShape, Form, Path, fields_of, names, part_at, row_title
from missions_app.workflow.method_words import field_words, part_words
from missions_app.workflow.models import MethodVersion

PART = "/method/drafts/<int:number>/parts/<place>"
LANGUAGES = {"sv": "Svenska", "en": "English"}


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a generated form. `lang` is set for texts in two languages, which stand side by side."""

    name: str
    label: str
    form: str
    text: str
    choices: tuple[str, ...] = ()
    lang: str = ""
    required: bool = True
    errors: tuple[str, ...] = ()
    theirs: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row in a list: what it is called, its key, its address, and what is wrong in it."""

    title: str
    key: str
    place: str
    seen: str
    problems: int


@dataclass(frozen=True, slots=True)
class Editing:
    """A place in a draft that somebody works on."""

    draft: MethodVersion
    tables: dict[str, Any]
    path: Path
    shape: FieldShape
    problems: list[MethodProblem]

    @property
    def value(self) -> Any:
        """What stands there now; None for a row that is not written yet."""
        return method_document.at(self.tables, self.path)

    @property
    def is_list(self) -> bool:
        """Whether it is a list of rows."""
        return self.shape.form is Form.ROWS and isinstance(self.path[-1], str)

    def inside(self, path: Path) -> list[tuple[MethodProblem, str]]:
        """The problems at or under a path, each with the field's name inside it."""
        found = []
        for problem in self.problems:
            here, rest = method_document.locate(self.tables, problem.place)
            if here[: len(path)] == path:
                found.append((problem, ".".join(str(step) for step in (*here[len(path) :], *rest))))
        return found


def editing(number: int, place: str) -> Editing:
    """The place of an address, or NotFound."""
    authorise(policy.can_edit_method, None)
    draft = method_queries.get_draft(number)
    path: Path = tuple(int(step) if step.isdecimal() else step for step in place.split("."))
    try:
        shape = part_at(names(path))
    except KeyError as error:
        raise NotFound() from error
    found = Editing(draft, method_document.load(draft.document), path, shape, draft_service.problems_of(draft))
    if shape.part is None or (isinstance(path[-1], int) and not 0 <= path[-1] <= len(_siblings(found))):
        raise NotFound()
    return found


def _siblings(one: Editing) -> list[Any]:
    rows = method_document.at(one.tables, one.path[:-1])
    return rows if isinstance(rows, list) else []


@bp.route(PART, methods=["GET", "POST"])
@signed_in
def edit_part(number: int, place: str) -> ResponseReturnValue:
    """A list of rows, or the form of one row or table."""
    one = editing(number, place)
    if one.is_list:
        return render_template("workflow/list_part.html", one=one, rows=rows_of(one, one.path), **_around(one))
    form = PartForm(seen=method_document.fingerprint(one.value))
    shapes = fields_of(one.shape.part)
    before = one.value if one.value is not None else draft_service.blank(one.path)
    posted = _posted()
    texts = posted if posted is not None else written(shapes, before)
    if not form.validate_on_submit():
        return _form_page(one, form, texts, ())
    value, problems = read(shapes, texts, before)
    if problems:
        return _form_page(one, form, texts, problems), 422
    try:
        draft_service.save_part(one.draft, one.path, value, seen=form.seen.data or "", by=actor())
    except StaleVersion:
        now = editing(number, place)
        form.seen.data = method_document.fingerprint(now.value)
        return _form_page(now, form, texts, (), theirs=written(shapes, now.value or {})), 409
    flash(_("Saved."))
    return redirect(url_for("workflow.edit_part", number=number, place=place), 303)


@bp.post(f"{PART}/check")
@signed_in
def check_part(number: int, place: str) -> ResponseReturnValue:
    """What is wrong with what is typed, before it is saved: for the script as JSON, else on the same page."""
    one = editing(number, place)
    if one.is_list:
        raise NotFound()
    shapes = fields_of(one.shape.part)
    before = one.value if one.value is not None else draft_service.blank(one.path)
    texts = dict(request.form.items())
    value, unreadable = read(shapes, texts, before)
    if not unreadable:
        tables = method_document.put(one.tables, one.path, value)
        one = replace(one, tables=tables, problems=draft_service.problems_with(one.draft, one.path, value))
    if request.accept_mimetypes.best == "application/json":
        return _findings(one, texts, unreadable)
    return _form_page(one, PartForm(), texts, unreadable, checked=True)


def _findings(one: Editing, texts: Mapping[str, str], unreadable: list[Problem]) -> dict[str, Any]:
    """Field -> what is wrong there, and the sum of it in words."""
    own = [] if unreadable else one.inside(one.path)
    inputs = _inputs(fields_of(one.shape.part), texts, unreadable, own, {})
    number = len(unreadable) or len(own)
    return {"fields": {row.name: " ".join(row.errors) for row in inputs if row.errors}, "summary": sum_of(number)}


def sum_of(number: int) -> str:
    """How many things are wrong."""
    if not number:
        return _("Nothing is wrong here.")
    return ngettext("%(num)d thing is wrong", "%(num)d things are wrong", number)


@bp.post(f"{PART}/remove")
@signed_in
def remove_row(number: int, place: str) -> ResponseReturnValue:
    """Take a row away."""
    one = editing(number, place)
    draft_service.remove_row(one.draft, one.path, seen=request.form.get("seen", ""), by=actor())
    return _back(one, _("Taken away."))


@bp.post(f"{PART}/<any(up, down):way>")
@signed_in
def move_row(number: int, place: str, way: str) -> ResponseReturnValue:
    """Let a row change places with its neighbour."""
    one = editing(number, place)
    draft_service.move_row(one.draft, one.path, down=way == "down", seen=request.form.get("seen", ""), by=actor())
    return _back(one, _("Moved."))


def _back(one: Editing, message: str) -> ResponseReturnValue:
    flash(message)
    place = draft_service.place_of(one.path[:-1])
    return redirect(url_for("workflow.edit_part", number=one.draft.number, place=place), 303)


def _posted() -> Mapping[str, str] | None:
    """What was typed: posted now, or kept while the session had run out."""
    if request.method == "POST":
        return dict(request.form.items())
    kept = kept_fields()
    return dict(kept.items()) if kept is not None else None


def rows_of(one: Editing, path: Path) -> list[Row]:
    """The rows of a list in the document's order."""
    return [
        Row(
            title=_title(row), key=row_title(row), place=draft_service.place_of((*path, number)),
            seen=method_document.fingerprint(row), problems=len(one.inside((*path, number))),
        )
        for number, row in enumerate(method_document.at(one.tables, path) or [])
    ]  # fmt: skip


def _title(row: Mapping[str, Any]) -> str:
    label = row.get("label") or row.get("name") or {}
    return both(str(label.get("sv", "")), str(label.get("en", ""))) if isinstance(label, Mapping) else row_title(row)


def _form_page(
    one: Editing,
    form: PartForm,
    texts: Mapping[str, str],
    wrong: Any,
    *,
    theirs: Mapping[str, str] | None = None,
    checked: bool = False,
) -> str:
    problems: list[Problem] = list(wrong)
    form.part_problems = [(str(problem.field), sentence(problem)) for problem in problems]
    own = one.inside(one.path) if one.value is not None else []
    inputs = _inputs(fields_of(one.shape.part), texts, problems, own, theirs or {})
    lists = [
        (_(part_words(shape.name)), draft_service.place_of((*one.path, shape.name)),
         rows_of(one, (*one.path, shape.name)))
        for shape in fields_of(one.shape.part)
        if shape.form is Form.ROWS
    ]  # fmt: skip
    return render_template(
        "workflow/edit_part.html", one=one, form=form, inputs=inputs, lists=lists, own=own, languages=LANGUAGES,
        is_new=_is_new(one), status=sum_of(len(problems) or len(own)) if checked else "", conflict=theirs is not None,
        differing=[row for row in inputs if row.theirs is not None], **_around(one),
    )  # fmt: skip


def _is_new(one: Editing) -> bool:
    return method_document.at(method_document.load(one.draft.document), one.path) is None


def _inputs(
    shapes: tuple[FieldShape, ...], texts: Mapping[str, str], wrong: list[Problem],
    own: list[tuple[MethodProblem, str]], theirs: Mapping[str, str], prefix: str = "", within: str = "",
) -> list[Input]:  # fmt: skip
    found: list[Input] = []
    for shape in shapes:
        name = f"{prefix}{shape.name}"
        words = _(field_words(shape.name))
        label = f"{within}: {words}" if within else words
        if shape.form is Form.ROWS:
            continue
        if shape.form is Form.GROUP:
            inner = fields_of(shape.part)
            found += _inputs(inner, texts, wrong, own, theirs, f"{name}.", label)
            continue
        keys = [key for key in texts if key == name or key.startswith(f"{name}.")] or [name]
        if shape.form in (Form.TEXT, Form.TEXTS):
            keys = [key for key in keys if key != name] or [f"{name}.sv", f"{name}.en"]
        for key in keys:
            found.append(_input(shape, key, label, texts, wrong, own, theirs))
    return found


def _input(
    shape: FieldShape, key: str, label: str, texts: Mapping[str, str], wrong: list[Problem],
    own: list[tuple[MethodProblem, str]], theirs: Mapping[str, str],
) -> Input:  # fmt: skip
    lang = key.rpartition(".")[2] if shape.form in (Form.TEXT, Form.TEXTS) else ""
    if shape.form is Form.TEXTS:
        label = f"{label}, {key.split('.')[-2]}"
    errors = [sentence(problem) for problem in wrong if problem.field == key]
    errors += [_problem_words(one) for one, field in own if field and _is_at(key, field)]
    other = theirs.get(key, "") if theirs else ""
    mine = texts.get(key, "").replace("\r\n", "\n")
    return Input(
        name=key, label=label, form=shape.form.value, text=mine, choices=shape.choices, lang=lang,
        required=shape.required, errors=tuple(errors), theirs=other if theirs and other != mine else None,
    )  # fmt: skip


def _is_at(key: str, field: str) -> bool:
    """Whether a problem's field is this input: itself, something inside it, or a text of which it is one language."""
    return key == field or field.startswith(f"{key}.") or key == f"{field}.sv"


def _problem_words(problem: MethodProblem) -> str:
    return f"{_(problem.reason, **problem.values)} {_(problem.remedy, **problem.values)}"


def _around(one: Editing) -> dict[str, Any]:
    """Crumbs: from the draft down to the place, each step a page."""
    crumbs = [
        (_("Method"), url_for("workflow.show_method")),
        (_("Draft of version %(number)s", number=one.draft.number),
         url_for("workflow.show_draft", number=one.draft.number)),
    ]  # fmt: skip
    heading = ""
    for length in range(1, len(one.path) + 1):
        part = one.path[:length]
        last = part[-1]
        value = method_document.at(one.tables, part)
        if isinstance(last, str):
            heading = _(part_words(last))
        else:
            heading = _("New row") if value is None else (_title(value) or row_title(value))
        place = draft_service.place_of(part)
        crumbs.append((heading, url_for("workflow.edit_part", number=one.draft.number, place=place)))
    return {"crumbs": crumbs, "heading": heading, "in_parent": draft_service.place_of(one.path[:-1])}
