"""Ctrl-C before the commands are loaded."""

import subprocess
import sys

from app.start import STOPPED

# Stands before all finders of modules: Ctrl-C while the first library of a command is looked for,
# which swallows what is raised in it.
INTERRUPTED = """
import signal, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "psycopg":
            try:
                signal.raise_signal(signal.SIGINT)
            except BaseException:
                pass
from app.start import main
sys.meta_path.insert(0, Interrupted())
sys.argv = ["mesure23", "--help"]
main()
"""


def test_a_command_that_is_interrupted_while_it_loads_says_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", STOPPED)
