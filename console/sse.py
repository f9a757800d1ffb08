"""Server-sent events over HTTP: an answer that goes on until one side has enough."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

STALL_SECONDS = 30.0
LIFE_SECONDS = 900.0
"""Then an answer ends, and the reader comes back."""
END_SECONDS = 1.0
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events; the `data` of each is one JSON object.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
"""How the description tells of it."""


class EventStreamResponse(Response):
    """Sends what the texts give; the texts are closed when the reader goes.

    It ends at once when `until` returns, for then he may no longer read. A reader who takes nothing for `STALL_SECONDS` is dropped, and `on_stall` called.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        texts: AsyncGenerator[bytes, None],
        *,
        until: Callable[[], Coroutine[Any, Any, None]],
        on_stall: Callable[[], None],
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._texts, self._until, self._on_stall = texts, until, on_stall
        self._began = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        sending = asyncio.create_task(self._send_all(send), name="event stream")
        gone = asyncio.create_task(_until_gone(receive), name="event stream's reader")
        out = asyncio.create_task(self._until(), name="event stream's right")
        tasks = {sending, gone, out}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        for task in (sending, out):
            if not task.cancelled():
                task.result()
        if sending.cancelled() and not out.cancelled() and self._began:
            await self._end(send)

    async def _send_all(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        await send(start | {"headers": self.raw_headers})
        self._began = True
        ends_at = asyncio.get_running_loop().time() + LIFE_SECONDS
        try:
            async for text in self._texts:
                await self._send(send, text)
                if asyncio.get_running_loop().time() >= ends_at:
                    break
        except TimeoutError:
            self._on_stall()
            return
        finally:
            await self._texts.aclose()
        await self._end(send)

    async def _end(self, send: Send) -> None:
        """A reader who takes nothing is cut off by the server."""
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await send(
                    {"type": "http.response.body", "body": b"", "more_body": False}
                )

    async def _send(self, send: Send, text: bytes) -> None:
        if not text:
            await asyncio.sleep(0)  # a part without an event that the reader wants
            return
        body = {"type": "http.response.body", "body": text, "more_body": True}
        async with asyncio.timeout(STALL_SECONDS):
            await send(body)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
