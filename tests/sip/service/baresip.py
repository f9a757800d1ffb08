"""baresip, a softphone that we did not write, as an agent's telephone."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Self

import numpy as np
import soundfile

from tests.fakes.ports import free_port
from tests.sip.service.acts import AUDIBLE
from tests.sip.tones import RATE, Samples, steady_level
from tests.sip.waits import until

ADDRESS = "127.0.0.3"
MODULES = "/usr/lib/baresip/modules"
TONE_SECONDS = 60
CONFIG = """
sip_listen {address}:{port}
rtp_ports {first}-{last}
audio_source aufile,{folder}/tone.wav
audio_player aubridge,nowhere
module_path {modules}
module g711.so
module opus.so
module aufile.so
module aubridge.so
module srtp.so
module sndfile.so
snd_path {folder}
module_tmp uuid.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
statmode_default off
ctrl_tcp_listen {address}:{control}
"""


class Baresip:
    """A phone that picks up by itself, plays a tone, and keeps what it hears."""

    def __init__(self, folder: Path, port: int, control: int) -> None:
        self.uri = f"sip:1001@{ADDRESS}:{port}"
        self._folder, self._control = folder, control

    _process: asyncio.subprocess.Process
    _writer: asyncio.StreamWriter

    @classmethod
    async def start(
        cls, folder: Path, *, codec: str, hz: float, account: str = ""
    ) -> Self:
        """Start it with one codec, named with its rate and number of channels.

        `account` adds parameters to its account.
        """
        folder.mkdir()
        port, _its_tls_port, control = free_port(), free_port(), free_port()
        config = CONFIG.format(
            address=ADDRESS, port=port, first=free_port(), last=27999,
            modules=MODULES, folder=folder, control=control,
        )  # fmt: skip
        (folder / "config").write_text(config)
        _write_tone(folder / "tone.wav", hz, *codec.split("/")[1:])
        line = f"<sip:1001@{ADDRESS}>;regint=0;answermode=auto;audio_codecs={codec}"
        (folder / "accounts").write_text(f"{line}{account}\n")
        phone = cls(folder, port, control)
        await phone._start()
        return phone

    async def _start(self) -> None:
        with (self._folder / "said").open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                "baresip", "-f", str(self._folder), stdin=asyncio.subprocess.DEVNULL,
                stdout=said, stderr=said, cwd=self._folder,
            )  # fmt: skip
        async with asyncio.timeout(60):
            while not await self._connected():
                assert self._process.returncode is None, self.said
                await asyncio.sleep(0.1)

    async def _connected(self) -> bool:
        with contextlib.suppress(ConnectionRefusedError):
            _, self._writer = await asyncio.open_connection(ADDRESS, self._control)
            return True
        return False

    @property
    def said(self) -> str:
        """What it printed."""
        return (self._folder / "said").read_text(errors="replace")

    def dial(self, uri: str) -> None:
        """Call somebody."""
        self._order(command="dial", params=uri)

    def hang_up(self) -> None:
        """End its call."""
        self._order(command="hangup")

    def _order(self, **words: str) -> None:
        order = json.dumps(words)
        self._writer.write(f"{len(order)}:{order},".encode())

    async def heard(self) -> Samples:
        """All that it heard in its only call, at 8 kHz."""
        await until(lambda: list(self._folder.glob("dump-*-dec.wav")))
        (file,) = self._folder.glob("dump-*-dec.wav")
        samples, rate = soundfile.read(file, dtype="int16")
        mono = samples if samples.ndim == 1 else samples[:, 0]
        return np.asarray(mono[:: rate // RATE], np.int16)

    async def hears(self, hz: float) -> None:
        """Wait until it has written down a tone; it does so some time after it is heard."""
        async with asyncio.timeout(60):
            while steady_level(await self.heard(), hz) <= AUDIBLE / 2:
                await asyncio.sleep(0.2)

    async def stop(self) -> None:
        """End it."""
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(60):
            await self._process.wait()
        self._writer.close()


def _write_tone(file: Path, hz: float, rate: str, channels: str) -> None:
    """The file that it plays must have the form of its codec."""
    moments = np.arange(TONE_SECONDS * int(rate)) / int(rate)
    mono = 0.3 * np.sin(2 * np.pi * hz * moments)
    soundfile.write(file, np.stack([mono] * int(channels), axis=1), int(rate))
