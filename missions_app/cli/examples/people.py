"""The example's organisations, people and rights."""

import tomllib
from dataclasses import dataclass, field
from typing import Any

from missions_app import db
from missions_app.accounts import account_service, queries, seat_service
from missions_app.accounts.actor import REGION, SYSTEM, Actor, Scope, organisation_scope
from missions_app.accounts.demonstration import PASSWORD
from missions_app.accounts.grant_service import grant
from missions_app.accounts.models import User
from missions_app.organisations import offer_service, organisation_service
from missions_app.organisations.models import OfferKind, Organisation
from missions_app.organisations.rules import Profile
from missions_app.paths import REGIONS
from missions_app.sites.models import Resource


@dataclass
class Cast:
    """Everybody and everything the example's acts name, by their keys in the region's files."""

    region: str
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    admins: dict[str, str] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """A person with the rights of now."""
        return queries.load_actor(self.users[key])

    def rows(self, name: str, table: str) -> list[dict[str, Any]]:
        """The rows of one of the region's files; [] when the region has no such file."""
        file = REGIONS / self.region / f"{name}.toml"
        return list(tomllib.loads(file.read_text("utf-8"))[table]) if file.exists() else []


def load_organisations(cast: Cast) -> None:
    """Every organisation with its owner and capabilities."""
    for row in cast.rows("organisations", "organisation"):
        text = row.get("description", {"sv": "", "en": ""})
        profile = Profile(
            name=row["name"],
            sector=row["sector"],
            subtype=row.get("subtype", ""),
            size_class=row.get("size_class", ""),
            municipality=row.get("municipality", ""),
            is_undertaking=row.get("is_undertaking", False),
            is_outside_region=not row.get("municipality"),
            description_sv=text["sv"],
            description_en=text["en"],
            contact_function=row.get("contact", {}).get("function", ""),
            contact_email=row.get("contact", {}).get("email", ""),
        )
        owner = cast.organisations.get(row.get("owner", ""))
        made = organisation_service.add_organisation(
            profile, by=SYSTEM, owner=owner, is_example=row.get("is_example", False)
        )
        cast.organisations[row["key"]] = made
        levels = {peak: (level, "") for peak, level in row.get("capabilities", {}).items()}
        if levels:
            organisation_service.set_capabilities(made, levels, by=SYSTEM)
        for given in row.get("offers", []):
            content = offer_service.OfferContent(
                OfferKind(given["kind"]), given["sv"], given["en"], peak=given.get("peak", ""),
                visibility=given.get("visibility", "public"), claim_reason=given.get("claim_reason", ""),
            )  # fmt: skip
            offer_service.add_offer(made, content, by=SYSTEM)


def load_accounts(cast: Cast) -> None:
    """Every demonstration account with its rights."""
    for row in cast.rows("accounts", "account"):
        organisation = cast.organisations[row["organisation"]]
        with db.transaction():
            user = account_service.create_user(
                email=row["email"],
                name=row["name"],
                function=row["function"],
                by=SYSTEM,
                password=PASSWORD,
                is_demo=True,
            )
            for given in row["grants"]:
                role, kind, *rest = given.split(":")
                if kind == "b":
                    seat_service.add_seat(
                        rest[0], row["function"], by=SYSTEM, organisation_label=organisation.name, user=user
                    )
                    continue
                scope: Scope = organisation_scope(organisation.id) if kind == "o" else REGION
                grant(user, role, scope, by=SYSTEM)
                if role == "org_admin":
                    cast.admins[row["organisation"]] = row["key"]
        cast.users[row["key"]] = user
