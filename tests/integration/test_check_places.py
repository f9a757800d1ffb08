"""`hotline check` looks at folders, the token, TLS files and ports of this machine."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config.console_settings import ConsoleSection
from config.settings import (
    HotlineSection,
    Settings,
    SipSection,
)
from hotline.check_places import check_places
from hotline.finding import Verdict
from tests.fakes.ports import free_port

pytestmark = pytest.mark.integration
LOOPBACK = "127.0.0.1"


@pytest.fixture
def ports() -> tuple[int, int]:
    """For SIP and the console."""
    return free_port(), free_port()


def found(
    folder: Path, ports: tuple[int, int], **sip: object
) -> dict[str, tuple[Verdict, str]]:
    """What is said of each thing."""
    settings = Settings(
        hotline=HotlineSection(data_dir=folder / "data"),
        sip=SipSection(port=ports[0], tls_port=free_port(), **sip),  # type: ignore[arg-type]
        console=ConsoleSection(port=ports[1]),
    )
    return {f.what: (f.verdict, f.words) for f in check_places(settings)}


def test_fresh_machine_is_good(tmp_path: Path, ports: tuple[int, int]) -> None:
    said = found(tmp_path, ports)
    assert {verdict for verdict, _ in said.values()} == {Verdict.GOOD}
    assert (
        f"{ports[0]} for SIP and {ports[1]} for the console are free" in said["ports"]
    )
    assert said["API token"][1].startswith("the first start of the service makes ")


@pytest.mark.parametrize(
    ("kind", "which", "what"),
    [
        (socket.SOCK_DGRAM, 0, "SIP over udp"),
        (socket.SOCK_STREAM, 0, "SIP over tcp"),
        (socket.SOCK_STREAM, 1, "console"),
    ],
)
def test_port_in_use_is_a_fault(
    tmp_path: Path,
    ports: tuple[int, int],
    kind: socket.SocketKind,
    which: int,
    what: str,
) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind((LOOPBACK, ports[which]))
        if kind is socket.SOCK_STREAM:
            other.listen()
        verdict, words = found(tmp_path, ports)[what]
    assert verdict is Verdict.FAULT
    assert words.startswith(f"cannot listen on 127.0.0.1 port {ports[which]} (")


class Live(BaseHTTPRequestHandler):
    """What a running hotline answers."""

    def do_GET(self) -> None:
        """It lives."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "live"}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def running_console() -> Iterator[int]:
    with HTTPServer((LOOPBACK, 0), Live) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_ports_of_the_running_hotline_are_its_own(
    tmp_path: Path, running_console: int
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((LOOPBACK, 0))
        said = found(tmp_path, (own.getsockname()[1], running_console))
    assert said["ports"] == (
        Verdict.GOOD,
        "in use by this hotline, which is running",
    )


def test_token_that_others_can_read_is_a_fault(
    tmp_path: Path, ports: tuple[int, int]
) -> None:
    token = tmp_path / "data" / "api-token"
    token.parent.mkdir()
    token.write_text("t" * 43)
    token.chmod(0o640)
    verdict, words = found(tmp_path, ports)["API token"]
    assert verdict is Verdict.FAULT
    assert f"chmod 600 {token}" in words
    token.chmod(0o600)
    assert found(tmp_path, ports)["API token"][0] is Verdict.GOOD


def test_data_directory_that_cannot_be_made_is_a_fault(
    tmp_path: Path, ports: tuple[int, int]
) -> None:
    (tmp_path / "data").touch()
    verdict, words = found(tmp_path, ports)["data directory"]
    assert verdict is Verdict.FAULT
    assert "set hotline.data_dir" in words


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two certificates with their keys, and a key with a password."""
    folder = tmp_path_factory.mktemp("pems")
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    for name in ("one", "two"):
        openssl(folder, f"{new} -subj /CN={name} -keyout {name}.key -out {name}.pem")
    openssl(folder, "pkey -in one.key -aes128 -passout pass:secret -out locked.key")
    return folder


def openssl(folder: Path, words: str) -> None:
    """Run it in a folder."""
    command = ("openssl", *words.split())
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def tls(
    folder: Path, ports: tuple[int, int], certificate: Path, key: Path
) -> tuple[Verdict, str]:
    """What is said of a certificate and a key."""
    files = {"tls_certificate": certificate, "tls_private_key": key}
    return found(folder, ports, transports=("udp", "tls"), **files)["TLS of sip"]


def test_certificate_with_its_key_is_good(
    tmp_path: Path, ports: tuple[int, int], pems: Path
) -> None:
    verdict, _ = tls(tmp_path, ports, pems / "one.pem", pems / "one.key")
    assert verdict is Verdict.GOOD


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        ("one.pem", "two.key", "do not go together"),
        ("one.pem", "locked.key", "without a password"),
        ("one.key", "one.key", "do not go together"),
        ("none.pem", "one.key", "none.pem does not exist; set sip.tls_certificate"),
        ("one.pem", ".", "cannot be read (Is a directory)"),
    ],
)
def test_certificate_that_cannot_be_used_is_a_fault(
    tmp_path: Path,
    ports: tuple[int, int],
    pems: Path,
    certificate: str,
    key: str,
    words: str,
) -> None:
    verdict, said = tls(tmp_path, ports, pems / certificate, pems / key)
    assert verdict is Verdict.FAULT
    assert words in said
