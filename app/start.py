"""Where `mesure23` starts: Ctrl-C while the commands load is one sentence, not a traceback."""

import os
import signal
from types import FrameType

STOPPED = "Commande interrompue avant d'avoir commencé. Relancez-la quand vous voulez.\n"


def main() -> None:
    """Run the command that was typed, once all commands are loaded."""
    former = signal.signal(signal.SIGINT, _leave)
    from app import cli

    signal.signal(signal.SIGINT, former)
    cli.main()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, STOPPED.encode())
    # Nothing is open yet, and a library that loads may swallow an exception.
    os._exit(128 + signal.SIGINT)
