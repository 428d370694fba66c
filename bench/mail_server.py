"""A mail server that takes all and keeps nothing, in a process of its own, until its input ends."""

import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink


def main() -> None:
    """Say on which port it is, and serve."""
    controller = Controller(Sink(), hostname="127.0.0.1", port=0, ready_timeout=30)
    # It tries the port that it was asked for, which the system chose.
    controller._trigger_server = lambda: None  # type: ignore[method-assign]
    controller.start()
    server = controller.server
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")  # type: ignore[union-attr]
    sys.stdout.flush()
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    main()
