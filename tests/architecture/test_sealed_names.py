"""Sealed tables are named in a few rooms, the staff login in none that answers visitors.

What rooms may import is held by the contracts of pyproject.toml (test_contracts.py); this looks at
names that no import shows: tables in SQL, and a login that is an attribute of what one was given.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from app import models
from app.models import Base
from app.models.privileges import PUBLIC_VIEWS
from app.settings import ROOT

APP = ROOT / "app"

SEALED_TABLES = frozenset(set(Base.metadata.tables) - set(PUBLIC_VIEWS))
SEALED_MODELS = frozenset(
    name
    for name in models.__all__
    if getattr(getattr(models, name), "__tablename__", None) in SEALED_TABLES
)
# Tables whose names are words like others: found only where they stand in SQL.
COMMON_WORDS = frozenset(
    {
        *("source", "revision", "batch", "provenance", "geocoding"),
        *("account", "challenge", "deposit", "invitation", "passkey", "report", "reveal"),
        *("alert", "heartbeat", "letter"),
    }
)
# Where sealed tables are written, opened, matched, or said what a viewer may read of them.
MAY_NAME_SEALED = (
    *("models/", "records/", "lists/", "registers/", "geocoding/", "operations/", "vault/"),
    *("accounts/", "audit/", "freshness/", "meetings/", "reports/", "cataloguing/"),
    *("revealing/", "announcing/", "registrations/", "subscriptions/", "network/", "visible/"),
    *("alerting/", "composing/"),
    "visibility.py",
    "embeds/stored.py",
    # Adds to the inbox, by the login that reads nothing of it.
    "inbox/putting.py",
    "inbox/acting.py",
    # Numbers of views, and nobody: their tables are of no actor.
    "statistics/",
    # One row that says the hour, and nothing of an actor.
    "platform/database/lag.py",
    # Asks whether there is anything that only a key can open.
    "runtime/staff.py",
)
# What answers requests: it reads what the public login may read, and holds no other login.
SERVES = (
    "public/",
    "agenda/",
    "letters/",
    "resources/",
    "search/",
    "places/",
    "maps/",
    "hours/",
    "platform/web/",
    "main.py",
)
STAFF = frozenset({"staff", "STAFF_TABLES"})
SQL = re.compile(r"\b(select|from|join|into|update|table|exists|regclass|delete)\b", re.IGNORECASE)


def names_of(source: str) -> Iterator[str]:
    """Yield the names that code uses, and the words of its strings that are SQL."""
    tree = ast.parse(source)
    comments = {id(found) for found in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from (node.name.rpartition(".")[2], node.asname or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in comments else node.value
            if SQL.search(text) or text.isidentifier():
                yield from re.findall(r"\w+", text)


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def trespasses(name: str, source: str) -> set[str]:
    """Return what a module of app/ names that it may not; name: its path below app/."""
    found: set[str] = set()
    if name.startswith(MAY_NAME_SEALED) and not name.startswith(SERVES):
        return found
    used = set(names_of(source))
    if not name.startswith(MAY_NAME_SEALED):
        found |= used & (SEALED_MODELS | SEALED_TABLES - COMMON_WORDS)
        tables = "|".join(COMMON_WORDS)
        found |= set(re.findall(rf"(?i)\b(?:from|join|into|update|table)\s+({tables})\b", source))
    if name.startswith(SERVES):
        found |= used & STAFF
    return found


def test_no_module_names_what_it_may_not() -> None:
    names = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*.py"))
    found = {name: trespasses(name, (APP / name).read_text(encoding="utf-8")) for name in names}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("search/actor_queries.py", "from app.models import ActorProtected", {"ActorProtected"}),
        ("public/exports/queries.py", "import app.models as m\nm.Revision", {"Revision"}),
        ("commands/x.py", "text('SELECT record FROM actor_protected')", {"actor_protected"}),
        ("commands/x.py", "text('SELECT 1 FROM source JOIN actor')", {"source"}),
        ("commands/x.py", "table('sealed_secret')", {"sealed_secret"}),
        ("public/actors/routes.py", "read(site.databases.staff)", {"staff"}),
        ("public/embeds/builder.py", "select(m.ActorProtected)", {"ActorProtected"}),
        ("public/legal/queries.py", "text('SELECT 1 FROM revision')", {"revision"}),
        ("public/actors/routes.py", "site.databases.public", set()),
        ("records/x.py", "select(ActorProtected)", set()),
        ("gazetteer/load.py", "runtime.staff", set()),
        ("public/actors/x.py", '"""Says nothing of actor_protected."""\nsource = 1', set()),
    ],
)
def test_a_module_that_trespasses_is_found(name: str, source: str, found: set[str]) -> None:
    assert trespasses(name, source) == found


def test_rooms_of_this_test_are_there() -> None:
    for room in (*MAY_NAME_SEALED, *SERVES):
        assert (APP / room).exists(), room
    assert "ActorProtected" in SEALED_MODELS
    assert "Actor" not in SEALED_MODELS
