"""A real Mosquitto on a loopback port, a road to it that can be cut, and a listener."""

import asyncio
import contextlib
import json
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt

from tests.fakes.ports import free_port

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
START_SECONDS = 30.0


class Broker:
    """Mosquitto with a configuration of its own; it can be killed and started again."""

    def __init__(self, directory: Path, *lines: str, port: int = 0) -> None:
        self.port = port or free_port()
        self._config = directory / "mosquitto.conf"
        settings = lines or ("allow_anonymous true",)
        text = "\n".join([f"listener {self.port} 127.0.0.1", *settings, "user root"])
        self._config.write_text(f"{text}\n", encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"mqtt://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        assert MOSQUITTO, "mosquitto is not installed"
        self._process = await asyncio.create_subprocess_exec(
            MOSQUITTO,
            "-c",
            str(self._config),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(START_SECONDS):
            while not await _listens(self.port):
                await asyncio.sleep(0.02)

    async def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it by its process id; a second time does nothing."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()

    async def __aenter__(self) -> "Broker":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


class Road:
    """A TCP relay to the broker that can lose what comes back, and be cut."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self.loses_answers = False
        self._target = target
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"mqtt://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Let connections through; nothing happens when it is open."""
        if self._server is None:
            self._server = await asyncio.start_server(
                self._carry, "127.0.0.1", self.port
            )

    async def cut(self) -> None:
        """End every connection and let nobody through."""
        if self._server:
            self._server.close()
            self._server = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> "Road":
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with contextlib.suppress(OSError):
                await self._connect(reader, writer)
        finally:
            writer.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        far_reader, far_writer = await asyncio.open_connection(
            "127.0.0.1", self._target
        )
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(_pour(reader, far_writer), name="there")
                ways.create_task(self._back(far_reader, writer), name="back")
        finally:
            far_writer.transport.abort()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            if not self.loses_answers:
                writer.write(data)
                await writer.drain()
        writer.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message that a listener got; one without a payload is {} here."""

    topic: str
    payload: dict[str, Any]
    retained: bool


class Listener:
    """Hears everything on the broker, in order."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._news = asyncio.Event()

    async def until(self, count: int, part: str = "", seconds: float = 60) -> None:
        """Wait for so many messages whose topic has this part."""
        async with asyncio.timeout(seconds):
            while len(self.on(part)) < count:
                self._news.clear()
                await self._news.wait()

    def on(self, part: str) -> list[Heard]:
        """The messages whose topic has this part."""
        return [message for message in self.heard if part in message.topic]

    async def listen(self, client: aiomqtt.Client) -> None:
        """Take every message in."""
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            self.heard.append(
                Heard(
                    topic=str(message.topic),
                    payload=json.loads(message.payload or b"{}"),
                    retained=message.retain,
                )
            )
            self._news.set()


@asynccontextmanager
async def listening(port: int, topic: str = "#") -> AsyncIterator[Listener]:
    """A client of the broker that hears all topics inside the block."""
    listener = Listener()
    client = aiomqtt.Client(
        "127.0.0.1", port, protocol=aiomqtt.ProtocolVersion.V5, timeout=20
    )
    async with client:
        await client.subscribe(topic, qos=1)
        task = asyncio.create_task(listener.listen(client), name="listener")
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
