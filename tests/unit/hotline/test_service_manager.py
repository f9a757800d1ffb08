"""What systemd is told, on a socket of its kind."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.service_manager import ServiceManager


@pytest.fixture
def manager_socket(tmp_path: Path) -> Iterator[socket.socket]:
    """Where a service manager listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.setblocking(False)
        yield door


def heard(door: socket.socket) -> list[str]:
    """What it was told so far."""
    told = []
    while True:
        try:
            told.append(door.recv(1000).decode())
        except BlockingIOError:
            return told


async def test_manager_hears_that_we_are_ready_alive_and_stopping(
    manager_socket: socket.socket,
) -> None:
    manager = ServiceManager(
        address=manager_socket.getsockname(), watchdog_seconds=0.003
    )
    async with manager.told():
        assert heard(manager_socket) == ["READY=1"]
        manager_socket.setblocking(True)
        for _ in range(3):
            assert await asyncio.to_thread(manager_socket.recv, 1000) == b"WATCHDOG=1"
        manager_socket.setblocking(False)
        manager.stopping(90)
        told = heard(manager_socket)
    assert "STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000" in told


async def test_abstract_address_is_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(f"\0hotline-{tmp_path}")
        async with ServiceManager(address=f"@hotline-{tmp_path}").told():
            assert door.recv(100) == b"READY=1"


async def test_manager_that_is_gone_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with ServiceManager(address=str(tmp_path / "gone")).told():
        pass
    assert "does not hear us" in caplog.text


def test_watchdog_of_another_process_wants_nothing_of_us() -> None:
    asked = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000"}
    mine = ServiceManager.of(asked | {"WATCHDOG_PID": str(os.getpid())})
    assert mine == ServiceManager(address="/run/x", watchdog_seconds=30)
    other = ServiceManager.of(asked | {"WATCHDOG_PID": "1"})
    assert other.watchdog_seconds == 0
    assert ServiceManager.of({}) == ServiceManager()
