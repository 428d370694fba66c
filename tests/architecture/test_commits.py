"""Who ends a transaction: app/platform/database alone, at the demand of an edge or of a batch."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

APP = ROOT / "app"
# What opens or commits a transaction by itself, as methods of engines, connections and sessions.
RAW = {"begin", "commit", "Session", "sessionmaker"}
# Of Session by itself modules speak in their annotations.
NAMED = re.compile(r"\b(?:begin|commit|sessionmaker|AUTOCOMMIT|write)\b|\bSession\s*\(")
MAY_END = "platform/database/"
# What opens a transaction that is committed at the end of its block.
WRITE = "app.platform.database.sessions.write"
# Edges, and work whose pieces are committed one by one so that an interruption loses one at most.
MAY_WRITE = (
    *("commands/", "desk/", "jobs/", "public/inbox/", "public/letters/link_routes.py"),
    *("accounts/signing_in.py", "accounts/proconnect.py", "audit/journal.py", "audit/pruning.py"),
    *("audit/exporting.py", "audit/verifying.py"),
    *("lists/importing.py", "lists/demo.py", "geocoding/batch.py"),
    *("registers/updating.py", "registers/competence_update.py"),
    *("operations/erasure.py", "operations/erasure_requests.py", "operations/sweep.py"),
    *("operations/past_period.py", "operations/forgetting.py", "vault/rotation.py"),
    # What the register has by now is marked as such, once what it notes is committed.
    "vault/withdrawals.py",
    # Before anything is served, and of two processes with a first key one alone.
    "vault/verifying.py",
    # By a thread, of a login that only adds.
    "statistics/counters.py",
)


def found(name: str, source: str) -> Iterator[str]:
    """Yield what a module of app/ does that it leaves to others; name: its path below app/."""
    if not NAMED.search(source):
        return  # To read all modules for what most have no word of takes seconds.
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=word) | ast.Name(id=word)) if word in RAW:
                if not name.startswith(MAY_END):
                    yield word
            case ast.Constant(value="AUTOCOMMIT") if not name.startswith("platform/"):
                yield "AUTOCOMMIT"
            case ast.ImportFrom(module=module) if not name.startswith(MAY_WRITE):
                if WRITE in {f"{module}.{alias.name}" for alias in node.names}:
                    yield "write"


def test_no_module_ends_a_transaction_of_its_own() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    ended = {name: [*found(name, (APP / name).read_text("utf-8"))] for name in names}
    assert {name: how for name, how in ended.items() if how} == {}


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        ("records/acts.py", "session.commit()", ["commit"]),
        ("lists/importing.py", "session.commit()", ["commit"]),
        ("commands/purge.py", "with runtime.staff.begin() as connection: ...", ["begin"]),
        ("operations/doctor.py", "with Session(staff) as session: ...", ["Session"]),
        ("operations/x.py", "e.execution_options(isolation_level='AUTOCOMMIT')", ["AUTOCOMMIT"]),
        ("records/acts.py", "from app.platform.database.sessions import read, write", ["write"]),
        ("commands/purge.py", "from app.platform.database.sessions import write", []),
        ("geocoding/batch.py", "from app.platform.database.sessions import write", []),
        ("platform/database/sessions.py", "with Session(engine) as session: ...", []),
        ("records/acts.py", "def act(session: Session) -> None: session.flush()", []),
    ],
)
def test_a_module_that_ends_one_is_found(name: str, source: str, what: list[str]) -> None:
    assert list(found(name, source)) == what


def test_what_this_test_names_is_there() -> None:
    for name in MAY_WRITE:
        assert (APP / name).exists() or name == "jobs/", name
