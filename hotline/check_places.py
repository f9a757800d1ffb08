"""The part of `hotline check` that looks at this machine: folders, files, ports."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx

from config.console_settings import ConsoleSection
from config.key_file import KeyFileError, load_key
from config.settings import IpAddress, Settings, SipSection
from console.auth import TokenError, load_token
from console.server import url_of
from hotline.api_client import ServiceUnreachable, own_certificate
from hotline.finding import Finding, fault

LIVE_SECONDS = 2.0


def check_places(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the data directory, the token, the TLS files and the ports."""
    yield _data_dir(settings.hotline.data_dir)
    yield _token(settings.token_file)
    yield _key("people's key", settings.people_key_file)
    yield _key("console's key", settings.console_key_file)
    yield from _console_tls(settings.console)
    yield from _sip_tls(settings.sip)
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


def _key(what: str, file: Path) -> Finding:
    if not file.exists():
        return Finding(what=what, words=f"the first start of the service makes {file}")
    try:
        load_key(file)
    except KeyFileError as error:
        return fault(what, str(error))
    return Finding(what=what, words=f"{file} is readable by its owner only")


def _sip_tls(sip: SipSection) -> Iterator[Finding]:
    if "tls" in sip.transports and sip.tls_certificate and sip.tls_private_key:
        yield _tls("sip", sip.tls_certificate, sip.tls_private_key)


def _console_tls(console: ConsoleSection) -> Iterator[Finding]:
    if console.tls_certificate and console.tls_private_key:
        files = console.tls_certificate, console.tls_private_key
        yield _tls("console", *files)


def _tls(section: str, certificate: Path, key: Path) -> Finding:
    for file in (certificate, key):
        if why := _unreadable(file):
            words = f"the TLS file {file} {why}; set {section}.tls_certificate and {section}.tls_private_key"
            return fault(f"TLS of {section}", words)
    return _pair(section, certificate, key)


def _unreadable(file: Path) -> str:
    try:
        file.read_bytes()
    except FileNotFoundError:
        return "does not exist"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def _pair(section: str, certificate: Path, key: Path) -> Finding:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password of ours it would ask the terminal for one.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        words = f"{certificate} and {key} do not go together as a certificate and its key without a password, both PEM ({reason})"
        return fault(f"TLS of {section}", words)
    return Finding(what=f"TLS of {section}", words="certificate and key go together")


def _runs_already(settings: Settings) -> bool:
    console = settings.console
    url = url_of(console.address, console.port, tls=console.tls)
    try:
        trust = own_certificate(console)
        with httpx.Client(
            timeout=LIVE_SECONDS, trust_env=False, verify=trust
        ) as client:
            answer = client.get(f"{url}/health/live").json()
    except (httpx.HTTPError, ValueError, ServiceUnreachable):
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
