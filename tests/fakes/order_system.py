"""An order system that takes results by HTTP: it may refuse, hang, die and come back."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

from starlette.types import Receive, Scope, Send

from console.server import HttpServer
from tests.fakes.ports import free_port

SECRET = "a-secret-of-the-tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The delivery's id."""
        return self.headers["hotline-delivery"]

    @property
    def result(self) -> dict[str, Any]:
        """What it tells."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def is_ours(self) -> bool:
        """Whether the signature is right, as docs/campaigns.md says it is checked."""
        signed = self.headers["hotline-timestamp"].encode() + b"." + self.body
        right = hmac.new(SECRET.encode(), signed, sha256).hexdigest()
        return hmac.compare_digest(self.headers["hotline-signature"], f"v1={right}")


@dataclass(slots=True)
class OrderSystem:
    """Answers each request with `status`; while `hangs`, with nothing at all."""

    port: int = field(default_factory=free_port)
    status: int = 200
    hangs: bool = False
    location: str = ""
    got: list[Got] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it takes results."""
        return f"http://127.0.0.1:{self.port}/results"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["OrderSystem"]:
        """It listens inside the block; who asks then is refused the connection."""
        async with HttpServer(self, ip_address("127.0.0.1"), self.port):
            yield self

    async def until(self, count: int, seconds: float = 60) -> None:
        """Wait for so many requests."""
        async with asyncio.timeout(seconds):
            while len(self.got) < count:
                self._news.clear()
                await self._news.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        sent = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append(Got(headers=sent, body=body))
        self._news.set()
        if self.hangs:
            await asyncio.Event().wait()
        location = self.location.encode()
        headers = [(b"location", location)] if location else []
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": b"<html>no JSON</html>"})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _body(receive: Receive) -> bytes | None:
    """None when the connection breaks before it is whole."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
