"""The documents mention each setting, command and route, and lead to files that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from fastapi.routing import APIRoute

from app.cli import load
from app.embeds.code import height_script
from app.main import create_app
from app.platform.database.engines import Databases, make_engine
from app.platform.web.permissions import routes_of
from app.resources.fields import FILTERS
from app.search.facets import BY_NAME
from app.settings import ROOT, Settings

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands(group: Any, prefix: str = "mesure23") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        # Not of click's class: typer has its own.
        found += commands(command, full) if hasattr(command, "commands") else [full]
    return found


def routes() -> list[str]:
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    site = create_app(Settings(), Databases(nowhere, nowhere))
    return [str(r.path) for r in routes_of(site) if isinstance(r.original_route, APIRoute)]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_in_the_documents(name: str) -> None:
    assert re.search(rf"\bMESURE23_{name.upper()}\b", TEXT)


@pytest.mark.parametrize("command", commands(typer.main.get_command(load())))
def test_each_command_is_in_the_documents(command: str) -> None:
    assert re.search(rf"{re.escape(command)}\b", TEXT)


@pytest.mark.parametrize("path", routes())
def test_each_route_is_in_the_documents(path: str) -> None:
    assert path in TEXT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_guide_gives_the_six_lines_that_fit_the_height() -> None:
    lines = height_script("https://ADRESSE-DE-LA-CARTE")
    assert len(lines.splitlines()) == 6
    assert f"```html\n{lines}\n```" in TEXT


def test_the_files_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:app|geo|importers|migrations|static|tests)/[^` ]*)`", text))
    assert len(named) > 40
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_room_stands_in_the_architecture() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"`app/{room}/`" not in text] == []


@pytest.mark.parametrize("name", [*BY_NAME, *FILTERS])
def test_each_facet_is_in_the_documents(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_no_document_puts_an_address_with_its_password_into_an_argument() -> None:
    # Which everybody on the machine can read.
    assert "$(mesure23 db url" not in TEXT
