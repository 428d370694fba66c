"""Nothing in app/ writes a public record but the writer, by one projection; one room deletes.

Nor the open rows of a resource but what publishes it, once it is screened; a few rooms delete them.
"""

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
# What publishes; what says that an address is dead; what takes down as somebody is hidden, as a
# person decides, at a request.
ALLOWED_OF_RESOURCES = {
    "cataloguing/links.py": ["update"],
    # The code of a body in the filter alone, where it names who is hidden.
    "records/clearing.py": ["update"],
    "cataloguing/publishing.py": ["delete", "insert", "insert", "update"],
    "cataloguing/withdrawing.py": ["delete", "delete", "insert"],
    # The term of review alone.
    "cataloguing/terms.py": ["update"],
    "operations/erased_resources.py": ["delete", "delete", "delete"],
    "records/unpublishing.py": ["delete", "delete", "delete"],
}
# What screens them; what takes them down as somebody is hidden, as a person decides, at a request.
ALLOWED_OF_EVENTS = {
    "announcing/writing.py": ["insert"],
    "records/unannouncing.py": ["delete"],
}
OPEN_ROWS = ("Resource", "ResourceEdition", "ResourceWithdrawn")
WRITES = {"insert", "update", "delete", "copy_in", "update_in"}
SQL = re.compile(r"(?i)\b(insert\s+into|update|delete\s+from)\s+(public\.)?actor\b")
SQL_OF_RESOURCES = re.compile(
    r"(?i)\b(insert\s+into|update|delete\s+from)\s+(public\.)?resource(_edition|_withdrawn)?\b"
)


def writes(
    source: str, models: tuple[str, ...] = ("Actor",), sql: re.Pattern[str] = SQL
) -> list[str]:
    """Return what code does to public records: INSERT, UPDATE, DELETE, or a new object of them."""
    found = []
    if models[0].lower() not in source.lower() and "app.records.projection" not in source:
        return []  # To read all modules for what many have no word of takes seconds.
    named = {*models, *(f"{each}.__table__" for each in models)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=called) | ast.Attribute(attr=called) if called in models:
                    found.append(f"{called}()")
                case ast.Name(id=called) | ast.Attribute(attr=called) if called in WRITES:
                    if named & {ast.unparse(each).removeprefix("models.") for each in node.args}:
                        found.append(called)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [match[1].lower() for match in sql.finditer(node.value)]
        elif isinstance(node, ast.ImportFrom) and node.module == "app.records.projection":
            found += [each.name for each in node.names if each.name == "project"]
    return found


def test_only_the_writer_writes_public_records() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    found = {name: writes((APP / name).read_text(encoding="utf-8")) for name in names}
    assert {name: how for name, how in found.items() if how} == ALLOWED


def test_only_what_screens_publishes_resources() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    sources = {name: (APP / name).read_text(encoding="utf-8") for name in names}
    found = {
        name: sorted(writes(source, OPEN_ROWS, SQL_OF_RESOURCES))
        for name, source in sources.items()
        # By the same name it reads one.
        if "from app.resources.resource import" not in source
    }
    # The projection of actors is another one.
    del found["records/writing.py"]
    assert {name: how for name, how in found.items() if how} == ALLOWED_OF_RESOURCES


def test_only_what_screens_publishes_events() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    sources = {name: (APP / name).read_text(encoding="utf-8") for name in names}
    sql = re.compile(r"(?i)\b(insert\s+into|update|delete\s+from)\s+(public\.)?agenda_event\b")
    found = {
        name: writes(source, ("AgendaEvent",), sql)
        for name, source in sources.items()
        if "AgendaEvent" in source or "agenda_event" in source
    }
    assert {name: how for name, how in found.items() if how} == ALLOWED_OF_EVENTS


@pytest.mark.parametrize(
    "source",
    [
        "session.execute(insert(Resource).values(row))",
        "session.add(ResourceEdition(number=1))",
        "copy_in(session, ResourceWithdrawn, rows)",
        "session.execute(text('UPDATE resource_edition SET number = 1'))",
    ],
)
def test_another_way_of_a_resource_is_found(source: str) -> None:
    assert writes(source, OPEN_ROWS, SQL_OF_RESOURCES) != []


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
