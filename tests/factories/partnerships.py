"""Partnerships for tests: a mission whose coordinator is known, and organisations that have joined it."""

from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.missions import mission_service
from missions_app.missions.models import Mission
from missions_app.organisations.models import Organisation
from missions_app.partnerships import partner_service, queries
from missions_app.partnerships.models import Partner, PartnerState
from tests.factories.accounts import actor_of, grant_role, make_user
from tests.factories.experiments import make_mission
from tests.factories.told import told_once
from tests.journeys import people
from tests.journeys.people import Region


@dataclass
class Partnership:
    """A mission whose partnership is being formed; only the problem owner has joined."""

    region: Region
    mission: Mission

    @property
    def lead(self) -> Actor:
        """The coordinator, with the rights of now."""
        return self.region.actor("coordinator")

    def join(self, organisation: Organisation, *roles: str) -> Partner:
        """Take an organisation in, as if it had been invited and said yes."""
        partner = partner_service.invite(
            mission=self.mission, organisation=organisation, roles=roles, message="", by=self.lead
        )
        admin = make_user()
        grant_role(admin, "org_admin", next(iter(organisation.scopes)))
        partner_service.commit(partner, roles=roles, by=actor_of(admin), expected_version=partner.version)
        assert partner.state is PartnerState.COMMITTED
        return partner

    def owner(self) -> Partner:
        """The problem owner's place."""
        partner = queries.find_partner(self.mission, self.region.town)
        assert partner is not None
        return partner


@told_once
def make_partnership() -> Partnership:
    """A mission with a coordinator at the university; nobody but the owner has joined."""
    region = people.make_region()
    mission = make_mission(region)
    mission_service.appoint_coordinator(
        mission, organisation=region.university, user=region.people["coordinator"], by=region.actor("representative"),
        expected_version=mission.version,
    )  # fmt: skip
    return Partnership(region, mission)
