"""Starts `hotline` quickly: forked from a process that has imported it already.

A cold `python -m hotline` spends up to three seconds of processor time on its imports,
many times in a test run. What is forked here is the same program from its command line
on, with a process id, files and an end of its own.

The console's routes, which are the same for all, are worked out before.

Run as `python -m tests.sip.service.warm_starter SOCKET`. A connection orders one
program by a line of JSON (`words`, `log`, `told`), hears its process id, and at its end its
exit status (negative for a signal). Who closes the connection before that kills it.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from typing import Any

import hotline.cli
from console.app import description


def serve(path: str) -> None:
    """Take orders until standard input ends: then whoever started us is gone."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        gc.freeze()  # the forked processes leave the imported memory shared
        while 0 not in select.select([door.fileno(), 0], [], [])[0]:
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                keep(connection)
            connection.close()


def keep(connection: socket.socket) -> None:
    """Start the ordered program, stay beside it, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection:
        order = json.loads(connection.makefile("rb").readline())
        if (pid := os.fork()) == 0:
            connection.close()
            become(order)
        connection.sendall(b"%d\n" % pid)
        status = end_of(pid, connection)
        if status is not None:
            connection.sendall(b"%d\n" % status)
    os._exit(0)


def end_of(pid: int, connection: socket.socket) -> int | None:
    """Wait for the program's end; None when nobody waits for it any more."""
    ended = os.pidfd_open(pid)
    watched, _, _ = select.select([ended, connection.fileno()], [], [])
    if ended in watched:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.kill(pid, signal.SIGKILL)
    return None


def become(order: dict[str, Any]) -> None:
    """Be the program: its words, its output, and nothing else of ours."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.close(log)
    told = os.open(order["told"], os.O_RDONLY)
    os.dup2(told, 0)
    os.close(told)
    os.environ.pop("OPENBLAS_NUM_THREADS", None)
    sys.argv = ["hotline", *order["words"]]
    hotline.cli.main()
    sys.exit()


if __name__ == "__main__":
    description()
    assert threading.active_count() == 1, "a process with threads must not be forked"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    serve(sys.argv[1])
