"""A small HTTP/1.1 client: it must cost less than the server that it measures."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.places import CONSOLE_PORT

HOST: Final = "127.0.0.1"


class Refused(Exception):
    """The answer was not a good one."""


class HttpClient:
    """One connection that stays open; one request at a time."""

    def __init__(self, token: str) -> None:
        self._headers = f"Host: {HOST}\r\nAuthorization: Bearer {token}\r\n"

    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(HOST, CONSOLE_PORT)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    async def get(self, path: str) -> bytes:
        """The body of what is there; `Refused`."""
        return await self._answer(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n")

    async def post(self, path: str, body: dict[str, Any]) -> bytes:
        """Send a command; `Refused`."""
        text = json.dumps(body)
        head = f"POST {path} HTTP/1.1\r\n{self._headers}Content-Type: application/json"
        return await self._answer(
            f"{head}\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        )

    async def events(self, path: str) -> AsyncIterator[tuple[str, bytes]]:
        """Server-sent events without end: each one's name and data."""
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())
        name = ""
        async for line in self._reader:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                yield name, line[6:]

    async def _answer(self, request: str) -> bytes:
        self._writer.write(request.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 2"):
            raise Refused(head.split(b"\r\n")[0].decode())
        return body
