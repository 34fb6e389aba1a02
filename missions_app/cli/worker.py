"""`missions worker`: does what was queued, again and again."""

import contextvars
import logging
import signal
import threading
from types import FrameType

import click

from missions_app import db
from missions_app.cli.start import connected
from missions_app.outbox import jobs

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 10.0
log = logging.getLogger(__name__)


def work_until(stop: threading.Event) -> None:
    """Plan what comes back by itself and do what is due, until told to stop. A broken database is waited for."""
    while not stop.is_set():
        try:
            busy = contextvars.copy_context().run(_round, stop)
        except Exception:
            log.exception("the worker met trouble and will go on")
            stop.wait(TROUBLE_SECONDS)
        else:
            stop.wait(0 if busy else IDLE_SECONDS)


def _round(stop: threading.Event) -> bool:
    """One look at the queue; whether there was anything to do."""
    try:
        jobs.plan_periodic()
        busy = False
        while not stop.is_set() and jobs.work_once():
            busy = True
        return busy
    finally:
        db.end()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(once: bool) -> None:
    """Send mail, seal the audit trail, release expired holds: everything that was put off. Run one or more."""
    connected()
    if once:
        jobs.plan_periodic()
        click.echo(f"{jobs.work_all()} done.")
        return
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    log.info("worker ready")
    work_until(stop)
