"""The HTTP server inside our own loop: uvicorn without its signal handlers."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from config.settings import IpAddress

logger = logging.getLogger(__name__)

CONNECTIONS = 1024
"""Half of them at most are readers of live events, who stay."""
SILENT_PEER_SECONDS = 60
"""For so long a peer may take nothing of what is on its way to him (RFC 5482)."""
GRACE_SECONDS = 3
STOP_SECONDS = 5.0


class ServerError(Exception):
    """The server cannot listen; the message names the address and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """A certificate with its chain, and its key without a password, both PEM."""

    certificate: Path
    private_key: Path

    def check(self) -> None:
        """`ServerError` when they cannot be used together."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            # Without a password of ours it would ask the terminal for one.
            context.load_cert_chain(self.certificate, self.private_key, password="")
        except (OSError, ValueError) as error:
            raise ServerError(
                f"The console's TLS files {self.certificate} and {self.private_key} "
                f"cannot be used ({error}). Set tls_certificate and tls_private_key "
                "under [console] to a PEM certificate and its key without a password."
            ) from error


class HttpServer:
    """Serves an app on an address and port while inside the `async with` block.

    `ServerError` when the address cannot be had. The end closes idle connections at
    once, gives running requests `GRACE_SECONDS`, and takes `STOP_SECONDS` at most.
    """

    def __init__(
        self, app: ASGIApp, address: IpAddress, port: int, tls: TlsFiles | None = None
    ) -> None:
        self._address, self._port, self._tls = address, port, tls
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="on",
                ws="none",
                limit_concurrency=CONNECTIONS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ssl_certfile=tls.certificate if tls else None,
                ssl_keyfile=tls.private_key if tls else None,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port listened on; the chosen one when 0 was asked for."""
        return self._port

    @property
    def url(self) -> str:
        """Where a program on this machine finds it."""
        return url_of(self._address, self._port, tls=self._tls is not None)

    async def __aenter__(self) -> Self:
        if self._tls:
            self._tls.check()
        listener = _listen(self._address, self._port)
        self._port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._serve(listener), name="http server")
        up = asyncio.create_task(self._server.up.wait(), name="http server start")
        try:
            await asyncio.wait({up, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self._stop()
            raise
        finally:
            up.cancel()
        if not self._server.up.is_set():
            listener.close()
            raise ServerError("The HTTP server did not start; the log has the reason.")
        logger.info("the console listens on %s", self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def _stop(self) -> None:
        serving, self._serving = self._serving, None
        if serving is None:
            return
        self._server.should_exit = True
        try:
            done, _ = await asyncio.wait({serving}, timeout=STOP_SECONDS)
            if not done:
                logger.warning("the HTTP server did not stop in time and is cut off")
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    async def _serve(self, listener: socket.socket) -> None:
        try:
            await self._server.serve(sockets=[listener])
        except Exception:
            logger.exception("the HTTP server failed")
        finally:
            self._server.abort()
            listener.close()


class _Server(uvicorn.Server):
    """uvicorn that leaves signals alone and tells when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as exit_:
            raise RuntimeError("the app could not be prepared") from exit_
        self.up.set()

    def abort(self) -> None:
        """Leave nothing behind, also when the orderly end was cut short."""
        for listening in getattr(self, "servers", ()):
            listening.close()
        for request in self.server_state.tasks:
            request.cancel()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(address: IpAddress, port: int) -> socket.socket:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        patience = round(SILENT_PEER_SECONDS * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)
        listener.bind((str(address), port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ServerError(
            f"The console cannot listen on {address}, port {port}: {error.strerror}. "
            "End what else uses it (`ss -ltnp` shows that), or set another address or "
            "port under [console] in hotline.toml."
        ) from error
    listener.setblocking(False)
    return listener


def url_of(address: IpAddress, port: int, *, tls: bool = False) -> str:
    """Where a program on this machine reaches a server that listens on `address`."""
    scheme = "https" if tls else "http"
    if address.is_unspecified:
        return f"{scheme}://localhost:{port}"
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"{scheme}://{host}:{port}"
