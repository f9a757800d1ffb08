"""A recording whose keeper writes down what it is asked."""

from pathlib import Path

from config.clock import LoopClock
from recordings.live import LiveFolder
from recordings.recorder import CallRecording


class Notebook:
    """A keeper that remembers what it was asked."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.taken: list[CallRecording] = []
        self.writes = 0

    def failed(self, call_id: str, reason: str) -> None:
        self.failures.append(reason)

    def write_soon(self, recording: CallRecording) -> None:
        self.writes += 1

    def take_over(self, recording: CallRecording) -> None:
        self.taken.append(recording)
        recording.release()

    def recording(self, root: Path, call_id: str) -> CallRecording:
        """The recording of a call, on, without a leg yet."""
        folder = LiveFolder.of_call(root, call_id)
        folder.create()
        return CallRecording(folder, clock=LoopClock(), keeper=self)
