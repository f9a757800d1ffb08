"""The worker process that joins recordings: one job a line in, one answer a line out.

Started by `recordings.workers` as `python -m recordings.worker`. It ends when its
input ends, so it never outlives the service.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Any, TextIO

from recordings.joining import JoinFailed, JoinJob, Track, join
from recordings.mono import WrongFormat

NICENESS = 5


def serve(jobs: TextIO, answers: TextIO) -> None:
    """Answer each job until there are no more."""
    for line in jobs:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(values: dict[str, Any]) -> dict[str, Any]:
    """Join; the facts, or {"error": text}."""
    try:
        return asdict(join(_job(values)))
    except (JoinFailed, WrongFormat) as error:
        return {"error": str(error)}


def _job(values: dict[str, Any]) -> JoinJob:
    tracks = tuple(Track(**track) for track in values["tracks"])
    return JoinJob(**values | {"tracks": tracks})


if __name__ == "__main__":
    # Below the calls: audio on the wire must never wait for a file.
    os.nice(NICENESS)
    serve(sys.stdin, sys.stdout)
