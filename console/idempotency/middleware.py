"""A command with an `Idempotency-Key` is carried out once, however often it comes.

The key is noted before the command is carried out and its answer after. So a key
without an answer means that nobody knows whether the command was carried out; then
it is not tried again, and the caller is told to look.
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.database import DatabaseError
from console.body_limit import most_bytes, too_large
from console.caller import caller_of
from console.errors import refusal
from console.idempotency.keys import Answer, Command, fingerprint_of
from console.idempotency.store import KeyStore

logger = logging.getLogger(__name__)

COMMANDS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HEADER = "Idempotency-Key"
NOT_CARRIED_OUT = frozenset({429, 503})
"""Answers to what may be sent again as it is: they are not kept."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Idempotency:
    """Answers a command that comes again as it was answered before."""

    def __init__(
        self, app: ASGIApp, store: KeyStore, now: Callable[[], datetime]
    ) -> None:
        self._app, self._store, self._now = app, store, now
        self._running: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or answer as before, or refuse it with 409 or 422."""
        key = _key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        response = await self._response(scope, receive, key)
        await response(scope, receive, send)

    async def _response(self, scope: Scope, receive: Receive, key: str) -> ASGIApp:
        if not _KEY.fullmatch(key):
            words = f"{HEADER} is 1 to 255 visible ASCII characters, such as a UUID."
            return refusal(422, "invalid_request", words, field=HEADER)
        body = await _whole(receive, most_bytes(scope["path"]))
        if body is None:
            return refusal(413, "body_too_large", too_large(scope["path"]))
        command = _command(scope, key, body)
        if (command.caller, key) in self._running:
            return _in_progress()
        self._running.add((command.caller, key))
        try:
            return await self._once(command, scope, body)
        except DatabaseError as error:
            return refusal(503, "database_unavailable", str(error))
        finally:
            self._running.discard((command.caller, key))

    async def _once(self, command: Command, scope: Scope, body: bytes) -> ASGIApp:
        before = await self._store.begin(command, self._now())
        if before is None:
            return await self._carry_out(command, scope, body)
        if before.fingerprint != command.fingerprint:
            return _other_command()
        return _again(before.answer) if before.answer else _outcome_unknown()

    async def _carry_out(self, command: Command, scope: Scope, body: bytes) -> ASGIApp:
        capture = _Capture()
        await self._app(scope, _Replay(body), capture)
        try:
            if capture.status in NOT_CARRIED_OUT:
                await self._store.forget(command)
            else:
                await self._store.keep(command, capture.answer)
        except DatabaseError:
            # The command is carried out; its caller must hear so.
            logger.exception("the answer to a command could not be kept")
        return capture.send_again


class _Replay:
    """Gives the app a body that was read already; after it nothing comes."""

    def __init__(self, body: bytes) -> None:
        self._messages: list[Message] = [
            {"type": "http.request", "body": body, "more_body": False}
        ]

    async def __call__(self) -> Message:
        return self._messages.pop() if self._messages else {"type": "http.disconnect"}


class _Capture:
    """Takes the app's answer, which is short, as a whole."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)

    @property
    def status(self) -> int:
        """The answer's status."""
        return int(self._messages[0]["status"])

    @property
    def answer(self) -> Answer:
        """What is kept of it."""
        headers = Headers(raw=self._messages[0]["headers"])
        return Answer(
            status=self.status,
            media_type=headers.get("content-type", ""),
            body=b"".join(each.get("body", b"") for each in self._messages[1:]),
        )

    async def send_again(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the answer on as it is."""
        for message in self._messages:
            await send(message)


def _key_of(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] not in COMMANDS:
        return None
    return Headers(scope=scope).get(HEADER)


async def _whole(receive: Receive, most: int) -> bytes | None:
    """The body; None when it is too large."""
    body, more = b"", True
    while more and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body if len(body) <= most else None


def _command(scope: Scope, key: str, body: bytes) -> Command:
    target = scope["path"].encode() + b"?" + scope["query_string"]
    return Command(
        caller=caller_of(scope),
        key=key,
        fingerprint=fingerprint_of(scope["method"], target, body),
    )


def _again(answer: Answer) -> ASGIApp:
    response = Response(answer.body, answer.status)
    headers = MutableHeaders(raw=response.raw_headers)
    headers["idempotent-replayed"] = "true"
    if answer.media_type:
        headers["content-type"] = answer.media_type
    return response


def _in_progress() -> ASGIApp:
    words = "The command with this key is being carried out; ask again in a second."
    return refusal(409, "command_in_progress", words, headers={"retry-after": "1"})


def _other_command() -> ASGIApp:
    words = f"Another command came with this {HEADER}; each needs a key of its own."
    return refusal(422, "key_of_another_command", words, field=HEADER)


def _outcome_unknown() -> ASGIApp:
    words = (
        "The service ended or failed while it carried out this command. Look whether "
        "it was done; if it was not, send it with a new key."
    )
    return refusal(409, "outcome_unknown", words)
