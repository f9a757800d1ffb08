"""The worker process that joins recordings: one job a line in, one answer a line out.

Started by `recordings.workers` as `python -m recordings.worker`. It ends at once, in
the middle of a job too, when its input ends: it never outlives the service.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from queue import SimpleQueue
from threading import Thread
from typing import Any, NoReturn, TextIO

from recordings.joining import JoinFailed, JoinJob, Track, join
from recordings.mono import WrongFormat

NICENESS = 5


def serve(jobs: TextIO, answers: TextIO) -> NoReturn:
    """Answer each job until the input ends."""
    waiting: SimpleQueue[str] = SimpleQueue()
    Thread(target=_receive, args=(jobs, waiting), daemon=True).start()
    while True:
        line = waiting.get()
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(values: dict[str, Any]) -> dict[str, Any]:
    """Join; the facts, or {"error": text}."""
    try:
        return asdict(join(_job(values)))
    except (JoinFailed, WrongFormat) as error:
        return {"error": str(error)}


def _receive(jobs: TextIO, waiting: SimpleQueue[str]) -> NoReturn:
    for line in jobs:
        waiting.put(line)
    # The service is gone: whoever comes next finds the sources and does it again.
    os._exit(0)


def _job(values: dict[str, Any]) -> JoinJob:
    tracks = tuple(Track(**track) for track in values["tracks"])
    pauses = tuple((first, last) for first, last in values["pauses"])
    return JoinJob(**values | {"tracks": tracks, "pauses": pauses})


if __name__ == "__main__":
    # Below the calls: audio on the wire must never wait for a file.
    os.nice(NICENESS)
    # A service manager may tell all processes to stop: the service decides for us.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve(sys.stdin, sys.stdout)
