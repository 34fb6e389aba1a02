"""Fetching an outside calendar: over the public internet only, within a time and a size, and nothing that has not
changed. Every address a name leads to is checked, also after a redirect, and the connection goes to the very address
that was checked, so that a name cannot lead elsewhere in between."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

SECONDS = 20
LARGEST = 2_000_000
MOST_REDIRECTS = 3
PORTS = {"https": 443, "http": 80}
REDIRECTS = (301, 302, 303, 307, 308)
Resolve = Callable[[str, int], Sequence[str]]


class FetchFailed(Exception):
    """Nothing could be fetched or read; `code` says why: bad_address, not_public, unreachable, too_slow, too_large,
    nothing_there, refused, not_a_calendar, too_many."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the content (None when nothing has changed), and what to ask with next time."""

    content: bytes | None
    etag: str
    modified: str


def parts_of(url: str) -> SplitResult:
    """The parts of an address that may be fetched: http or https, without a name and password.

    Raises:
        FetchFailed: bad_address.
    """
    address = "https://" + url.strip().removeprefix("webcal://") if url.strip().startswith("webcal://") else url.strip()
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise FetchFailed("bad_address") from error
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise FetchFailed("bad_address")
    if port == 0:
        raise FetchFailed("bad_address")
    return parts


def is_plainly_private(host: str) -> bool:
    """Whether a host says by itself, before anybody is asked, that it is not on the public internet."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed("unreachable") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether an address lies on the public internet, also when it is wrapped in another."""
    try:
        found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def checked_address(host: str, port: int, resolve: Resolve, allowed: Callable[[str], bool]) -> str:
    """The address to connect to; refused when any address of the name is not allowed.

    Raises:
        FetchFailed: not_public, unreachable.
    """
    found = resolve(host, port)
    if not found:
        raise FetchFailed("unreachable")
    if not all(allowed(one) for one in found):
        raise FetchFailed("not_public")
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that has been checked, in the name of a host. It is cut at the deadline, whatever is
    being waited for then: a time limit on each read would let a server send a letter now and then for ever."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool, deadline: float) -> None:
        super().__init__(host, port, timeout=_left(deadline))
        self._address, self._secure, self._deadline = address, secure, deadline
        self._cut: threading.Timer | None = None
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the checked address; the certificate is that of the host."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = plain
        self._line = plain.dup()
        self._cut = threading.Timer(max(self._deadline - time.monotonic(), 0), self._hang_up)
        self._cut.daemon = True
        self._cut.start()
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Nothing more is wanted."""
        if self._cut is not None:
            self._cut.cancel()
        self.close()
        if self._line is not None:
            self._line.close()


def fetch(
    url: str, *, etag: str = "", modified: str = "", resolve: Resolve = resolve,
    allowed: Callable[[str], bool] = is_public, seconds: float = SECONDS,
) -> Fetched:  # fmt: skip
    """Fetch an address, unless it has not changed since last time.

    Args:
        etag, modified: what came last time, "" for nothing.
        resolve, allowed: how names become addresses, and which may be connected to; others only in tests.

    Raises:
        FetchFailed.
    """
    deadline = time.monotonic() + seconds
    for _redirect in range(MOST_REDIRECTS + 1):
        parts = parts_of(url)
        answer, found = _ask(parts, etag, modified, resolve, allowed, deadline)
        if isinstance(found, Fetched):
            return found
        try:
            url = urljoin(parts.geturl(), answer)
        except ValueError as error:
            raise FetchFailed("bad_address") from error
    raise FetchFailed("refused")


def _ask(
    parts: SplitResult, etag: str, modified: str, resolve: Resolve, allowed: Callable[[str], bool], deadline: float
) -> tuple[str, Fetched | None]:
    """What one address answers, or where it sends us."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    address = checked_address(host, port, resolve, allowed)
    connection = _Pinned(host, port, address, secure=parts.scheme == "https", deadline=deadline)
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Missions calendar"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    response: http.client.HTTPResponse | None = None
    try:
        connection.request("GET", _target(parts), headers=headers)
        response = connection.getresponse()
        if response.status in REDIRECTS and response.headers.get("Location"):
            return response.headers["Location"], None
        if response.status == 304:
            return "", Fetched(None, etag, modified)
        if response.status in (404, 410):
            raise FetchFailed("nothing_there")
        if response.status != 200:
            raise FetchFailed("refused")
        content = _read(response, deadline)
        return "", Fetched(content, _said(response, "ETag"), _said(response, "Last-Modified"))
    except (OSError, http.client.HTTPException) as error:
        is_slow = isinstance(error, TimeoutError) or time.monotonic() >= deadline
        raise FetchFailed("too_slow" if is_slow else "unreachable") from error
    finally:
        if response is not None:
            response.close()
        connection.end()


def _target(parts: SplitResult) -> str:
    """What is asked for; letters and spaces that an address cannot hold are written as browsers write them."""
    path, query = (quote(one, safe="%/:@!$&'()*+,;=~?") for one in (parts.path or "/", parts.query))
    return f"{path}?{query}" if query else path


def _said(response: http.client.HTTPResponse, name: str) -> str:
    """A header that can be kept and sent back; else nothing."""
    value = response.headers.get(name, "")
    return value if value.isprintable() else ""


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole body, as long as it is neither too large nor too slow."""
    parts: list[bytes] = []
    size = 0
    while True:
        part = response.read1(65_536)
        _left(deadline)  # what was cut is not the whole
        if not part:
            return b"".join(parts)
        size += len(part)
        if size > LARGEST:
            raise FetchFailed("too_large")
        parts.append(part)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchFailed("too_slow")
    return left
