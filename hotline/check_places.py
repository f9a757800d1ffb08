"""The part of `hotline check` that looks at this machine: folders, files, ports."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx

from config.key_file import KeyFileError, load_key
from config.settings import IpAddress, Settings, SipSection
from console.auth import TokenError, load_token
from console.server import url_of
from hotline.finding import Finding, fault

LIVE_SECONDS = 2.0


def check_places(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the data directory, the token, the TLS files and the ports."""
    yield _data_dir(settings.hotline.data_dir)
    yield _token(settings.token_file)
    yield _people_key(settings.people_key_file)
    if "tls" in settings.sip.transports:
        yield _tls(settings.sip)
    if _runs_already(settings):
        yield Finding(what="ports", words="in use by this hotline, which is running")
        return
    yield from _ports(settings)


def _data_dir(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (probe := folder / ".probe").touch()
        probe.unlink()
    except OSError as error:
        words = f"{folder} cannot be written ({error.strerror}): set hotline.data_dir to a folder of this user"
        return fault("data directory", words)
    return Finding(what="data directory", words=f"{folder} can be written")


def _token(file: Path) -> Finding:
    if not file.exists():
        words = f"the first start of the service makes {file}"
        return Finding(what="API token", words=words)
    try:
        load_token(file)
    except TokenError as error:
        return fault("API token", str(error))
    return Finding(what="API token", words=f"{file} is readable by its owner only")


def _people_key(file: Path) -> Finding:
    if not file.exists():
        words = f"the first start of the service makes {file}"
        return Finding(what="people's key", words=words)
    try:
        load_key(file)
    except KeyFileError as error:
        return fault("people's key", str(error))
    return Finding(what="people's key", words=f"{file} is readable by its owner only")


def _tls(sip: SipSection) -> Finding:
    certificate, key = sip.tls_certificate, sip.tls_private_key
    assert certificate is not None, "the settings ask for both files"
    assert key is not None, "the settings ask for both files"
    for file in (certificate, key):
        if why := _unreadable(file):
            words = f"the TLS file {file} {why}; set sip.tls_certificate and sip.tls_private_key"
            return fault("TLS", words)
    return _pair(certificate, key)


def _unreadable(file: Path) -> str:
    try:
        file.read_bytes()
    except FileNotFoundError:
        return "does not exist"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def _pair(certificate: Path, key: Path) -> Finding:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password of ours it would ask the terminal for one.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        words = f"{certificate} and {key} do not go together as a certificate and its key without a password, both PEM ({reason})"
        return fault("TLS", words)
    return Finding(what="TLS", words="certificate and key go together")


def _runs_already(settings: Settings) -> bool:
    url = url_of(settings.console.address, settings.console.port)
    try:
        with httpx.Client(timeout=LIVE_SECONDS, trust_env=False) as client:
            answer = client.get(f"{url}/health/live").json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(answer == {"status": "live"})


def _ports(settings: Settings) -> Iterator[Finding]:
    sip, console = settings.sip, settings.console
    faults = [
        *_taken_by_others(sip),
        *_taken("console", console.address, console.port, socket.SOCK_STREAM),
    ]
    yield from faults
    if not faults:
        words = f"{sip.port} for SIP and {console.port} for the console are free"
        yield Finding(what="ports", words=words)


def _taken_by_others(sip: SipSection) -> Iterator[Finding]:
    for transport in sip.transports:
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        port = sip.tls_port if transport == "tls" else sip.port
        yield from _taken(f"SIP over {transport}", sip.address, port, kind)


def _taken(
    what: str, address: IpAddress, port: int, kind: socket.SocketKind
) -> Iterator[Finding]:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((str(address), port))
        except OSError as error:
            words = f"cannot listen on {address} port {port} ({error.strerror}): end what uses it (`ss -lntup` shows that), or set another"
            yield fault(what, words)
