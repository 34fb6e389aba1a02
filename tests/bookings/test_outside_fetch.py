"""Fetching an outside calendar: only from the public internet, within a time and a size."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from missions_app.bookings import outside_fetch
from missions_app.bookings.outside_fetch import Fetched, FetchFailed, fetch, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "ff02::1", "inget"],
)  # fmt: skip
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["193.10.1.1", "2001:6b0:1::1", "::ffff:193.10.1.1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


class Answers(BaseHTTPRequestHandler):
    """A small calendar server."""

    def do_GET(self) -> None:
        match self.path:
            case "/to-private":
                self._send(302, {"Location": "http://inre.example/hemligt"})
            case "/round":
                self._send(302, {"Location": "/round"})
            case "/nowhere":
                self._send(302, {"Location": "http://[fel"})
            case "/b%C3%A5tar%20.ics?%C3%A5r=1":
                self._send(200, {"ETag": "ett\x01"}, b"hej")
            case "/large":
                self._send(200, {}, b"x" * (outside_fetch.LARGEST + 1))
            case "/missing":
                self._send(404, {})
            case _ if self.headers.get("If-None-Match") == '"ett"':
                self._send(304, {})
            case _:
                self._send(200, {"ETag": '"ett"', "Last-Modified": "ida"}, b"hej")

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://hamn.example:{made.server_port}"
        made.shutdown()
        thread.join()


def asked(url: str, **more: Any) -> Fetched:
    """Fetch where hamn.example is this machine and counts as public, and inre.example is a private network."""
    names = {"hamn.example": ["127.0.0.1"], "inre.example": ["10.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}
    return fetch(url, resolve=lambda host, _port: names[host], allowed=lambda one: one == "127.0.0.1", **more)


def test_a_file_is_fetched_once_and_then_only_when_it_has_changed(server: str) -> None:
    first = asked(f"{server}/a.ics")
    assert first == Fetched(b"hej", '"ett"', "ida")
    assert asked(f"{server}/a.ics", etag=first.etag).content is None


def test_an_address_with_other_letters_is_asked_as_browsers_do(server: str) -> None:
    assert asked(f"{server}/båtar .ics?år=1") == Fetched(b"hej", "", "")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/to-private", "not_public"),
        ("/round", "refused"),
        ("/large", "too_large"),
        ("/missing", "nothing_there"),
        ("/nowhere", "bad_address"),
    ],
)
def test_what_cannot_be_fetched_says_why(server: str, path: str, code: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        asked(f"{server}{path}")
    assert failed.value.code == code


def test_a_name_with_one_private_address_among_others_is_refused(server: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        asked(server.replace("hamn.example", "both.example"))
    assert failed.value.code == "not_public"


def test_it_gives_up_in_time() -> None:
    with pytest.raises(FetchFailed) as failed:
        asked("http://hamn.example:9/", seconds=0)
    assert failed.value.code == "too_slow"


def test_this_machine_itself_is_never_asked() -> None:
    with pytest.raises(FetchFailed) as failed:
        fetch("http://localhost:1/")
    assert failed.value.code == "not_public"


DRIPS = {
    "headers": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "a body without a length": (b"HTTP/1.0 200 OK\r\n\r\n", b"x"),
    "a body with a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
    "the length of a part": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
}


@pytest.mark.parametrize("part", DRIPS)
def test_a_server_that_sends_a_letter_now_and_then_is_given_up_in_time(part: str) -> None:
    first, letter = DRIPS[part]
    done = threading.Event()

    def drip(listening: socket.socket) -> None:
        line, _from = listening.accept()
        with line, suppress(OSError):
            line.sendall(first)
            for _letter in range(60):
                if done.wait(0.05):
                    return
                line.sendall(letter)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        began = time.monotonic()
        try:
            with pytest.raises(FetchFailed) as failed:
                asked(f"http://hamn.example:{listening.getsockname()[1]}/", seconds=0.4)
            took = time.monotonic() - began
        finally:
            done.set()
            thread.join()

    assert failed.value.code == "too_slow"
    assert took < 2
