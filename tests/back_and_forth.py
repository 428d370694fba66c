"""What one release does to lists of a database that another one reads too: run in its own tree.

`python -m tests.back_and_forth apply LINE` applies a list and prints its number, `undo NUMBER`
undoes it. Addresses and keys are those of the environment.
"""

import sys
from uuid import UUID

from app.runtime.addresses import read_settings
from app.runtime.staff import Runtime, open_runtime
from tests.deposited import ask, deposit, do, state


def apply(runtime: Runtime, line: str) -> UUID:
    one = deposit(runtime, line, source=line)
    for deed in ("check", "apply"):
        ask(runtime, one, deed)
        do(runtime, one, deed)
    assert state(runtime, one) == "applied"
    return one


def undo(runtime: Runtime, one: UUID) -> None:
    ask(runtime, one, "undo")
    do(runtime, one, "undo")
    assert state(runtime, one) == "undone"


if __name__ == "__main__":
    deed, given = sys.argv[1:]
    with open_runtime(read_settings()) as opened:
        if deed == "apply":
            sys.stdout.write(str(apply(opened, given)))
        else:
            undo(opened, UUID(given))
