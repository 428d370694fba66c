"""Migrations are numbered in their order, and say whether the former release may go on."""

import ast
import re
from collections.abc import Collection

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.platform.database.migrating import GOES_ON, UNUSED_SINCE
from app.platform.database.schema import VERSIONS, newest_revision
from app.settings import ROOT

# The last one from before there was a former release: nobody serves what stood before it.
FIRST_RELEASE = "0100"
SAID = GOES_ON
# The first one that makes indexes of tables that are there while others read and write them.
ALONGSIDE = "0104"
MADE = re.compile(r"CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)", re.IGNORECASE)
INDEXED = re.compile(
    r"CREATE\s+(?:UNIQUE\s+)?INDEX\b[^;]*?\bON\s+(?:ONLY\s+)?(\w+)"
    r"|ALTER\s+TABLE\s+(?:ONLY\s+)?(\w+)\s+ADD\s+(?:CONSTRAINT\s+\w+\s+)?(?:UNIQUE|PRIMARY|EXCLUDE)"
    r"(?!\s+(?:KEY\s+)?USING\s+INDEX)",
    re.IGNORECASE,
)
# Operations that make an index, and where each says its table.
INDEXING = {
    "create_index": 1,
    "create_unique_constraint": 1,
    "create_primary_key": 1,
    "create_exclude_constraint": 1,
}
HELPERS = {"create_index_alongside", "drop_index_alongside"}
# What takes away, or renames, what a release may read or write.
CONTRACTING = {"drop_table", "drop_column", "rename_table"}
CONTRACTED = re.compile(
    r"\bDROP\s+(?:TABLE|COLUMN|SCHEMA|TYPE|DOMAIN|SEQUENCE|(?:MATERIALIZED\s+)?VIEW|FUNCTION)\b"
    r"|\bRENAME\s+(?:TO|COLUMN|ATTRIBUTE|VALUE)\b",
    re.IGNORECASE,
)


def said(source: str) -> bool | None:
    """Return what a migration says of the former release; None where it says nothing."""
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(value))):
                if name == SAID:
                    return value
    return None


def test_the_last_number_is_the_head() -> None:
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert script.get_current_head() == newest_revision()


def test_a_later_migration_has_a_higher_number() -> None:
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    later = [each for each in script.walk_revisions() if each.revision > FIRST_RELEASE]
    assert later
    assert [each.revision for each in later if str(each.down_revision) >= each.revision] == []


def test_each_migration_says_whether_the_former_release_may_go_on() -> None:
    later = [path for path in VERSIONS.glob("[0-9]*.py") if path.name[:4] > FIRST_RELEASE]
    assert later
    assert [path.name for path in later if said(path.read_text("utf-8")) is None] == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (f"{SAID} = True", True),
        (f"{SAID} = False", False),
        (f"{SAID} = None", None),
        (f"{SAID} = 'yes'", None),
        ("revision = '0102'", None),
        (f"def upgrade():\n    {SAID} = True", None),
    ],
)
def test_what_says_nothing_is_found(source: str, what: bool | None) -> None:
    assert said(source) is what


def contracts(source: str) -> bool:
    """Return whether a migration takes something away on its way up."""
    tree = ast.parse(source)
    up = [each for each in tree.body if getattr(each, "name", "") != "downgrade"]
    used = {
        name.id
        for each in up
        for name in ast.walk(each)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
    }
    for each in up:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in used:
                continue
        calls = called(each)
        renamed = any(key.arg == "new_column_name" for _, call in calls for key in call.keywords)
        if renamed or CONTRACTING & {name for name, _ in calls}:
            return True
        if any(CONTRACTED.search(text) for text in texts(each)):
            return True
    return False


def since(source: str) -> str | None:
    """Return the migration since whose release nothing uses what this one takes away."""
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                if name == UNUSED_SINCE:
                    return value
    return None


def too_soon(source: str, number: str, numbers: Collection[str]) -> bool:
    """Return whether a migration takes away what the former release may use, for all it says.

    That release has every migration before this one: what it does not use, an earlier one has said.
    """
    if not contracts(source) or said(source) is False:
        return False
    named = since(source)
    return named is None or named not in numbers or named >= number


def test_what_is_taken_away_was_given_up_by_a_release_before() -> None:
    sources = {path.name[:4]: path.read_text("utf-8") for path in VERSIONS.glob("[0-9]*.py")}
    later = {number: each for number, each in sources.items() if number > FIRST_RELEASE}
    assert [number for number, each in later.items() if too_soon(each, number, sources)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def upgrade():\n    op.drop_column('actor', 'name')", True),
        ("def upgrade():\n    op.execute('ALTER TABLE actor DROP COLUMN name')", True),
        ("def upgrade():\n    op.execute('ALTER TABLE actor RENAME COLUMN a TO b')", True),
        ("def upgrade():\n    op.alter_column('actor', 'a', new_column_name='b')", True),
        ("SQL = 'DROP TABLE actor'\ndef upgrade():\n    op.execute(SQL)", True),
        ("SQL = 'DROP TABLE actor'\ndef downgrade():\n    op.execute(SQL)", False),
        ("def downgrade():\n    op.drop_table('actor')", False),
        ("def upgrade():\n    op.execute('DROP VIEW open.lag; DROP TABLE a')", True),
        ("def upgrade():\n    op.execute('DROP VIEW IF EXISTS open.lag')", True),
        ("def upgrade():\n    op.execute('DROP MATERIALIZED VIEW a')", True),
        ("def upgrade():\n    op.execute('DROP FUNCTION note()')", True),
        ("def upgrade():\n    op.execute('DROP TRIGGER a ON actor')", False),
        (f"{UNUSED_SINCE} = '0107'\ndef upgrade():\n    op.drop_table('actor')", False),
        (f"{UNUSED_SINCE} = '0109'\ndef upgrade():\n    op.drop_table('actor')", True),
        (f"{UNUSED_SINCE} = '0042b'\ndef upgrade():\n    op.drop_table('actor')", True),
        (f"{SAID} = False\ndef upgrade():\n    op.drop_table('actor')", False),
    ],
)
def test_what_is_taken_away_too_soon_is_found(source: str, found: bool) -> None:
    assert too_soon(source, "0109", ["0107", "0108", "0109"]) is found


def texts(tree: ast.AST) -> list[str]:
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def called(tree: ast.AST) -> list[tuple[str, ast.Call]]:
    """Return each call by the last part of its name."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    found.append((name, node))
    return found


def constant(call: ast.Call, place: int) -> str | None:
    match call.args[place : place + 1]:
        case [ast.Constant(value=str(value))]:
            return value
    return None


def faults(source: str) -> list[str]:
    """Return the tables of which a migration makes an index under a lock that others wait for."""
    tree = ast.parse(source)
    calls = called(tree)
    made = {constant(call, 0) for name, call in calls if name == "create_table"}
    made |= {name for each in texts(tree) for name in MADE.findall(each)}
    indexed = [constant(call, INDEXING[name]) for name, call in calls if name in INDEXING]
    indexed += [a or b for each in texts(tree) for a, b in INDEXED.findall(each)]
    for name, call in calls:
        if name == "add_column":
            columns = [each for _, each in called(call)]
            keys = {key.arg for each in columns for key in each.keywords}
            if keys & {"index", "unique", "primary_key"}:
                indexed.append(constant(call, 0))
    return [table or "?" for table in indexed if table not in made]


def mixes(source: str) -> bool:
    """Return whether a migration makes an index alongside, and something else in one go."""
    tree = ast.parse(source)
    if not HELPERS & {name for name, _ in called(tree)}:
        return False
    deeds = [
        line
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for line in node.body
        if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
    ]
    return not all(
        isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Call)
        and isinstance(line.value.func, ast.Name)
        and line.value.func.id in HELPERS
        for line in deeds
    )


def test_an_index_of_a_table_that_is_there_is_made_alongside() -> None:
    new = [path for path in VERSIONS.glob("[0-9]*.py") if path.name[:4] >= ALONGSIDE]
    sources = {path.name: path.read_text("utf-8") for path in new}
    assert {name: found for name, source in sources.items() if (found := faults(source))} == {}
    assert [name for name, source in sources.items() if mixes(source)] == []


@pytest.mark.parametrize(
    ("source", "tables"),
    [
        ("op.create_index('ix_a', 'actor', ['name'])", ["actor"]),
        ("op.create_table('a'); op.create_index('ix_a', 'a', ['name'])", []),
        ("op.execute('CREATE UNIQUE INDEX ix_a ON actor (name)')", ["actor"]),
        ("op.execute('CREATE INDEX ON actor USING gin (name)')", ["actor"]),
        ("op.execute('CREATE TABLE a (b int); CREATE INDEX ix_a ON a (b)')", []),
        ("op.create_unique_constraint('uq_a', 'actor', ['name'])", ["actor"]),
        ("op.create_primary_key('pk_a', 'actor', ['name'])", ["actor"]),
        ("op.execute('ALTER TABLE actor ADD CONSTRAINT uq_a UNIQUE (name)')", ["actor"]),
        ("op.execute('ALTER TABLE actor ADD CONSTRAINT uq_a UNIQUE USING INDEX ix_a')", []),
        ("op.add_column('actor', sa.Column('a', sa.Text(), unique=True))", ["actor"]),
        ("op.add_column('actor', sa.Column('a', sa.Text()))", []),
        ("create_index_alongside('ix_a', 'actor', ['name'])", []),
        ("for each in TABLES:\n    op.create_index('ix_a', each, ['name'])", ["?"]),
    ],
)
def test_an_index_that_stops_others_is_found(source: str, tables: list[str]) -> None:
    assert faults(source) == tables


@pytest.mark.parametrize(
    ("deeds", "mixed"),
    [
        ("create_index_alongside('ix_a', 'actor', ['name'])", False),
        ("op.add_column('actor', a)\n    create_index_alongside('ix_a', 'actor', ['a'])", True),
        ("op.add_column('actor', a)", False),
    ],
)
def test_an_index_made_beside_something_else_is_found(deeds: str, mixed: bool) -> None:
    assert mixes(f"def upgrade():\n    {deeds}") is mixed
