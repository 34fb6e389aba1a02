"""Accounts: one's own, requests for new ones, and looking after all of them."""

from typing import Any

from flask import request
from marshmallow import fields

from missions_app.accounts import account_service, export, grant_service, queries, request_service, sign_in_service
from missions_app.accounts.models import Grant, RequestState, User, UserState
from missions_app.accounts.policy import can_manage_accounts
from missions_app.api.base import ApiBlueprint, Filters, Input, Output
from missions_app.api.schemas import Day
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import LOCALES, N_

bp = ApiBlueprint("accounts", "One's own account, requests for accounts, and their administration")


class RoleOut(Output):
    """A right: a role of the method, where it holds, and from when until when."""

    id = fields.Integer()
    role = fields.String()
    scope_kind = fields.String()
    scope_id = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class AccountOut(Output):
    """An account."""

    id = fields.Integer()
    email = fields.String()
    name = fields.String()
    function = fields.String()
    language = fields.String(attribute="locale")
    state = fields.Enum(enum=UserState, by_value=True)
    last_seen_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()


class OwnAccountOut(AccountOut):
    """One's own account with its rights."""

    roles = fields.List(fields.Nested(RoleOut))


class AccountIn(Input):
    """What may be changed of one's own account."""

    name = fields.String(required=True)
    function = fields.String(load_default="")
    language = fields.String(required=True, metadata={"description": "sv or en"})


class AccountRequestIn(Input):
    """Asking for an account."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    function = fields.String(load_default="")
    organisation = fields.String(load_default="")
    message = fields.String(load_default="")
    language = fields.String(load_default="sv", metadata={"description": "sv or en"})


class AccountRequestOut(Output):
    """Somebody has asked for an account and confirmed the address."""

    id = fields.Integer()
    email = fields.String()
    name = fields.String()
    function = fields.String()
    organisation = fields.String()
    message = fields.String()
    state = fields.Enum(enum=RequestState, by_value=True)
    requested_at = fields.AwareDateTime()
    version = fields.Integer()


class AnswerIn(Input):
    """Yes or no, and why."""

    accept = fields.Boolean(required=True)
    reason = fields.String(load_default="")


class DeputyIn(Input):
    """Lend one of your roles to somebody between two days, both included."""

    grant_id = fields.Integer(required=True)
    email = fields.String(required=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)


class AccountFilters(Filters):
    """Part of a name or an address."""

    q = fields.String(load_default="")


def _own() -> User:
    return queries.get_user(actor().user_id or 0)


def _with_roles(user: User) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(user, name) for name in ("id", "email", "name", "function", "locale", "state")}
    return {**row, "last_seen_at": user.last_seen_at, "version": user.version, "roles": queries.grants_of(user)}


@bp.get("/account")
@signed_in
@bp.response(200, OwnAccountOut)
def show_account() -> dict[str, Any]:
    """Your own account and what you may do."""
    return _with_roles(_own())


@bp.patch("/account")
@signed_in
@bp.versioned
@bp.arguments(AccountIn)
@bp.response(200, OwnAccountOut)
def edit_account(body: dict[str, Any], expected_version: int) -> dict[str, Any]:
    """Change your name, function and language."""
    user = _own()
    if body["language"] not in LOCALES:
        raise InvalidInput.of([Problem("unknown_choice", N_("Choose one of the alternatives."), "language")])
    account_service.edit_account(
        user, name=body["name"], function=body["function"], locale=body["language"], by=actor(),
        expected_version=expected_version,
    )  # fmt: skip
    return _with_roles(user)


@bp.get("/account/data")
@signed_in
@bp.response(200)
def export_data() -> dict[str, Any]:
    """Everything kept about you."""
    return export.own_data(_own())


@bp.delete("/account/sessions")
@signed_in
@bp.response(204)
def sign_out_everywhere() -> None:
    """End every signed-in browser of yours. Tokens go on working."""
    sign_in_service.sign_out_everywhere(_own(), by=actor())


@bp.get("/account/deputies")
@signed_in
@bp.response(200, RoleOut(many=True))
def list_deputies() -> list[Grant]:
    """The roles that you have lent."""
    return grant_service.lent_by(_own())


@bp.post("/account/deputies")
@signed_in
@bp.arguments(DeputyIn)
@bp.response(201, RoleOut)
def lend_role(body: dict[str, Any]) -> Grant:
    """Let a deputy act in one of your roles for some days."""
    deputy = queries.find_user_by_email(body["email"])
    if deputy is None:
        text = N_("Choose another person who has an open account.")
        raise InvalidInput.of([Problem("wrong_deputy", text, "email")])
    held = grant_service.get_grant(body["grant_id"])
    return grant_service.lend(held, deputy, valid_from=body["valid_from"], valid_until=body["valid_until"], by=actor())


@bp.delete("/account/deputies/<int:grant_id>")
@signed_in
@bp.response(204)
def end_lending(grant_id: int) -> None:
    """Take a role back from a deputy."""
    lent = grant_service.get_grant(grant_id)
    if lent.deputy_for_id is None:
        raise NotFound()
    grant_service.end_lending(lent, by=actor())


@bp.post("/account-requests")
@public
@bp.arguments(AccountRequestIn)
@bp.response(202)
def request_account(body: dict[str, Any]) -> dict[str, str]:
    """Ask for an account. The answer is the same whether the address is known or not; look in the mail."""
    request_service.request_account(
        email=body["email"], name=body["name"], function=body["function"], organisation=body["organisation"],
        message=body["message"], locale=body["language"] if body["language"] in LOCALES else "sv",
        origin=request.remote_addr or "",
    )  # fmt: skip
    return {"state": "mail_sent"}


@bp.get("/account-requests")
@signed_in
@bp.response(200, AccountRequestOut(many=True))
def list_requests() -> Any:
    """Requests that wait for an answer, oldest first."""
    authorise(can_manage_accounts, None)
    return request_service.open_requests()


@bp.post("/account-requests/<int:request_id>/answer")
@signed_in
@bp.versioned
@bp.arguments(AnswerIn)
@bp.response(200, AccountRequestOut)
def answer_request(body: dict[str, Any], request_id: int, expected_version: int) -> Any:
    """Let somebody in, or not."""
    authorise(can_manage_accounts, None)
    found = request_service.get_request(request_id)
    request_service.answer_request(
        found, accept=body["accept"], reason=body["reason"], by=actor(), expected_version=expected_version
    )
    return found


@bp.get("/accounts")
@signed_in
@bp.paged(AccountOut, AccountFilters)
def list_accounts(filters: dict[str, Any]) -> Any:
    """All accounts, by name."""
    authorise(can_manage_accounts, None)
    return queries.accounts(filters["q"].strip())


@bp.get("/accounts/<int:user_id>")
@signed_in
@bp.response(200, OwnAccountOut)
def show_user(user_id: int) -> dict[str, Any]:
    """One account and its rights."""
    authorise(can_manage_accounts, None)
    return _with_roles(queries.get_user(user_id))


@bp.post("/accounts/<int:user_id>/suspend")
@signed_in
@bp.versioned
@bp.response(200, OwnAccountOut)
def suspend_account(user_id: int, expected_version: int) -> dict[str, Any]:
    """Close an account for now."""
    authorise(can_manage_accounts, None)
    user = queries.get_user(user_id)
    account_service.suspend(user, by=actor(), expected_version=expected_version)
    return _with_roles(user)


@bp.post("/accounts/<int:user_id>/restore")
@signed_in
@bp.versioned
@bp.response(200, OwnAccountOut)
def restore_account(user_id: int, expected_version: int) -> dict[str, Any]:
    """Open a suspended account again."""
    authorise(can_manage_accounts, None)
    user = queries.get_user(user_id)
    account_service.restore(user, by=actor(), expected_version=expected_version)
    return _with_roles(user)
