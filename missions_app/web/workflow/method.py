"""The method for everybody: steps, stages, checkpoints and their requirements, in every version."""

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.edge.access import public
from missions_app.web.workflow.blueprint import bp
from missions_app.workflow import method_queries
from missions_app.workflow.method_service import method_of, version_in_force
from missions_app.workflow.models import MethodVersion


@bp.get("/method")
@public
def show_method() -> ResponseReturnValue:
    """The version in force, as people read it."""
    return _page(version_in_force())


@bp.get("/method/versions/<int:number>")
@public
def show_method_version(number: int) -> ResponseReturnValue:
    """A version that is or was in force; running cases stay with the one they began under."""
    return _page(method_queries.get_settled(number))


def _page(version: MethodVersion) -> ResponseReturnValue:
    return render_template(
        "workflow/show_method.html", version=version, method=method_of(version),
        versions=method_queries.settled_versions(), in_force=version_in_force(),
    )  # fmt: skip
