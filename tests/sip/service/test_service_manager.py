"""The service as systemd keeps it: told when ready, watched, closed in."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.sip.service.hotline_process import START_SECONDS, HotlineProcess
from tests.sip.service.program import WarmStarter

pytestmark = pytest.mark.sip

PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1


def refuse_memory_that_is_written_and_executed() -> None:
    """What MemoryDenyWriteExecute asks of the kernel, where it can."""
    ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0)


async def test_service_manager_hears_of_the_whole_life_of_a_service(
    tmp_path: Path, starter: WarmStarter
) -> None:
    hotline = HotlineProcess(tmp_path, starter, [])
    hotline.write_config()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.setblocking(False)
        environment = os.environ | {
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "300000",
        }
        with hotline.log_file.open("w") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "hotline", "run", "--config", str(hotline.config)),
                env=environment,
                stdout=log,
                stderr=log,
                preexec_fn=refuse_memory_that_is_written_and_executed,
            )
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(START_SECONDS):
            assert await loop.sock_recv(door, 100) == b"READY=1"
            assert await hotline.get("/health/ready") == {"status": "ready"}
            for _ in range(4):
                assert await loop.sock_recv(door, 100) == b"WATCHDOG=1"
            process.send_signal(signal.SIGTERM)
            while (told := await loop.sock_recv(door, 100)) == b"WATCHDOG=1":
                pass
            assert told == b"STOPPING=1\nEXTEND_TIMEOUT_USEC=35000000"
            assert await process.wait() == 0
    hotline.assert_log_is_sound(set())
