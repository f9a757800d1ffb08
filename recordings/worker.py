"""The worker process that joins recordings: one job a line in, one answer a line out.

Started by `recordings.workers` as `python -m recordings.worker`.
"""

import json
import sys
from dataclasses import asdict
from typing import Any, TextIO

from config.worker_process import jobs_of_the_service
from recordings.joining import JoinFailed, JoinJob, Track, join
from recordings.mono import WrongFormat


def serve(jobs: TextIO, answers: TextIO) -> None:
    """Answer each job until the input ends, and the process with it."""
    for line in jobs_of_the_service(jobs):
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(values: dict[str, Any]) -> dict[str, Any]:
    """Join; the facts, or {"error": text}."""
    try:
        return asdict(join(_job(values)))
    except (JoinFailed, WrongFormat) as error:
        return {"error": str(error)}


def _job(values: dict[str, Any]) -> JoinJob:
    tracks = tuple(Track(**track) for track in values["tracks"])
    pauses = tuple((first, last) for first, last in values["pauses"])
    return JoinJob(**values | {"tracks": tracks, "pauses": pauses})


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
