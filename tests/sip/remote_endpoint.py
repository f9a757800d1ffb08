"""A second endpoint of ours in a process of its own, for what no test phone speaks.

Reads one JSON object from its command line, dials, sends a tone, listens, hangs up, and
prints what happened as JSON. Used for TLS and SRTP.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from config.settings import SipSection
from telephony.pjsua.endpoint import PjsuaEndpoint

LISTEN_SECONDS = 1.0


async def dial(order: dict[str, Any]) -> dict[str, str]:
    """Call `target` with the `sip` settings, play `voice`, record into `heard`."""
    async with PjsuaEndpoint(SipSection.model_validate(order["sip"])) as endpoint:
        leg = await endpoint.originate(order["target"], from_user="13800138000")
        over: set[asyncio.Future[Any]] = {leg.answered, leg.ended}
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        if leg.ended.done():
            return {"ended": leg.ended.result().cause}
        await leg.start_music(Path(order["voice"]))
        await leg.start_recording(Path(order["heard"]))
        await asyncio.sleep(LISTEN_SECONDS)
        await leg.stop_recording()
        await leg.hang_up()
        return {"ended": leg.ended.result().cause}


if __name__ == "__main__":
    result = asyncio.run(dial(json.loads(sys.argv[1])))
    sys.stdout.write(json.dumps(result))
