"""A bar appears on a terminal once work takes long, never before, and never in a file."""

import os
import pty
import subprocess
import sys

import pytest

WORK = """
import sys, time
from app.commands.support.progress import late_progress
with late_progress("Travail", line_when_piped=sys.argv[2] == "line") as tell:
    tell(1, 4)
    time.sleep(float(sys.argv[1]))
    tell(2, 4)
print("fini")
"""


def on_terminal(seconds: str) -> str:
    """What a terminal is sent by work that lasts so long."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", WORK, seconds, "no"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs) as child:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 10_000):
                shown += piece
        except OSError:  # so Linux says that the other end is closed
            assert child.wait(10) == 0
    os.close(ours)
    return shown.decode()


def test_short_work_shows_nothing_on_a_terminal() -> None:
    assert on_terminal("0.2").strip() == "fini"


@pytest.mark.slow
def test_long_work_shows_a_bar_on_a_terminal_and_takes_it_away() -> None:
    shown = on_terminal("2.6")
    assert "Travail" in shown
    assert "\x1b[2K" in shown.rpartition("Travail")[2]
    assert shown.rstrip().endswith("fini")


@pytest.mark.slow
@pytest.mark.parametrize(("line", "said"), [("no", ""), ("line", "Travail…\n")])
def test_long_work_shows_no_bar_in_a_file(line: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK, "2.3", line], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("fini\n", said)
