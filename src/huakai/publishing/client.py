"""The outside world of webhooks: one letter by HTTP to a peer, and nowhere else."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from huakai.publishing.rules import address_trouble
from huakai.publishing.types import Answer, Target, Trouble

SECONDS = 10.0
CONNECT_SECONDS = 4.0
ADDRESSES = 2
"""Addresses of a host tried one after the other until one lets us connect."""
READ_BYTES = 4096
TROUBLES = (exceptions.HTTPError, http.client.HTTPException, OSError)
"""What the net and the peer can do to us."""


class Carrier(Protocol):
    """Brings a letter to a peer. Never raises for what the peer or the net does."""

    def post(
        self, target: Target, *, body: bytes, headers: Mapping[str, str], private_allowed: bool
    ) -> Answer: ...


class _Guarded(HTTPConnection):
    """Keeps a second handle on its socket, so that a deadline can cut it whatever is being waited for."""

    guard: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        self.guard = made.dup()
        return made


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same with TLS: the deadline holds during the handshake as well."""


def resolve(host: str, port: int) -> list[str]:
    """Network addresses of a host, in the order of the system; OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class HttpCarrier:
    """Over HTTP. The name is looked up once and the address found is the one connected to, so that it cannot
    change in between; no proxy, no redirect, at most 4 KiB of the answer read and none of it kept."""

    seconds: float = SECONDS
    addresses_of: Callable[[str, int], list[str]] = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(
        self, target: Target, *, body: bytes, headers: Mapping[str, str], private_allowed: bool
    ) -> Answer:
        """One try; from the connection to the end of the answer it lasts at most `seconds`."""
        try:
            found = self.addresses_of(target.host, target.port)
        except (OSError, ValueError):  # ValueError: a name the domain name system cannot hold
            return Answer(trouble=Trouble.NO_ADDRESS)
        allowed = [a for a in found if not address_trouble(a, private_allowed=private_allowed)]
        answer = Answer(trouble=Trouble.INSIDE if found else Trouble.NO_ADDRESS)
        for address in allowed[:ADDRESSES]:
            answer = self._try(self._connection(target, address), target, body, headers)
            if answer.trouble is not Trouble.NO_CONNECTION:
                break
        return answer

    def _connection(self, target: Target, address: str) -> _Guarded:
        wait = min(CONNECT_SECONDS, self.seconds)
        if target.scheme == "http":
            return _Guarded(address, target.port, timeout=wait)
        return _GuardedTls(
            address,
            target.port,
            timeout=wait,
            ssl_context=self.tls,
            server_hostname=target.host,
        )

    def _try(self, line: _Guarded, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
        with _deadline(line, self.seconds) as is_late:
            try:
                response = _answer_of(line, target, body, headers, self.seconds)
                if is_late():  # cut off among the headers, which then look like all there are
                    return Answer(trouble=Trouble.TOO_SLOW)
                with suppress(*TROUBLES):
                    response.read(READ_BYTES, decode_content=False)  # a courtesy: the status says all
                return Answer(status=response.status)
            except TROUBLES as error:
                return Answer(trouble=Trouble.TOO_SLOW if is_late() else _trouble_of(error))


def _answer_of(
    line: _Guarded, target: Target, body: bytes, headers: Mapping[str, str], seconds: float
) -> HTTPResponse:
    line.connect()
    line.sock.settimeout(seconds)
    named = {"Host": _host_of(target), **headers}
    line.request("POST", target.path, body=body, headers=named, preload_content=False)
    return line.getresponse()


@contextmanager
def _deadline(line: _Guarded, seconds: float) -> Iterator[Callable[[], bool]]:
    """Cut the connection after `seconds`; yields whether that has happened. Closes it in the end."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if line.guard is not None:
            with suppress(OSError):  # already closed by the other side
                line.guard.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late.is_set
    finally:
        timer.cancel()
        timer.join()
        line.close()
        if line.guard is not None:
            line.guard.close()


def _trouble_of(error: Exception) -> Trouble:
    match error:
        case exceptions.NewConnectionError() | exceptions.ConnectTimeoutError():
            return Trouble.NO_CONNECTION
        case ssl.SSLError() | exceptions.SSLError():
            return Trouble.CERTIFICATE
        case TimeoutError() | exceptions.TimeoutError():
            return Trouble.TOO_SLOW
        case _:
            return Trouble.BAD_ANSWER


def _host_of(target: Target) -> str:
    """The Host header: the name, and the port when it is not the usual one."""
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port == {"https": 443, "http": 80}[target.scheme] else f"{name}:{target.port}"


_installed: list[Carrier] = []


@lru_cache(maxsize=1)
def _default() -> Carrier:
    return HttpCarrier()


def carrier() -> Carrier:
    """The installed carrier; HTTP when none is."""
    return _installed[-1] if _installed else _default()


def install(carrier: Carrier) -> None:
    """Give the process another carrier; the last one counts (tests, a proxy of one's own)."""
    _installed.append(carrier)


def uninstall(carrier: Carrier) -> None:
    """Take a carrier away again."""
    _installed.remove(carrier)
