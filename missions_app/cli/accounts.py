"""`missions user`: accounts from the command line, the first administrator above all."""

import json

import click
from sqlalchemy import select

from missions_app import db
from missions_app.accounts import account_service, grant_service
from missions_app.accounts.actor import REGION, SYSTEM
from missions_app.accounts.demonstration import demo_accounts
from missions_app.accounts.models import Grant, User, UserState
from missions_app.accounts.passwords import require_strong
from missions_app.accounts.policy import SECRETARIAT, SYSADMIN
from missions_app.accounts.queries import find_user_by_email
from missions_app.cli.start import connected, table

REGIONAL_ROLES = {"administrator": SYSADMIN, "secretariat": SECRETARIAT, "registrar": "registrar"}


@click.group()
def user() -> None:
    """List, create, suspend and restore accounts."""


@user.command("list")
@click.option(
    "--demo", is_flag=True, help="Only demonstration accounts, with their password. In demonstration mode only."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
def list_accounts(demo: bool, as_json: bool) -> None:
    """List accounts with their roles."""
    settings = connected()
    if demo and not settings.is_demo:
        raise click.ClickException("Demonstration accounts exist in demonstration mode only (MISSIONS_MODE=demo).")
    rows = _demo_rows() if demo else _rows()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        click.echo("No accounts. The first one: missions user create EMAIL NAME --role administrator")


def _demo_rows() -> list[dict[str, str]]:
    return [
        {"role": ", ".join(account.roles), "email": account.email, "password": account.password, "name": account.name}
        for account in demo_accounts()
    ]


def _rows() -> list[dict[str, str]]:
    users = db.session.scalars(select(User).where(User.state != UserState.ERASED).order_by(User.email)).all()
    held = db.session.execute(select(Grant.user_id, Grant.role).where(Grant.revoked_at.is_(None)).distinct()).all()
    return [
        {
            "email": one.email,
            "name": one.name,
            "state": one.state.value,
            "roles": ", ".join(sorted(role for user_id, role in held if user_id == one.id)),
        }
        for one in users
    ]


@user.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(list(REGIONAL_ROLES)), help="A role in the whole region.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.password_option(help="Asked for when left out. At least 12 characters.")
def create(email: str, name: str, role: str | None, language: str, password: str) -> None:
    """Create an account that can sign in at once."""
    connected()
    require_strong(password, email)
    with db.transaction():
        made = account_service.create_user(email=email, name=name, by=SYSTEM, locale=language, password=password)
        if role:
            grant_service.grant(made, REGIONAL_ROLES[role], REGION, by=SYSTEM)
        address = made.email
    click.echo(f"{address} can sign in.")


@user.command()
@click.argument("email")
def suspend(email: str) -> None:
    """Close an account for now; its sessions end."""
    connected()
    found = _found(email)
    account_service.suspend(found, by=SYSTEM, expected_version=found.version)
    click.echo(f"{email} is suspended.")


@user.command()
@click.argument("email")
def restore(email: str) -> None:
    """Open a suspended account again."""
    connected()
    found = _found(email)
    account_service.restore(found, by=SYSTEM, expected_version=found.version)
    click.echo(f"{email} can sign in again.")


def _found(email: str) -> User:
    found = find_user_by_email(email)
    if found is None:
        raise click.ClickException(f"Nobody has the address {email}.")
    return found
