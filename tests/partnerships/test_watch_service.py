"""Letters about new needs that fit: only new ones, at most once a week, only to those who belong."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from missions_app import clock, db
from missions_app.accounts.actor import SYSTEM
from missions_app.errors import NotAllowed
from missions_app.organisations import organisation_service
from missions_app.outbox.models import Job
from missions_app.partnerships import need_service, watch_service
from missions_app.partnerships.need_service import NeedContent
from tests.factories.accounts import make_actor
from tests.factories.organisations import make_organisation, member_actor
from tests.factories.partnerships import make_partnership

pytestmark = pytest.mark.usefixtures("session")


def letters() -> list[list[str]]:
    rows = db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [
        [need["text_sv"] for need in one.payload["data"]["needs"]]
        for one in rows if one.payload.get("template") == "needs_digest"
    ]  # fmt: skip


def test_a_letter_tells_new_needs_once_and_not_before_a_week_has_gone() -> None:
    found = make_partnership()
    company = make_organisation("Givarbolaget AB")
    organisation_service.set_capabilities(company, {"ai": (3, "")}, by=SYSTEM)
    need_service.add_need(found.mission, NeedContent("skill", "Gammalt behov", "must", peak="ai"), by=found.lead)
    watch_service.watch(company, by=member_actor(company))
    need_service.add_need(found.mission, NeedContent("skill", "Nytt behov", "must", peak="ai"), by=found.lead)
    need_service.add_need(found.mission, NeedContent("skill", "Annat", "must", peak="games"), by=found.lead)

    watch_service.send_digests({})
    too_soon = letters()
    with clock.fixed(clock.now() + timedelta(days=8)):
        watch_service.send_digests({})
        watch_service.send_digests({})

    assert (too_soon, letters()) == ([], [["Nytt behov"]])


def test_only_those_who_belong_may_ask_and_stopping_stops() -> None:
    company = make_organisation("Givarbolaget AB")
    member = member_actor(company)
    with pytest.raises(NotAllowed):
        watch_service.watch(company, by=make_actor())

    watch_service.watch(company, by=member)
    watch_service.watch(company, by=member)
    watch_service.unwatch(company, by=member)

    assert watch_service.find_watch(company, member) is None
