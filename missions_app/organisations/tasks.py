"""What organisations wait for: answers to those who want to join or be registered, and to those who want accounts."""

from missions_app import clock
from missions_app.accounts import request_service
from missions_app.accounts.actor import Actor
from missions_app.accounts.policy import can_manage_accounts
from missions_app.accounts.tasks import Task
from missions_app.i18n import N_
from missions_app.organisations import queries
from missions_app.organisations.models import MembershipRequest


def tasks_for(actor: Actor) -> list[Task]:
    """Requests that the actor may answer."""
    tasks = [_join(request) for request in queries.requests_for(actor)]
    if not can_manage_accounts(actor):
        return tasks
    tasks += [_join(request) for request in queries.unclaimed_requests()]
    tasks += [
        Task(
            title=N_("Find an administrator for %(name)s"), title_params={"name": one.name},
            reason=N_("The last one has left."), endpoint="organisations.show_members", values={"slug": one.slug},
        )
        for one in queries.without_admin()
    ]  # fmt: skip
    tasks += [
        Task(
            title=N_("Answer whether %(name)s is registered"), title_params={"name": one.name},
            reason=N_("Somebody has asked for the organisation to be registered."),
            endpoint="organisations.show_organisation", values={"slug": one.slug},
        )
        for one in queries.requested_organisations()
    ]  # fmt: skip
    tasks += [
        Task(
            title=N_("Answer whether %(name)s gets an account"), title_params={"name": one.name},
            reason=N_("The e-mail address is confirmed."),
            endpoint="accounts.show_request", values={"request_id": one.id},
            since=clock.day_of(one.confirmed_at or one.requested_at),
        )
        for one in request_service.open_requests()
    ]  # fmt: skip
    return tasks


def _join(request: MembershipRequest) -> Task:
    names = {"name": request.user.name, "organisation": request.organisation.name}
    return Task(
        title=N_("Answer whether %(name)s may join %(organisation)s"), title_params=names,
        reason=N_("Asked to belong to the organisation."),
        endpoint="organisations.show_members", values={"slug": request.organisation.slug},
        since=request.requested_on,
    )  # fmt: skip
