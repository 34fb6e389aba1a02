"""Several processes as one: if one ends, all end; Ctrl-C ends all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

PATIENCE_SECONDS = 25.0
LOOK_SECONDS = 0.2


class Stopped(Exception):
    """Somebody asked us to stop."""


def run_together(
    commands: Mapping[str, Sequence[str]], *, environment: Mapping[str, str], ready: Callable[[], bool],
    tell: Callable[[], None],
) -> int:  # fmt: skip
    """Run named commands until one ends or somebody stops us; returns the exit code to end with.

    The children run in `environment`. `tell` is called once, when `ready` first answers yes. The children get a process
    group each, so that Ctrl-C reaches only us and they are stopped in order.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            running[name] = subprocess.Popen(command, start_new_session=True, env=dict(environment))
        return _wait(running, ready, tell)
    except Stopped:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(running)


def _wait(running: Mapping[str, subprocess.Popen[bytes]], ready: Callable[[], bool], tell: Callable[[], None]) -> int:
    told = False
    while True:
        if not told and ready():
            tell()
            told = True
        for name, process in running.items():
            code = process.poll()
            if code is not None:
                sys.stderr.write(f"The {name} has ended with code {code}; stopping.\n")
                return code or 1
        time.sleep(LOOK_SECONDS)


def _end(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE_SECONDS
    for process in running.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
