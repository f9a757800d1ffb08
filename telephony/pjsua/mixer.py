"""Links between ports, made from what each leg should hear (`hearing`).

A port number is only a place in the mixer: after a hang-up or a re-INVITE it belongs to
somebody else, and a link made with an old one would play a caller's voice to a
stranger. So no port is kept here: every link asks its two ends for their ports anew.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from telephony.audio_files import length_seconds
from telephony.calls import TelephonyError
from telephony.pjsua.graveyard import Graveyard
from telephony.pjsua.hearing import Ear, Prompt, Room, Source, sources
from telephony.pjsua.players import MusicPlayer, PromptPlayer

logger = logging.getLogger(__name__)

Port = Callable[[], pj.AudioMedia | None]
"""Asks the library for a leg's present port; None when it has none."""


class Mixer:
    """Everything that sounds; on the owner's thread."""

    def __init__(self, graveyard: Graveyard) -> None:
        self._graveyard = graveyard
        self._ports: dict[Ear, Port] = {}
        self._players: dict[Prompt | Path, pj.AudioMediaPlayer] = {}
        self._heard: dict[Ear, set[Source]] = {}
        self._hearers: dict[Source, set[Ear]] = {}

    @property
    def players_in_use(self) -> int:
        """How many players exist."""
        return len(self._players)

    def admit(self, ear: Ear, port: Port) -> None:
        """Let a leg take part."""
        self._ports[ear] = port
        self._heard[ear] = set()

    def dismiss(self, ear: Ear) -> None:
        """A leg is over: nothing is played to it, and nobody hears it."""
        room = ear.room
        ear.reachable = False
        ear.music = None
        ear.leave()
        self.stop_prompt(ear)
        self.refresh(ear)
        self._refresh_room(room)
        self._ports.pop(ear, None)
        self._heard.pop(ear, None)

    def play(self, ear: Ear, prompt: Prompt, on_end: Callable[[], None]) -> None:
        """Play a prompt instead of the one that runs; `TelephonyError` names a file."""
        player = PromptPlayer(prompt, on_end)
        self.stop_prompt(ear)
        self._players[prompt] = player
        ear.prompt = prompt
        self.refresh(ear)

    def stop_prompt(self, ear: Ear) -> Prompt | None:
        """Silence the prompt within a frame; the one that ran, if any."""
        prompt, ear.prompt = ear.prompt, None
        if prompt:
            self.refresh(ear)
            self._graveyard.bury_player(self._players.pop(prompt))
        return prompt

    def start_music(self, ear: Ear, file: Path) -> None:
        """Let a leg hear music when nothing else sounds."""
        length_seconds(file)
        ear.music = file
        self.refresh(ear)

    def stop_music(self, ear: Ear) -> None:
        """Silence the music."""
        ear.music = None
        self.refresh(ear)

    def join(self, ear: Ear, room: Room, audience: frozenset[Ear] | None) -> None:
        """Let a leg take part in a bridge; None lets everybody there hear it."""
        before = ear.room
        self.stop_prompt(ear)
        ear.enter(room, audience)
        self._refresh_room(before)
        self._refresh_room(room)

    def part(self, ear: Ear, room: Room) -> None:
        """Let a leg leave this bridge; it hears nothing then."""
        if ear.room is room:
            ear.leave()
            self.refresh(ear)
            self._refresh_room(room)

    def arrange(self, ear: Ear, room: Room, change: Callable[[], None]) -> None:
        """Change how a leg of this bridge hears and is heard."""
        if ear.room is room:
            change()
            self._refresh_room(room)

    def relink(self, ear: Ear) -> None:
        """A leg's port may have changed: make all of its links anew."""
        for source in list(self._heard.get(ear, ())):
            self._disconnect(source, ear)
        for other in list(self._hearers.get(ear, ())):
            self._disconnect(ear, other)
        self.refresh(ear)
        self._refresh_room(ear.room)

    def refresh(self, ear: Ear) -> None:
        """Make and cut links until a leg hears what it should."""
        heard = self._heard.get(ear)
        if heard is None:
            return
        wanted = sources(ear)
        for source in heard - wanted:
            self._disconnect(source, ear)
        for source in wanted - heard:
            self._connect(source, ear)

    def _refresh_room(self, room: Room | None) -> None:
        for ear in room.ears if room else ():
            self.refresh(ear)

    def _connect(self, source: Source, ear: Ear) -> None:
        try:
            voice, listener = self._port(source), self._port(ear)
            if not voice or not listener:
                return  # the next media state of that leg tries again
            voice.startTransmit(listener)
        except (pj.Error, TelephonyError) as error:
            logger.warning("a link could not be made: %s", _reason(error))
        else:
            self._heard[ear].add(source)
            self._hearers.setdefault(source, set()).add(ear)

    def _disconnect(self, source: Source, ear: Ear) -> None:
        self._forget(source, ear)
        voice, listener = self._port(source), self._port(ear)
        if voice and listener:
            try:
                voice.stopTransmit(listener)
            except pj.Error as error:
                # Its end has just gone, and the library cut the link with it.
                logger.debug("a link was already cut: %s", _reason(error))
        if isinstance(source, Path) and source not in self._hearers:
            self._graveyard.bury_player(self._players.pop(source))

    def _forget(self, source: Source, ear: Ear) -> None:
        self._heard[ear].discard(source)
        hearers = self._hearers.get(source, set())
        hearers.discard(ear)
        if not hearers:
            self._hearers.pop(source, None)

    def _port(self, source: Source) -> pj.AudioMedia | None:
        if isinstance(source, Ear):
            return self._ports[source]() if source in self._ports else None
        if isinstance(source, Path) and source not in self._players:
            self._players[source] = MusicPlayer(source)
        return self._players.get(source)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", "") or error)
