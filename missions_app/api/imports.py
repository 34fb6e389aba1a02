"""Tables of organisations and needs: looked at first, entered then."""

from typing import Any

from marshmallow import fields

from missions_app.api.base import ApiBlueprint, Input, Output
from missions_app.edge.access import actor, signed_in
from missions_app.missions import queries as missions
from missions_app.organisations import import_service
from missions_app.partnerships import need_import_service

bp = ApiBlueprint("imports", "Organisations and needs from tables")


class ImportRowIn(Input):
    """A row of a table: names of columns and what stands in them."""

    row = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ImportIn(Input):
    """A table. Without `enter` it is only looked at."""

    rows = fields.List(fields.Nested(ImportRowIn), required=True)
    enter = fields.Boolean(load_default=False)


class FateOut(Output):
    """What becomes of a row: new, double of `known`, or wrong in the fields named."""

    number = fields.Integer()
    name = fields.String()
    outcome = fields.String()
    known = fields.String()
    wrong_fields = fields.Function(lambda one: [problem.field for problem in one.problems])


@bp.post("/organisation-imports")
@signed_in
@bp.arguments(ImportIn)
@bp.response(200, FateOut(many=True))
def import_organisations(body: dict[str, Any]) -> Any:
    """Look at a table of organisations, or enter those that are new; answers the fate of every row."""
    rows = _rows(body)
    fates = import_service.plan_import(rows, by=actor())
    if body["enter"]:
        import_service.run_import(rows, by=actor())
    return fates


@bp.post("/missions/<reference>/need-imports")
@signed_in
@bp.arguments(ImportIn)
@bp.response(200, FateOut(many=True))
def import_needs(body: dict[str, Any], reference: str) -> Any:
    """Look at a table of a mission's needs, or enter those that are new; answers the fate of every row."""
    mission, rows = missions.get_mission(reference), _rows(body)
    fates = need_import_service.plan_import(mission, rows, by=actor())
    if body["enter"]:
        need_import_service.run_import(mission, rows, by=actor())
    return fates


def _rows(body: dict[str, Any]) -> list[dict[str, str]]:
    return [{name.strip().lower(): text for name, text in one["row"].items()} for one in body["rows"]]
