"""What partnerships announce, inside the transaction."""

from dataclasses import dataclass

from missions_app.accounts.actor import Actor
from missions_app.partnerships.models import Partner


@dataclass(frozen=True, slots=True)
class PartnerLeft:
    """An organisation that had joined a mission takes no part any more."""

    partner: Partner
    by: Actor
