"""A talk without media: it grants what it is asked, and remembers it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from acd import talk_commands as c
from acd.call_control import TalkView, ThirdState
from acd.talk_inbox import Asked, TalkInbox


class StoppedTalk:
    """A talk that answers at once, and remembers what it was asked."""

    def __init__(self) -> None:
        self.inbox: TalkInbox[TalkView] = TalkInbox()
        self.inbox.put = self._answer  # type: ignore[method-assign,assignment]
        self.asked: list[c.TalkCommand] = []
        self.refusal: c.TalkRefusal | None = None
        self.changes: dict[str, Any] = {}

    def _answer(self, asked: Asked[TalkView]) -> None:
        self.asked.append(asked.command)
        if self.refusal:
            asked.refuse(self.refusal)
        else:
            asked.grant(self.view())

    def view(self) -> TalkView:
        """A quiet talk, but for the changes."""
        quiet = TalkView(
            call_id="C",
            agent_id="1001",
            queue="general",
            since=datetime(2026, 3, 1, tzinfo=UTC),
            agent_here=True,
            on_hold=False,
            muted=False,
            recording_paused=False,
            third_state=ThirdState.ABSENT,
            third_party="",
            supervision=None,
        )
        return replace(quiet, **self.changes)
