"""docs/criteria.md: each criterion of the method, what it reads, where that is entered, and the test that proves it.

A test proves a criterion when it carries `@pytest.mark.criterion("<id>")`; it has to show it met and not met. A
parametrised test names its criteria in the mark of each `pytest.param`.
"""

import ast
from collections import defaultdict
from pathlib import Path

from config.settings import Settings
from missions_app.app import create_app
from missions_app.paths import METHODS
from missions_app.web.places import ENDPOINTS
from missions_app.workflow.facts import CATALOGUE
from missions_app.workflow.method import Criterion, Gate, Method
from missions_app.workflow.method_file import parse_method

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# What each requirement of the method reads

Made by `make docs` from `config/methods/{name}`; `make check` refuses it when it is out of date or a cell is empty.

"""


def tests_of_criteria() -> dict[str, list[str]]:
    """Criterion -> the tests marked with it, as "file::function"."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            name = f"{file.relative_to(ROOT)}::{node.name}"
            for criterion in _marked(node):
                if name not in found[criterion]:
                    found[criterion].append(name)
    return found


def _marked(function: ast.FunctionDef) -> list[str]:
    calls = [
        node for decorator in function.decorator_list for node in ast.walk(decorator) if isinstance(node, ast.Call)
    ]
    return [
        argument.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "criterion"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def providers() -> dict[str, list[str]]:
    """Fact -> the packages that offer it, read from their facts.py (and the workflow's own gate_queries.py)."""
    found: dict[str, list[str]] = defaultdict(list)
    files = [*(ROOT / "missions_app").glob("*/facts.py"), ROOT / "missions_app" / "workflow" / "gate_queries.py"]
    for file in sorted(files):
        if file.parent.name == "workflow" and file.name == "facts.py":
            continue
        for name in _offered(ast.parse(file.read_text("utf-8"))):
            if name in CATALOGUE and file.parent.name not in found[name]:
                found[name].append(file.parent.name)
    return found


def _offered(tree: ast.Module) -> set[str]:
    """Keys of outermost dictionaries, names in a module's constant tuples and dictionaries, and facts["name"] = ..."""
    names: set[str] = set()
    inner = {id(child) for node in ast.walk(tree) if isinstance(node, ast.Dict | ast.List | ast.ListComp)
             for child in ast.walk(node) if child is not node}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and id(node) not in inner:
            names |= {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
        elif (
            isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Constant)
        ):
            names.add(str(node.slice.value))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple | ast.Dict):
            value = statement.value
            listed = value.elts if isinstance(value, ast.Tuple) else value.values
            names |= {str(one.value) for one in listed if isinstance(one, ast.Constant)}
    return names


def _row(
    gate: Gate, criterion: Criterion, rules: dict[str, str], offered: dict[str, list[str]], tests: list[str]
) -> str:
    reads = "<br>".join(f"{fact} ({', '.join(offered.get(fact, []))})" for fact in criterion.reads)
    endpoint = ENDPOINTS.get(criterion.place, "workflow.show_gate" if criterion.place == "gate" else "")
    page = rules.get(endpoint, "")
    proof = "<br>".join(f"`{test}`" for test in tests)
    cells = (f"**{criterion.id}** {criterion.label.en}", criterion.check, reads, f"`{page}`" if page else "", proof)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _rules() -> dict[str, str]:
    app = create_app(Settings.for_tests())
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}


def current_method(region: str = "blekinge") -> tuple[str, Method]:
    """The newest method file of a region: its name and content."""
    file = max(METHODS.glob(f"{region}-*.toml"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return file.name, parse_method(file.read_text("utf-8"))


def write() -> str:
    """The page as Markdown."""
    name, method = current_method()
    rules, offered, tests = _rules(), providers(), tests_of_criteria()
    lines = [HEAD.format(name=name)]
    for gate in method.gate_:
        lines.append(f"## {gate.label.en} ({gate.subject}, {gate.id})\n")
        lines.append("| criterion | check | facts it reads (offered by) | page where they are entered | test |")
        lines.append("|---|---|---|---|---|")
        lines += [_row(gate, one, rules, offered, tests.get(one.id, [])) for one in gate.criteria]
        lines.append("")
    return "\n".join(lines)


def empty_cells(page: str) -> list[str]:
    """Rows that lack something, in words."""
    faults = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| **") or len(cells) != 5:
            continue
        names = ("criterion", "check", "facts", "page", "test")
        lacking = [name for name, cell in zip(names, cells, strict=True) if not cell or "()" in cell]
        if lacking:
            faults.append(f"{cells[0].split('**')[1]}: no {', '.join(lacking)}")
    return faults
