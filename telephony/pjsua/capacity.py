"""What the loaded PJSIP can carry, asked without opening any port."""

import pjsua2 as pj

from telephony.pjsua.library import (
    TUNED_LEGS,
    WITHOUT_RECEIVING,
    legs_allowed,
    silence_log,
)


def capacity_in_words() -> str:
    """The legs that the loaded build allows, and what to do when they are few.

    For a process that opens no endpoint of its own: the library is loaded once.
    """
    silence_log()
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    endpoint.libInit(config)
    legs = legs_allowed()
    endpoint.libDestroy(WITHOUT_RECEIVING)
    if legs >= TUNED_LEGS:
        return f"tuned build, {legs} legs"
    return f"PyPI wheel, {legs} legs, for trying on this machine only; for more: make pjsip"
