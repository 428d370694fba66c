"""What is loaded of the commands, and Ctrl-C before it is."""

import subprocess
import sys

import pytest

from app.cli import COMMANDS
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

# What is loaded once a command has said its help.
LOADED = """
import sys
from app.start import main
sys.argv = ["mesure23", "hidden", "--help"]
try:
    main()
except SystemExit:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


# Each command by itself, in forks of a process that has libraries, and what most commands open.
ALONE = """
import os, sys
import fastapi, folium, openpyxl, uvicorn
from app import cli
from app.commands.support import opening
for name in cli.COMMANDS:
    child = os.fork()
    if not child:
        sys.argv = ["mesure23", name, "--help"]
        cli.main(cli.load_named())
    assert os.waitpid(child, 0)[1] == 0, name
"""


@pytest.mark.long
def test_each_command_loads_all_that_it_needs_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Usage: mesure23") == len(COMMANDS)


def test_a_command_that_is_interrupted_while_it_loads_says_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", STOPPED)


@pytest.mark.slow
def test_a_command_loads_neither_the_others_nor_what_serves_pages_or_reads_lists() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert "Usage: mesure23 hidden" in done.stdout
    loaded = set(done.stderr.split())
    commands = {each for each in loaded if each.startswith("app.commands.")}
    assert {each for each in commands if "support" not in each} == {"app.commands.hidden"}
    assert not loaded & {
        "fastapi",
        "folium",
        "openpyxl",
        "uvicorn",
        "app.main",
        "app.lists.planning",
    }
