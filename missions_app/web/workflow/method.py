"""The method for everybody: steps, stages, checkpoints and their requirements."""

from flask import render_template
from flask.typing import ResponseReturnValue

from missions_app.edge.access import public
from missions_app.web.workflow.blueprint import bp
from missions_app.workflow.method_service import method_of, version_in_force


@bp.get("/method")
@public
def show_method() -> ResponseReturnValue:
    """The version in force, as people read it."""
    version = version_in_force()
    return render_template("workflow/show_method.html", version=version, method=method_of(version))
