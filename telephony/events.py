"""What happens on a line, as values: the reasons why a leg ends or a call is refused."""

from dataclasses import dataclass
from enum import StrEnum


class EndCause(StrEnum):
    """Why a leg ended; the words are the ones of call records, metrics and MQTT."""

    PEER_HUNG_UP = "peer_hung_up"
    WE_HUNG_UP = "we_hung_up"
    CANCELLED = "cancelled"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    DEAD_PEER = "dead_peer"
    MEDIA_FAILED = "media_failed"
    ENDPOINT_STOPPED = "endpoint_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """The end of a leg: why, and the last SIP status code (0 when there was none)."""

    cause: EndCause
    sip_code: int = 0


class Refusal(StrEnum):
    """Why an INVITE was refused before it became a call, or a REFER during one.

    `NO_FREE_LEG` is also told when RTP ports are short. `UNACCEPTABLE` is what the library makes no call of: SDP or extensions that nobody
    here speaks. Only `NO_FREE_LEG` and `UNACCEPTABLE` can be citizens who tried to call.
    """

    UNTRUSTED_PEER = "untrusted_peer"
    HOST_NAME_IN_SDP = "host_name_in_sdp"
    REPLACES = "replaces"
    TRANSFER = "transfer"
    NO_FREE_LEG = "no_free_leg"
    UNACCEPTABLE = "unacceptable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an INVITE says of its caller: header values as sent, not yet normalised.

    `asserted_uri` is the first P-Asserted-Identity or "". `withheld` is true when the
    caller asked for privacy (RFC 3323 `Privacy: id|user|header`, or a From of
    `anonymous`). `peer` is the address that sent the packet, without its port.
    `test_mark` is what it says to be a test call, true or not (`telephony.test_marks`).
    """

    sip_call_id: str
    from_uri: str
    from_name: str
    asserted_uri: str
    withheld: bool
    request_uri: str
    peer: str
    test_mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefused:
    """An INVITE that the endpoint itself refused, with the code it answered."""

    invitation: Invitation
    refusal: Refusal
    sip_code: int
