"""Roles, scopes and browsers in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.models import Grant, User
from missions_app.challenges.models import Challenge
from missions_app.errors import NotFound
from missions_app.experiments.models import Experiment
from missions_app.i18n import N_, _, current_locale
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.sites.models import Site
from missions_app.workflow.method_service import method_in_force

# What a scope is called: by kind, the column that names it.
NAMES = {
    "organisation": (Organisation.id, Organisation.name), "mission": (Mission.id, Mission.reference),
    "challenge": (Challenge.id, Challenge.reference), "experiment": (Experiment.id, Experiment.reference),
    "site": (Site.id, Site.name_sv),
}  # fmt: skip


DOMAINS = {
    "accounts": N_("Accounts"), "assessments": N_("Assessments"), "bookings": N_("Bookings"),
    "challenges": N_("Challenges"), "evaluation": N_("Evaluation"), "experiments": N_("Experiments"),
    "governance": N_("Meetings"), "missions": N_("Missions"), "organisations": N_("Organisations"),
    "partnerships": N_("Partnerships"), "sites": N_("Sites"), "strategy": N_("Strategy"), "work": N_("My work"),
    "workflow": N_("Gates and moves"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A right in words: the role, where it holds, until when, and who lent it or to whom it is lent."""

    id: int
    role: str
    key: str
    kind: str
    place: str
    valid_from: date
    valid_until: date | None
    is_lent: bool
    holder: str

    @property
    def words(self) -> str:
        """ "Platsansvarig, Havsportalen"."""
        return f"{self.role}, {self.place}" if self.place else self.role


def role_label(role: str) -> str:
    """A role of the method in the reader's language."""
    try:
        term = method_in_force().find_term("platform_role", role)
    except NotFound:
        term = None
    return term.label.in_(current_locale()) if term is not None else role.replace("_", " ")


def role_labels(roles: Iterable[str]) -> list[str]:
    """Several roles in the reader's language, in their order."""
    return [role_label(role) for role in roles]


def role_rows(grants: Sequence[Grant]) -> list[RoleRow]:
    """Rights in words: one query per kind of scope."""
    places = _places(grants)
    holders = {key: name for key, name in db.session.execute(select(User.id, User.name).where(
        User.id.in_({one.user_id for one in grants})))}  # fmt: skip
    return [
        RoleRow(
            one.id, role_label(one.role), one.role, one.scope_kind, places.get((one.scope_kind, one.scope_id), ""),
            one.valid_from, one.valid_until, one.deputy_for_id is not None, holders[one.user_id],
        )
        for one in grants
    ]  # fmt: skip


def _places(grants: Iterable[Grant]) -> dict[tuple[str, str], str]:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for one in grants:
        by_kind[one.scope_kind].add(one.scope_id)
    found = {("body", key): _body(key) for key in by_kind["body"]}
    for kind, (key_column, name_column) in NAMES.items():
        if by_kind[kind]:
            ids = [int(key) for key in by_kind[kind]]
            rows = db.session.execute(select(key_column, name_column).where(key_column.in_(ids)))
            found |= {(kind, str(key)): name for key, name in rows}
    return found


def _body(key: str) -> str:
    try:
        return method_in_force().body(key).label.in_(current_locale())
    except (KeyError, NotFound):
        return key


def scope_words(scope: str) -> str:
    """What a token's scope means."""
    domain, _colon, right = scope.rpartition(":")
    if not domain:
        return _("Read all that you may read") if right == "read" else _("Read and do all that you may do")
    name = _(DOMAINS[domain])
    return _("%(domain)s: read", domain=name) if right == "read" else _("%(domain)s: read and write", domain=name)


def browser_words(agent: str) -> str:
    """ "Firefox on Windows" out of what a browser calls itself; "" when it says nothing we know."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
               ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    if not browser:
        return agent[:60]
    return _("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
