"""A test call in a process of its own: it shares nothing with the service that it tests.

`python -m hotline.test_calls.worker`: see `config.worker_client`.
"""

import logging
from dataclasses import dataclass

from pydantic import TypeAdapter

from config.settings import SipSection
from config.worker_answers import serve
from hotline.test_calls.placing import place
from telephony.test_call import CallTestOrder, CallTestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to place, and how the endpoint of the service is set."""

    sip: SipSection
    order: CallTestOrder


JOBS = TypeAdapter(Job)
RESULTS = TypeAdapter(CallTestResult)


async def _answer(job: str) -> bytes:
    wanted = JOBS.validate_json(job)
    return RESULTS.dump_json(await place(wanted.sip, wanted.order))


if __name__ == "__main__":
    # What the endpoint says here the service has said of its own.
    logging.disable(logging.WARNING)
    serve(_answer)
