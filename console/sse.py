"""Server-sent events over HTTP: an answer that goes on until one side has enough."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

STALL_SECONDS = 30.0
LIFE_SECONDS = 900.0
"""Then an answer ends, and the reader comes back: who may no longer read is out."""
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events; the `data` of each is one JSON object.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
"""How the description tells of it."""


class EventStreamResponse(Response):
    """Sends what the texts give; the texts are closed when the reader goes.

    A reader who takes nothing for `STALL_SECONDS` is dropped, and `on_stall` called.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        texts: AsyncGenerator[bytes, None],
        *,
        on_stall: Callable[[], None],
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._texts, self._on_stall = texts, on_stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        sending = asyncio.create_task(self._send_all(send), name="event stream")
        gone = asyncio.create_task(_until_gone(receive), name="event stream's reader")
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            sending.cancel()
            await asyncio.wait({sending, gone})
        if not sending.cancelled():
            sending.result()

    async def _send_all(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        await send(start | {"headers": self.raw_headers})
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
        await send({"type": "http.response.body", "body": b"", "more_body": False})

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
