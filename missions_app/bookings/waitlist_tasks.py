"""Times that are held for somebody who waited."""

from collections.abc import Sequence

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.accounts.tasks import Task
from missions_app.bookings import waitlist_queries
from missions_app.i18n import N_
from missions_app.workflow.method_parts import Text


def tasks_for(actor: Actor) -> list[Task]:
    """Offers to answer before they go to the next."""
    if actor.user_id is None:
        return []
    return [
        Task(
            title=N_("Take the time that is held for you: %(resource)s"),
            title_params={"resource": _names([wish.resource.name for wish in offer.entry.wishes])},
            reason=N_("It goes to the next who waits when the deadline passes."), endpoint="finding.show_offer",
            values={"offer_id": offer.id}, due=clock.day_of(offer.expires_at),
        )
        for offer in waitlist_queries.open_offers(actor.user_id, clock.now())
    ]  # fmt: skip


def _names(each: Sequence[Text]) -> Text:
    return Text(sv=", ".join(one.sv for one in each), en=", ".join(one.en for one in each))
