"""Loading a region's whole example: people first, then sites, then every case."""

from collections.abc import Callable
from datetime import timedelta

from missions_app import clock
from missions_app.accounts.actor import SYSTEM
from missions_app.cli.examples.bundles import load_bundles
from missions_app.cli.examples.cases import load_case
from missions_app.cli.examples.limits import load_limits
from missions_app.cli.examples.method import load_method_work
from missions_app.cli.examples.people import Cast, load_accounts, load_organisations
from missions_app.cli.examples.places import load_sites
from missions_app.cli.examples.reports import load_reports
from missions_app.cli.examples.series import load_series
from missions_app.cli.examples.waiting import load_waiting
from missions_app.cli.examples.waitlists import load_waitlists
from missions_app.strategy import register_service
from missions_app.workflow.method_service import method_in_force

BEFORE = timedelta(days=1100)


def load_region_examples(region: str, tell: Callable[[str], None]) -> int:
    """Load everything by services; returns how many cases were told. The database has a method and no accounts."""
    cast, today = Cast(region), clock.today()
    # People and sites are older than every case, so that their rights hold on the day of each act.
    with clock.fixed(clock.now() - BEFORE):
        load_organisations(cast)
        load_accounts(cast)
        load_sites(cast, today=today)
        register_service.load_from_method(method_in_force(), by=SYSTEM)
    cases = cast.rows("cases", "case")
    for number, case in enumerate(cases, 1):
        load_case(cast, case)
        tell(f"  {number} of {len(cases)}: {case['title']['sv']}")
    load_waiting(cast)
    load_method_work(cast)
    load_bundles(cast)
    load_waitlists(cast)
    load_series(cast)
    load_reports(cast)
    load_limits(cast)
    return len(cases)
