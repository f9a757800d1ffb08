"""An alarm line in the log that does not drown the others."""

import asyncio
import logging

logger = logging.getLogger(__name__)

ALARM_SECONDS = 60.0


class Alarm:
    """Says that something is wrong, at most once a minute, and when it is well again."""

    def __init__(self) -> None:
        self._next = 0.0
        self._sounding = False

    def sound(self, sentence: str, *arguments: object) -> None:
        """Log an error, unless one was logged less than a minute ago."""
        now = asyncio.get_running_loop().time()
        self._sounding = True
        if now >= self._next:
            self._next = now + ALARM_SECONDS
            logger.error(sentence, *arguments)

    def clear(self, sentence: str) -> None:
        """Log that all is well, once, when an alarm went before."""
        if self._sounding:
            self._sounding = False
            self._next = 0.0
            logger.info(sentence)
