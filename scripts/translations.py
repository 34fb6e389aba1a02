"""Are all words translated? Finds every msgid in the source and compares with the Swedish parts.

    scripts/translations.py check [PATH ...]     list what is missing, per file; exit 1 if anything is
    scripts/translations.py missing [PATH ...]   the missing ones as .po entries to paste and fill in

Msgids are found in calls of _, N_, lazy and ngettext, in the `message` of every error class, in the arguments that
MSGID_ARGUMENTS names, and in the templates. The same msgid may not be translated in two ways; placeholders must be the
same on both sides.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("missions_app", "config", "templates")
PARTS = ROOT / "missions_app" / "translations" / "sv"
SINGULAR = {"_", "N_", "lazy", "gettext"}
# Arguments that are msgids by what the class promises: position and name.
MSGID_ARGUMENTS = {
    "Problem": ((1, "message"),),
    "Task": ((0, "title"), (3, "reason")),
    "CheckResult": ((2, "sentence"),),
    "MethodProblem": ((2, "reason"), (3, "remedy")),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%.?")

Msgid = str | tuple[str, str]


@dataclass
class Report:
    """What the comparison found; `missing` is per file and line."""

    missing: dict[str, list[tuple[int, Msgid]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    found: int = 0

    @property
    def complete(self) -> bool:
        """Whether every word has one faultless translation."""
        return not self.missing and not self.faults


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _of_call(node: ast.Call) -> Iterator[Msgid]:
    name, arguments = _called(node), node.args
    if name == "ngettext" and len(arguments) >= 2:
        one, many = _text(arguments[0]), _text(arguments[1])
        if one and many:
            yield one, many
        return
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    values = arguments[:1] if name in SINGULAR else []
    for position, keyword in MSGID_ARGUMENTS.get(name, ()):
        values.append(arguments[position] if len(arguments) > position else named.get(keyword, ast.Constant("")))
    yield from (text for value in values if (text := _text(value)))


def _of_class(node: ast.ClassDef) -> Iterator[tuple[int, Msgid]]:
    """The `message` of an error class, plain or annotated."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        text = _text(statement.value)
        if "message" in names and text:
            yield statement.lineno, text


def in_python(path: Path) -> Iterator[tuple[int, Msgid]]:
    """Every msgid of a Python file with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield from _of_class(node)
        elif isinstance(node, ast.Call):
            for msgid in _of_call(node):
                yield node.lineno, msgid


def in_template(path: Path) -> Iterator[tuple[int, Msgid]]:
    """Every msgid of a template with its line."""
    with path.open("rb") as file:
        found = list(babel_extract(file, (*SINGULAR, "ngettext"), (), {"silent": "false"}))
    for line, function, message, _comments in found:
        if function == "ngettext" and isinstance(message, tuple):
            one, many = message[:2]
            if one and many:
                yield line, (one, many)
            continue
        text = message[0] if isinstance(message, tuple) else message
        if text and function in SINGULAR:
            yield line, text


def sources(paths: list[str]) -> Iterator[Path]:
    """All files that may hold words, or those under the given paths."""
    for base in [ROOT / name for name in SOURCES] if not paths else [Path(name).resolve() for name in paths]:
        files = [base] if base.is_file() else sorted(base.rglob("*"))
        for file in files:
            if file.suffix in (".py", ".html", ".txt", ".xml", ".typ") and "vendor" not in file.parts:
                yield file


def msgids(file: Path) -> Iterator[tuple[int, Msgid]]:
    """Every msgid of one file; a .typ or other non-template text has none."""
    if file.suffix == ".py":
        yield from in_python(file)
    elif ROOT / "templates" in file.parents:
        yield from in_template(file)


def _placeholders(text: str) -> set[str]:
    return {match.group(1) for match in PLACEHOLDER.finditer(text) if match.group(1)}


def _broken(text: str) -> bool:
    """A % that is neither a named placeholder nor doubled, in a text that has placeholders."""
    marks = [match.group(0) for match in PLACEHOLDER.finditer(text)]
    return any("(" in mark for mark in marks) and any("(" not in mark and mark != "%%" for mark in marks)


def _faults_of(part: str, msgid: Msgid, translated: tuple[str, ...]) -> Iterator[str]:
    originals = (msgid,) if isinstance(msgid, str) else msgid
    wanted = set().union(*(_placeholders(text) for text in originals))
    for text in translated:
        if extra := _placeholders(text) - wanted:
            yield f"{part}: {originals[0]!r}: unknown placeholder {', '.join(sorted(extra))}"
        if _broken(text):
            yield f"{part}: {originals[0]!r}: a single % sign; write %%"
    if isinstance(msgid, str) and (lost := wanted - _placeholders(translated[0])):
        yield f"{part}: {msgid!r}: placeholder lost: {', '.join(sorted(lost))}"


def translations() -> tuple[dict[str, tuple[str, ...]], dict[str, str], list[str]]:
    """The Swedish of all parts: msgid -> strings, msgid -> part, and what is wrong with them."""
    known: dict[str, tuple[str, ...]] = {}
    part_of: dict[str, str] = {}
    faults: list[str] = []
    for part in sorted(PARTS.glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale="sv", abort_invalid=True):
                if not message.id:
                    continue
                strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                msgid: Msgid = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
                key = msgid if isinstance(msgid, str) else msgid[0]
                if message.fuzzy or not strings or not all(strings):
                    faults.append(f"{part.name}: {key!r}: fuzzy or empty")
                    continue
                if key in known and known[key] != strings:
                    faults.append(f"{part.name}: {key!r}: {strings[0]!r}, but {part_of[key]} has {known[key][0]!r}")
                faults += _faults_of(part.name, msgid, strings)
                known.setdefault(key, strings)
                part_of.setdefault(key, part.name)
    return known, part_of, faults


def compare(paths: list[str]) -> Report:
    """Every msgid in the sources against the translations. Unused ones are only looked for in the whole."""
    known, part_of, faults = translations()
    report, used = Report(faults=faults), set()
    for file in sources(paths):
        name = str(file.relative_to(ROOT))
        for line, msgid in msgids(file):
            key = msgid if isinstance(msgid, str) else msgid[0]
            used.add(key)
            if key not in known:
                report.missing.setdefault(name, []).append((line, msgid))
            elif not isinstance(msgid, str) and len(known[key]) < 2:
                report.faults.append(f"{name}:{line}: {key!r} needs a plural form in {part_of[key]}")
    report.found = len(used)
    if not paths:
        report.unused = [f"{part_of[key]}: {key!r}" for key in known if key not in used]
    return report


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def print_entries(report: Report) -> None:
    """The missing ones as entries for a .po file."""
    seen: set[str] = set()
    for name, entries in report.missing.items():
        for line, msgid in entries:
            one, many = (msgid, None) if isinstance(msgid, str) else msgid
            if one in seen:
                continue
            seen.add(one)
            print(f"\n#: {name}:{line}\nmsgid {_quoted(one)}")
            print(f'msgid_plural {_quoted(many)}\nmsgstr[0] ""\nmsgstr[1] ""' if many else 'msgstr ""')


def main(arguments: list[str]) -> int:
    """Run the command; 1 when anything is missing or wrong."""
    if not arguments or arguments[0] not in ("check", "missing"):
        print(__doc__)
        return 2
    report = compare(arguments[1:])
    if arguments[0] == "missing":
        print_entries(report)
        return 0
    for name, entries in report.missing.items():
        print(name)
        for line, msgid in entries:
            print(f"  {line}: {msgid if isinstance(msgid, str) else msgid[0]}")
    for fault in report.faults:
        print(f"wrong: {fault}")
    for entry in report.unused:
        print(f"unused: {entry}")
    missing = sum(len(entries) for entries in report.missing.values())
    print(f"{report.found} texts, {missing} without Swedish, {len(report.faults)} wrong, {len(report.unused)} unused")
    return 0 if report.complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
