"""The kernel server: a process that has imported what kernels need, and forks.

    client ── connection ── keeper ── kernel       a client is a provisioner, in papermill or in the grader
                               │ forked from
                             server                accepts connections and knows nothing

The server reads no request: a *keeper*, forked for each connection, does, so no kernel is born with another's keys in
its memory. When the server's standard input closes, everything ends.
"""

import argparse
import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from seqviz.grading import kernel_wall, machine
from seqviz.grading.kernel_keeper import keep

READY = "ready"
_LAST_SECONDS = 5


def serve(listener: socket.socket, lifeline: int, users: Sequence[int] = ()) -> None:
    """Fork a keeper for each connection, as a user of its own if there are ``users``, until ``lifeline`` closes."""
    keepers: dict[int, int] = {}  # and their users
    while True:
        ready, _, _ = select.select([listener, lifeline], [], [])
        if lifeline in ready:
            signal.alarm(_LAST_SECONDS)
            while keepers:  # their clients are gone, and without a wall they have strays to kill
                keepers.pop(os.wait()[0], None)
            return
        connection, _ = listener.accept()
        _reap(keepers)
        user = next((one for one in users if one not in keepers.values()), 0)
        keeper = os.fork()
        if keeper == 0:
            listener.close()  # or a kernel could take the next client's request
            os.close(lifeline)
            keep(connection, user if users else None)
        connection.close()
        keepers[keeper] = user


def _reap(keepers: dict[int, int]) -> None:
    """Forget the keepers that have ended: their users are free again."""
    while keepers:
        ended, _ = os.waitpid(-1, os.WNOHANG)
        if not ended:
            return
        keepers.pop(ended, None)


def main() -> None:
    """Take a listening socket, drop to another user if told, import, say so, and serve."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--listen", type=int, required=True, help="descriptor of the listening socket")
    parser.add_argument("--users", help="numbers of users to become (only root can): this process, then a kernel each")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client to decide
    own, *users = [int(number) for number in (arguments.users or "0").split(",")]
    if own:
        kernel_wall.uncover_proc()
        kernel_wall.become_another_user(own, able_to_change=True)
    with machine.importing():
        from seqviz.grading import forked_kernel

        forked_kernel.preload()
    kernel_wall.hide_memory()
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every object in every child
    kernel_wall.gather_memory()
    print(READY, flush=True)
    with Path(os.devnull).open("wb") as nowhere:  # from here on nobody reads what is printed
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    serve(socket.socket(fileno=arguments.listen), sys.stdin.fileno(), users)


if __name__ == "__main__":
    main()
