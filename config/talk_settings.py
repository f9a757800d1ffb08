"""Talks in the settings: third parties, keys of the agent's phone, dispositions."""

from itertools import permutations
from typing import Literal, Protocol

from pydantic import Field

from config.section import Section

_ID = r"^[A-Za-z0-9_.-]{1,40}$"
_TARGET = r"^(\+?[0-9*#]{2,20}|sips?:[^@\s<>]+@[^@\s<>]+)$"
_KEY = r"^(|[*#][0-9*#]{1,3})$"


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


class ThirdPartySection(Section):
    """Somebody whom an agent can call into a talk: a number over a trunk, or a SIP URI.

    `key` is pressed on the agent's phone during the talk.
    """

    id: str = Field(pattern=_ID)
    title: str = ""
    target: str = Field(pattern=_TARGET)
    key: str = Field("", pattern=_KEY)
    ring_seconds: float = Field(30, gt=0, le=300)


class TalkSection(Section):
    """Keys of the agent's phone during a talk ("" turns one off), supervisors, codes.

    A disposition may be set until `disposition_hours` after the talk.
    """

    take_back_key: str = Field("**", pattern=_KEY)
    join_key: str = Field("*0", pattern=_KEY)
    hand_over_key: str = Field("*#", pattern=_KEY)
    hold_key: str = Field("*7", pattern=_KEY)
    pause_recording_key: str = Field("*8", pattern=_KEY)
    resume_recording_key: str = Field("*9", pattern=_KEY)
    supervision_sign: Literal["tone", "none"] = "tone"
    disposition_hours: float = Field(24, gt=0, le=31 * 24)

    @property
    def keys(self) -> dict[str, str]:
        """The key sequences by the name of their setting."""
        return {
            name: value
            for name in type(self).model_fields
            if name.endswith("_key") and (value := getattr(self, name))
        }


class SupervisorSection(Section):
    """Who may listen to talks, and speak in them: by a SIP URI, or a number over a trunk.

    Nobody else can be named: a talk goes to no other phone.
    """

    id: str = Field(pattern=_ID)
    title: str = ""
    contact: str = Field(pattern=_TARGET)


MOST_DISPOSITIONS = 400
"""In the file, on the page and over the API."""


class DispositionSection(Section):
    """What a call was about, in the words of the city's catalogue."""

    code: str = Field(pattern=_ID)
    title: str = Field("", max_length=80)


THIRD_PARTIES = (
    ThirdPartySection(id="110", title="公安", target="110", key="*1"),
    ThirdPartySection(id="119", title="消防", target="119", key="*2"),
    ThirdPartySection(id="120", title="急救", target="120", key="*3"),
    ThirdPartySection(id="122", title="交通事故", target="122", key="*4"),
)
DISPOSITIONS = (
    DispositionSection(code="consultation", title="咨询"),
    DispositionSection(code="help", title="求助"),
    DispositionSection(code="complaint", title="投诉"),
    DispositionSection(code="report", title="举报"),
    DispositionSection(code="suggestion", title="建议"),
    DispositionSection(code="praise", title="表扬"),
    DispositionSection(code="other", title="其他"),
)
"""The kinds of requests that a 12345 hotline has; a city names its own codes."""


def check_keys(talk: TalkSection, third_parties: tuple[ThirdPartySection, ...]) -> None:
    """`ValueError` when two key sequences are alike, or one begins with another."""
    keys = [(f"talk.{name}", key) for name, key in talk.keys.items()]
    keys += [(f"third party {it.id}", it.key) for it in third_parties if it.key]
    for (name, key), (other, longer) in permutations(keys, 2):
        if longer.startswith(key):
            raise ValueError(
                f"the key {longer!r} of {other} begins with the key {key!r} of {name}; "
                "no key sequence may begin with another"
            )
