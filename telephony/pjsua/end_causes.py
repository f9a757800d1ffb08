"""Why a leg ended, read from the last SIP code and the Reason header.

Sources: RFC 3261 section 21 for the codes, RFC 3326 for Reason, ITU-T Q.850 for the
causes, RFC 3398 section 7.2.4.1 for how gateways map one to the other.
"""

import re
from typing import Final

from telephony.events import EndCause

_Q850: Final = {
    **dict.fromkeys((17,), EndCause.BUSY),
    **dict.fromkeys((18, 19), EndCause.NO_ANSWER),
    **dict.fromkeys((21, 55, 57, 87), EndCause.REJECTED),
    **dict.fromkeys(
        (1, 2, 3, 20, 22, 27, 28, 34, 38, 41, 42, 44), EndCause.UNREACHABLE
    ),
}
_CODES: Final = {
    **dict.fromkeys((486, 600), EndCause.BUSY),
    **dict.fromkeys((408, 480, 487), EndCause.NO_ANSWER),
    **dict.fromkeys((404, 410, 484, 502, 503, 504, 604), EndCause.UNREACHABLE),
    **dict.fromkeys((488, 606), EndCause.MEDIA_FAILED),
}
_TO_Q850: Final = {
    EndCause.WE_HUNG_UP: 16,
    EndCause.PEER_HUNG_UP: 16,
    EndCause.CANCELLED: 16,
    EndCause.BUSY: 17,
    EndCause.NO_ANSWER: 19,
    EndCause.REJECTED: 21,
    EndCause.UNREACHABLE: 20,
    EndCause.DEAD_PEER: 27,
    EndCause.MEDIA_FAILED: 47,
    EndCause.ENDPOINT_STOPPED: 41,
}
_REASON: Final = re.compile(r"Q\.850\s*;(?:[^,]*;)?\s*cause\s*=\s*(\d{1,3})", re.I)


def cause_of_refusal(sip_code: int, reason: str = "", *, rang: bool = True) -> EndCause:
    """Why a placed leg was not answered; `reason` is its Reason header or "".

    A Q.850 cause tells more than the code of the gateway that carries it. Nobody who
    gave no sign of life at all (`rang` false and 408) is unreachable.
    """
    found = _REASON.search(reason)
    if found and (cause := _Q850.get(int(found[1]))):
        return cause
    if sip_code == 408 and not rang:
        return EndCause.UNREACHABLE
    if 300 <= sip_code < 400:
        return EndCause.UNREACHABLE
    return _CODES.get(sip_code, EndCause.REJECTED)


def reason_header(cause: EndCause) -> str:
    """The Reason header that tells our peer why we end the leg."""
    return f'Q.850;cause={_TO_Q850[cause]};text="{cause.replace("_", " ")}"'


def final_code(cause: EndCause) -> int:
    """The final answer to an INVITE that we end without having answered it."""
    if cause is EndCause.ENDPOINT_STOPPED:
        return 503
    return 486 if cause is EndCause.BUSY else 480
