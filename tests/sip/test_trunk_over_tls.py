"""A trunk over TLS, played by a server of Python's own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.sip.conftest import PEER, open_desk
from tests.sip.lines_out import lines_out, trunk
from tests.sip.phone import CRLF, Message
from tests.sip.test_encryption import certificate, own_certificate

__all__ = ["certificate", "own_certificate"]

pytestmark = pytest.mark.sip


@asynccontextmanager
async def tls_company(
    files: dict[str, object], port: int
) -> AsyncIterator[asyncio.Queue[Message]]:
    """A registrar that says yes to everything; what it was asked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(
        Path(str(files["tls_certificate"])), Path(str(files["tls_private_key"]))
    )
    asked: asyncio.Queue[Message] = asyncio.Queue()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                if head.strip():
                    asked.put_nowait(request := Message(head.lstrip()))
                    writer.write(_yes(request).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.2", port, ssl=context):
        yield asked


def _yes(request: Message) -> str:
    lines = ["SIP/2.0 200 OK"]
    lines += [f"Via: {via}" for via in request.all("via")]
    lines += [f"{name}: {request.get(name)}" for name in ("from", "call-id", "cseq")]
    lines += [f"To: {request.get('to')};tag=1", "Content-Length: 0"]
    if request.get("contact"):
        lines.append(f"Contact: {request.get('contact')};expires=120")
    return CRLF.join([*lines, "", ""])


async def test_trunk_registers_over_tls(certificate: dict[str, object]) -> None:
    tls: dict[str, object] = {"transports": ("udp", "tls"), "tls_port": free_port()}
    port = free_port(PEER)
    async with (
        open_desk(**tls, **certificate) as desk,
        tls_company(certificate, port) as asked,
    ):
        section = trunk(port, transport="tls", register=True, username="hotline")
        async with lines_out(desk, section) as lines:
            await lines.until("telecom", up=True)
            requests = [await asked.get(), await asked.get()]
    assert {request.method for request in requests} == {"OPTIONS", "REGISTER"}
    for request in requests:
        assert request.get("via").startswith("SIP/2.0/TLS ")
