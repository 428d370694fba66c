"""Where `mesure23` starts: Ctrl-C while a command loads is one sentence, not a traceback."""

import gc
import os
import signal
from types import FrameType

STOPPED = "Commande interrompue avant d'avoir commencé. Relancez-la quand vous voulez.\n"


def main() -> None:
    """Run the command that was typed, once it is loaded."""
    former = signal.signal(signal.SIGINT, _leave)
    # What loads stays: to look through it for garbage again and again takes a tenth of the time.
    gc.disable()
    from app import cli

    commands = cli.load_named()
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, former)
    cli.main(commands)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(2, STOPPED.encode())
    # Nothing is open yet, and a library that loads may swallow an exception.
    os._exit(128 + signal.SIGINT)
