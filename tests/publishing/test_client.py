"""The carrier against real servers on this machine: what arrives, what is refused, and that nothing can hold it up."""

import datetime as dates
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huakai.publishing.client import HttpCarrier
from huakai.publishing.types import Answer, Target, Trouble
from tests.factories.publishing import BROKEN, TAKEN, FakeCarrier

HOST = "peer.example"
BODY, HEADERS = '{"type":"办结"}'.encode(), {"webhook-id": "msg_1", "Content-Type": "application/json"}


class Peer(BaseHTTPRequestHandler):
    """Answers by path: /204, /500, /302 (elsewhere), /long (an endless answer)."""

    seen: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, dict(self.headers), body))
        if self.path == "/long":
            self._endless()
            return
        self.send_response(int(self.path.strip("/").split("?")[0]))
        if self.path == "/302":
            self.send_header("Location", "/204")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _served(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[Any]]]:
    """A server on a free port; its port and what it has seen."""
    seen: list[Any] = []
    handler = type("Handler", (Peer,), {"seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _mumbling(words: bytes) -> Iterator[int]:
    """A server that says `words`, then a byte now and then, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            try:
                line.sendall(words)
                while not over.wait(0.05):
                    line.sendall(b"a")
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


def _carrier(seconds: float = 5.0, *addresses: str, tls: ssl.SSLContext | None = None) -> HttpCarrier:
    found = list(addresses or ["127.0.0.1"])
    return HttpCarrier(
        seconds=seconds, addresses_of=lambda host, port: found, tls=tls or ssl.create_default_context()
    )


def _post(
    carrier: HttpCarrier, port: int, path: str = "/204", scheme: str = "http", inside: bool = True
) -> Answer:
    target = Target(scheme, HOST, port, path)
    return carrier.post(target, body=BODY, headers=HEADERS, private_allowed=inside)


def test_a_letter_arrives_whole_with_its_headers_under_the_name_of_the_host() -> None:
    with _served() as (port, seen):
        assert _post(_carrier(), port, "/204?x=1") == Answer(status=204)
    path, headers, body = seen[0]
    assert (path, body) == ("/204?x=1", BODY)
    assert headers["Host"] == f"{HOST}:{port}"
    assert headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize("answer", [TAKEN, BROKEN])
def test_the_fake_answers_like_the_real_one(answer: Answer) -> None:
    with _served() as (port, _):
        real = _post(_carrier(), port, f"/{answer.status}")
    fake = FakeCarrier([answer]).post(
        Target("http", HOST, 1, "/"), body=BODY, headers=HEADERS, private_allowed=True
    )
    assert real == fake == answer


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with _served() as (port, seen):
        answer = _post(_carrier(), port, "/302")
    assert (answer.status, answer.is_taken) == (302, False)
    assert [path for path, _, _ in seen] == ["/302"]


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with _served() as (port, _):
        started = time.monotonic()
        assert _post(_carrier(3.0), port, "/long") == Answer(status=200)
    assert time.monotonic() - started < 3


def test_an_inside_address_is_never_connected_to_unless_the_deployment_says_so() -> None:
    with _served() as (port, seen):
        assert _post(_carrier(), port, inside=False) == Answer(trouble=Trouble.INSIDE)
        assert seen == []
        mixed = _carrier(5.0, "169.254.169.254", "127.0.0.1")
        assert _post(mixed, port) == Answer(status=204)
    assert len(seen) == 1


def test_the_name_is_looked_up_once_so_that_it_cannot_change_after_the_check() -> None:
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with _served() as (port, _):
        carrier = HttpCarrier(seconds=5.0, addresses_of=rebinding)
        assert _post(carrier, port).is_taken
    assert asked == [HOST]


def test_the_next_address_is_tried_when_one_lets_nobody_in() -> None:
    with _served() as (port, _):
        assert _post(_carrier(5.0, "127.0.0.2", "127.0.0.1"), port).is_taken


def test_trouble_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert _post(_carrier(), port).trouble is Trouble.NO_CONNECTION
    assert _post(HttpCarrier(addresses_of=unknown), port).trouble is Trouble.NO_ADDRESS
    with _mumbling(b"SSH-2.0-OpenSSH\r\n") as other:
        assert _post(_carrier(1.0), other).trouble is Trouble.BAD_ANSWER
    with _served() as (plain, _):
        assert _post(_carrier(1.0), plain, scheme="https").trouble is Trouble.CERTIFICATE


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_peer_that_dribbles_is_cut_off_in_time(words: bytes) -> None:
    with _mumbling(words) as port:
        started = time.monotonic()
        answer = _post(_carrier(0.5), port)
    assert answer.trouble in {Trouble.TOO_SLOW, Trouble.BAD_ANSWER}
    assert time.monotonic() - started < 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of `peer.example` that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = dates.datetime.now(dates.UTC)  # noqa: TID251 - the TLS library reads the real clock
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dates.timedelta(days=1))
        .not_valid_after(today + dates.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return folder / "cert.pem", folder / "key.pem"


def test_tls_is_checked_against_the_name_not_the_address(certificate: tuple[Path, Path]) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with _served(server) as (port, seen):
        assert _post(_carrier(5.0, tls=trusting), port, scheme="https") == Answer(status=204)
        assert _post(_carrier(), port, scheme="https").trouble is Trouble.CERTIFICATE
        other = Target("https", "other.example", port, "/204")
        answer = _carrier(5.0, tls=trusting).post(other, body=BODY, headers={}, private_allowed=True)
        assert answer.trouble is Trouble.CERTIFICATE
    assert len(seen) == 1
