"""Nothing in app/ writes a public record but the writer, by one projection; one room deletes."""

import ast
import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
# The writer, which also takes down at once, and what deletes a whole actor at somebody's request.
ALLOWED = {
    "records/writing.py": ["project", "copy_in", "update_in", "update"],
    "operations/sweep.py": ["delete"],
}
WRITES = {"insert", "update", "delete", "copy_in", "update_in"}
SQL = re.compile(r"(?i)\b(insert\s+into|update|delete\s+from)\s+(public\.)?actor\b")


def writes(source: str) -> list[str]:
    """Return what code does to public records: INSERT, UPDATE, DELETE, or a new object of them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            given = {ast.unparse(each).removeprefix("models.") for each in node.args}
            if called == "Actor":
                found.append("Actor()")
            elif called in WRITES and given & {"Actor", "Actor.__table__"}:
                found.append(called)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [match[1].lower() for match in SQL.finditer(node.value)]
        elif isinstance(node, ast.ImportFrom) and node.module == "app.records.projection":
            found += [each.name for each in node.names if each.name == "project"]
    return found


def test_only_the_writer_writes_public_records() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    found = {name: writes((APP / name).read_text(encoding="utf-8")) for name in names}
    assert {name: how for name, how in found.items() if how} == ALLOWED


@pytest.mark.parametrize(
    "source",
    [
        "session.execute(insert(Actor), rows)",
        "session.execute(update(models.Actor).values(name=name))",
        "postgresql.insert(Actor.__table__)",
        "session.add(Actor(name=name))",
        "copy_in(session, Actor, rows)",
        "update_in(session, Actor, rows)",
        "session.execute(text('UPDATE actor SET name = :name'))",
        "from app.records.projection import project",
    ],
)
def test_another_way_is_found(source: str) -> None:
    assert writes(source) != []


@pytest.mark.parametrize("source", ["select(Actor)", "update(ActorProtected)", "'UPDATE actor_x'"])
def test_reading_is_no_writing(source: str) -> None:
    assert writes(source) == []
