"""`missions serve`: the web server."""

import os
import socket
import sys

import click

from config.settings import Settings
from missions_app.paths import ROOT


def server_command(port: int, host: str, workers: int, threads: int) -> list[str]:
    """How to start the web server: gunicorn with the shipped wsgi.py, loaded once and shared by all processes."""
    return [
        sys.executable, "-m", "gunicorn", "--pythonpath", str(ROOT), "--bind", f"{host}:{port}",
        "--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads),
        "--max-requests", "20000", "--max-requests-jitter", "2000", "--graceful-timeout", "20",
        "--log-level", "warning", "--no-control-socket", "--preload", "wsgi:app",
    ]  # fmt: skip


def answers(port: int) -> bool:
    """Whether anything listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), show_default="$PORT or 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 listens on all addresses.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads in each process.")
def serve(port: int | None, host: str, workers: int, threads: int) -> None:
    """Serve the pages and the API. Run `missions worker` beside it."""
    settings = Settings.from_environment()
    arguments = server_command(port or settings.port, host, workers, threads)
    os.execv(arguments[0], arguments)
