"""The week's signals: one list for the secretariat to go through together, and one letter about it each Monday."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from missions_app import clock, db
from missions_app.accounts.actor import REGION
from missions_app.accounts.policy import SECRETARIAT
from missions_app.accounts.queries import users_with
from missions_app.outbox.mail import queue_mail
from missions_app.strategy.models import Signal, SignalState

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def signals_of_week(monday: date) -> Sequence[Signal]:
    """What was passed on from that Monday until the next, in the region's time, oldest first."""
    start, end = (datetime.combine(day, time(), clock.zone()) for day in (monday, monday + WEEK))
    return db.session.scalars(
        select(Signal)
        .where(Signal.noted_at >= start, Signal.noted_at < end)
        .options(joinedload(Signal.organisation), joinedload(Signal.became))
        .order_by(Signal.noted_at, Signal.id)
    ).all()


def waiting() -> int:
    """How many signals wait, whenever they came."""
    return db.session.scalar(select(func.count()).select_from(Signal).where(Signal.state == SignalState.OPEN)) or 0


def send_week(_payload: object) -> None:
    """Tell the secretariat of last week's signals, once a week to each; nothing when there were none and none wait."""
    monday = monday_of(clock.today()) - WEEK
    with db.transaction():
        found, left = signals_of_week(monday), waiting()
        if not found and not left:
            return
        for user in users_with(SECRETARIAT, REGION):
            queue_mail(
                user.email, "signals_week", locale=user.locale, dedupe_key=f"signals_week:{monday}:{user.id}",
                monday=monday.isoformat(), signals=[[one.id, one.title] for one in found], waiting=left,
            )  # fmt: skip
