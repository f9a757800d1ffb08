"""Notes every change, and every read of a recording, before its answer leaves."""

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.database import DatabaseError
from console.accounts.account import Identity, Way
from console.asked import SAFE, identity_of, operation_of, told_of
from console.audit.trail import AuditTrail
from console.caller import peer_of
from console.errors import refusal
from console.middleware import Rewritten
from console.number_masking import masked_json
from console.permissions import (
    PERMISSIONS,
    READS_BY_POST,
    READS_OF_RECORDINGS,
    sees_numbers,
)

logger = logging.getLogger(__name__)
TOLD_BY_THEMSELVES = frozenset({"log_in", "give_code", "log_out", "set_preferences"})
"""The entrance notes how a log-in ended; what a browser prefers is no change."""


class Watched:
    """Masks numbers for whom need not see them, and keeps the audit trail."""

    def __init__(self, app: ASGIApp, *, trail: AuditTrail) -> None:
        self._app, self._trail = app, trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; what it did is noted when its answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(Request(scope), send, self._trail)
        try:
            await self._app(scope, receive, answer)
        except Exception:
            await answer.failed()
            raise


class _Answer:
    """An answer on its way: told to the trail first, then sent."""

    def __init__(self, request: Request, send: Send, trail: AuditTrail) -> None:
        self._request, self._trail = request, trail
        self._send, self._cut_off, self._began = send, False, False

    async def __call__(self, message: Message) -> None:
        if self._cut_off:
            return
        if message["type"] == "http.response.start":
            await self._begin(message)
        if not self._cut_off:
            await self._send(message)

    async def failed(self) -> None:
        """There will be no answer but that something went wrong."""
        if not self._began:
            await self._begin({"type": "http.response.start", "status": 500})

    async def _begin(self, start: Message) -> None:
        self._began = True
        operation, identity = operation_of(self._request), identity_of(self._request)
        if identity is None or operation not in PERMISSIONS:
            return
        if self._is_told(operation) and not await self._note(
            operation, identity, start["status"]
        ):
            await self._refuse()
        elif not sees_numbers(identity, operation):
            self._send = Rewritten(self._send, masked_json)

    def _is_told(self, operation: str) -> bool:
        change = self._request.method not in SAFE and operation not in READS_BY_POST
        told = change or operation in READS_OF_RECORDINGS
        return told and operation not in TOLD_BY_THEMSELVES

    async def _note(self, operation: str, identity: Identity, status: int) -> bool:
        """False when a recording must not be given out, for nobody could tell later."""
        by = self._request.query_params.get("by", "")
        of = dict(self._request.path_params) | told_of(self._request)
        if by and identity.way is Way.MACHINE:
            of["by"] = by
        try:
            await self._trail.note(
                identity,
                peer=peer_of(self._request.scope),
                operation=operation,
                result=str(status),
                of=of,
            )
        except DatabaseError:
            logger.exception("the audit trail could not be written")
            return operation not in READS_OF_RECORDINGS
        return True

    async def _refuse(self) -> None:
        self._cut_off = True
        words = "The audit trail cannot be written, so no recording is given out."
        response = refusal(503, "audit_unavailable", words)
        await response(self._request.scope, self._request.receive, self._send)
