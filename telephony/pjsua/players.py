"""Players of WAV files: a list of prompts once, or music in a loop."""

import logging
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from telephony.audio_files import length_seconds
from telephony.calls import TelephonyError
from telephony.pjsua.hearing import Prompt

logger = logging.getLogger(__name__)


class PromptPlayer(pj.AudioMediaPlayer):  # type: ignore[misc]  # pjsua2 has no types
    """Plays files once, without a gap, and tells when it came to the end."""

    def __init__(self, prompt: Prompt, on_end: Callable[[], None]) -> None:
        super().__init__()
        self._on_end = on_end
        _open(self, prompt.files, pj.PJMEDIA_FILE_NO_LOOP)

    def onEof2(self) -> None:
        """Called by a thread of the library, which must not be kept."""
        try:
            self._on_end()
        except Exception:
            logger.exception("the end of a prompt was not told")


class MusicPlayer(pj.AudioMediaPlayer):  # type: ignore[misc]  # pjsua2 has no types
    """Plays one file in a loop, to any number of legs."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        _open(self, (file,), 0)


def _open(player: pj.AudioMediaPlayer, files: tuple[Path, ...], options: int) -> None:
    for file in files:
        length_seconds(file)
    names = [str(file) for file in files]
    try:
        if len(names) == 1:
            player.createPlayer(names[0], options)
        else:
            player.createPlaylist(pj.StringVector(names), "prompt", options)
    except pj.Error as error:
        raise TelephonyError(
            f"cannot play {', '.join(names)}: {error.reason}"
        ) from None
