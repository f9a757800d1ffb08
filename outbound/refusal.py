"""The key by which a citizen ends follow-up calls for good, before an agent speaks with him."""

import asyncio
from collections.abc import Callable

from ivr_flows.opt_out import OPT_OUT_KEY
from telephony.calls import Leg


class Refusal:
    """`pressed` is done when he presses it, at any moment from `watch` to `over`."""

    def __init__(self) -> None:
        self.pressed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watch_no_more: Callable[[], None] | None = None

    def watch(self, leg: Leg) -> None:
        """He is on the line."""
        self._watch_no_more = leg.on_digit(self._take)

    def over(self) -> None:
        """From now on it is a key like others."""
        if self._watch_no_more:
            self._watch_no_more()
            self._watch_no_more = None

    def _take(self, key: str) -> None:
        if key == OPT_OUT_KEY and not self.pressed.done():
            self.pressed.set_result(None)
