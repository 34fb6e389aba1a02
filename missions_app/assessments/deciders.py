"""What ties somebody who handles or decides a case, for the secretariat or a body, to those who take part in it."""

from missions_app import clock
from missions_app.assessments import conflicts
from missions_app.assessments.findings import reasons_of
from missions_app.errors import Problem
from missions_app.organisations import queries as organisations
from missions_app.workflow.method_service import method_of
from missions_app.workflow.subjects import Subject

_host: list[str] = []


def set_host(name: str) -> None:
    """Say which organisation runs the region's method. Working for it is no conflict of interest for those who decide
    on its behalf: the region decides its own cases too."""
    _host[:] = [name]


def ties_of_decider(user_id: int, subject: Subject) -> list[Problem]:
    """One sentence for each tie that the platform knows today; [] means none."""
    host = organisations.ids_of_names(_host)
    ties = [tie for tie in conflicts.ties_of([user_id])[user_id] if tie.organisation_id not in host]
    parties = conflicts.parties_of(subject)
    ids = {tie.organisation_id for tie in ties} | {party.organisation_id for party in parties}
    found = conflicts.findings(
        takes_part=user_id in conflicts.persons_of(subject), sits_in=(), deciders=(), ties=ties, parties=parties,
        groups=conflicts.groups_of(ids), today=clock.today(),
        former_employer_years=method_of(subject.journey.method_version).limits.former_employer_years,
    )  # fmt: skip
    return reasons_of(found)


def names_of_parties(subject: Subject) -> list[str]:
    """The names of the organisations that take part in a case."""
    return organisations.names_of({party.organisation_id for party in conflicts.parties_of(subject)})
