"""Hold, mute, and pauses of the recording."""

from acd.scene import Scene
from acd.talk_commands import (
    Hold,
    Mute,
    PauseRecording,
    ResumeRecording,
    Unhold,
    Unmute,
)
from acd.talk_events import (
    AgentMuted,
    AgentUnmuted,
    CallHeld,
    CallUnheld,
    RecordingPaused,
    RecordingResumed,
)

HoldingCommand = Hold | Unhold | Mute | Unmute | PauseRecording | ResumeRecording


class Holding:
    """What is held back in a talk; asking for what is so already does nothing."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._held_at: float | None = None
        self._paused_at: float | None = None
        self.muted = False

    @property
    def on_hold(self) -> bool:
        """Whether the citizen is on hold by us."""
        return self._held_at is not None

    @property
    def recording_paused(self) -> bool:
        """Whether the recording holds silence."""
        return self._paused_at is not None

    async def carry_out(self, command: HoldingCommand) -> None:
        """Do what is asked."""
        match command:
            case Hold():
                await self.hold()
            case Unhold():
                await self.unhold()
            case Mute():
                await self.mute()
            case Unmute():
                await self.unmute()
            case PauseRecording():
                await self.pause_recording()
            case ResumeRecording():
                await self.resume_recording()

    async def hold(self) -> None:
        """Let the citizen hear music, and nobody hear him."""
        if self._held_at is None:
            await self._scene.bridge.hold(self._scene.call.leg)
            self._held_at = self._scene.now()
            self._scene.tell(CallHeld)

    async def unhold(self) -> None:
        """Take the citizen back."""
        if self._held_at is not None:
            await self._scene.bridge.unhold(self._scene.call.leg)
            self._tell_unheld()

    async def mute(self) -> None:
        """Let nobody hear the agent."""
        if not self.muted:
            await self._scene.bridge.mute(self._scene.agent)
            self.muted = True
            self._scene.tell(AgentMuted)

    async def unmute(self) -> None:
        """Let the agent be heard again."""
        if self.muted:
            await self._scene.bridge.unmute(self._scene.agent)
            self.muted = False
            self._scene.tell(AgentUnmuted)

    async def pause_recording(self) -> None:
        """Let the recording hold silence; nothing happens when there is none."""
        recording = self._scene.call.recording
        if self._paused_at is None and recording:
            await recording.pause()
            self._paused_at = self._scene.now()
            self._scene.tell(RecordingPaused)

    async def resume_recording(self) -> None:
        """Record voices again."""
        recording = self._scene.call.recording
        if self._paused_at is not None and recording:
            await recording.resume()
            self._tell_resumed()

    async def end(self) -> None:
        """The agent is gone: what he held back ends with him, and is told."""
        if self._held_at is not None:
            self._tell_unheld()
        await self.resume_recording()

    def _tell_unheld(self) -> None:
        held_at, self._held_at = self._held_at, None
        assert held_at is not None
        self._scene.tell(CallUnheld, hold_seconds=self._scene.now() - held_at)

    def _tell_resumed(self) -> None:
        paused_at, self._paused_at = self._paused_at, None
        assert paused_at is not None
        self._scene.tell(RecordingResumed, pause_seconds=self._scene.now() - paused_at)
