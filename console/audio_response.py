"""An audio file by HTTP: whole or by byte range (RFC 9110, 14), refusals as JSON."""

from pathlib import Path

from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from console.errors import HTTP_ERROR_IDS, refusal

MEDIA_TYPES = {".flac": "audio/flac", ".wav": "audio/wav"}
RANGE_FAULTS = {
    400: "The Range header cannot be understood; write it like bytes=0-65535",
    416: "The file has no such bytes; Content-Range tells its length.",
}


class AudioResponse(FileResponse):
    """Sends a FLAC or WAV file; the framework reads it in a thread, bit by bit."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, media_type=MEDIA_TYPES[file.suffix], filename=file.name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        fault: Message | None = None

        async def note_fault(message: Message) -> None:
            nonlocal fault
            if message.get("status") in RANGE_FAULTS:
                fault = message
            if fault is None:
                await send(message)

        await super().__call__(scope, receive, note_fault)
        if fault:
            await self._refuse(fault, scope, receive, send)

    async def _refuse(
        self, fault: Message, scope: Scope, receive: Receive, send: Send
    ) -> None:
        status, headers = fault["status"], Headers(raw=fault["headers"])
        length = headers.get("content-range")
        response = refusal(
            status,
            HTTP_ERROR_IDS[status],
            RANGE_FAULTS[status],
            headers={"content-range": length} if length else {},
        )
        await response(scope, receive, send)
