"""From the cells of a line to what it says of a resource, by the table of fields."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from app.cataloguing.import_plan import Line
from app.resources import texts
from app.resources.content import Content
from app.resources.field import Field, FieldWrong
from app.resources.fields import BY_NAME, FIELDS
from app.resources.forms import Form, Reach
from app.resources.near import perhaps
from app.resources.vocabulary import terms
from geo.text import fold

# What of a catalogue says where its facts were read: it stands with the version, for staff alone.
_SOURCES = ("source", "note", "nature_url")
_KEYS, _PAGES, _RELATIONS = ("id", "cle", "clef"), ("page",), ("relation", "relations")
# Columns that say a territory, by its code or by its name.
_PLACES = frozenset({"reach", "territories"})
_BETWEEN = re.compile(r"[;,|\n]")
_PAGE = re.compile(r"/ressources/([0-9a-f]{16})(?:/|$)")
# Persons are written by who saw the cover; a proof and validations are decided here.
_NEVER = frozenset({"form", "persons", "proof", "validations"})
# Of a document that does not say what it rests on.
_NATURES = {
    **dict.fromkeys(("loi",), "texte-officiel"),
    **dict.fromkeys(("statistique",), "statistique"),
    **dict.fromkeys(("avis",), "avis"),
    **dict.fromkeys(("guide", "outil", "formation"), "outil"),
    **dict.fromkeys(("etude", "recherche"), "recherche"),
}


@cache
def fields_by_title() -> Mapping[str, Field]:
    """Return what is taken of a catalogue, by its titles and keys, folded."""
    found: dict[str, Field] = {}
    for field in FIELDS:
        if field.name in Content.model_fields and field.name not in _NEVER:
            named = (field.name, *field.titles, field.label)
            for each in (*named, field.file.label if field.file else field.label):
                found.setdefault(fold(each), field)
    return found


@cache
def known_titles() -> frozenset[str]:
    """Return the titles and keys that say something here, folded."""
    others = (*_SOURCES, *_KEYS, *_PAGES, *_RELATIONS, *BY_NAME["form"].titles)
    return frozenset({*fields_by_title(), *map(fold, others)})


def left_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the titles and keys that nothing here takes, each once."""
    given = dict.fromkeys(texts.line(str(title)) for cells in rows for title in cells)
    return tuple(each for each in given if each and fold(each) not in known_titles())


def read_line(number: int, cells: Mapping[str, Any], territories: Mapping[str, str]) -> Line:
    """Return what a line says, and why it cannot be used. territories: names by code."""
    by_title: dict[str, Any] = {}
    for title, cell in cells.items():
        by_title.setdefault(fold(str(title)), cell)
    wrong: list[str] = []
    form = _form(by_title, wrong)
    values = dict(_values(by_title, form, wrong, territories))
    _place(values, territories, wrong)
    title = values.get("title", "")
    if not title and not _page(by_title):
        wrong.append("Le titre manque.")
    return Line(
        number=number,
        key=_first(by_title, _KEYS),
        page=_page(by_title),
        form=form,
        title=title,
        values={name: as_json(value) for name, value in values.items()},
        relations=tuple(_relations(by_title, wrong)),
        note=" · ".join(filter(None, (_text(by_title.get(fold(each))) for each in _SOURCES))),
        wrong=tuple(wrong),
        suggested=_suggested(values, form),
    )


def as_json(value: Any) -> Any:
    """Return the value of an attribute as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return [as_json(each) for each in value] if isinstance(value, list | tuple) else value


def _form(by_title: Mapping[str, Any], wrong: list[str]) -> Form:
    for title in BY_NAME["form"].titles:
        try:
            if code := BY_NAME["form"].type.take(by_title.get(fold(title))):
                return Form(code)
        except FieldWrong as error:
            wrong.append(f"{BY_NAME['form'].label} : {error}")
    return Form.DOCUMENT


def _values(
    by_title: Mapping[str, Any], form: Form, wrong: list[str], territories: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """Yield each attribute that a line says something of; an empty cell says nothing."""
    said: set[str] = set()
    codes = {fold(each): code for code, name in territories.items() for each in (code, name)}
    for title, cell in by_title.items():
        field = fields_by_title().get(title)
        if field is None or field.name in said or form not in field.forms:
            continue
        try:
            given = _coded(cell, codes) if field.name in _PLACES else cell
            name, value = _taken(field, given)
        except FieldWrong as error:
            near = perhaps(_text(cell), _places(territories)) if field.name in _PLACES else ""
            wrong.append(f"{field.label} : {error}{near}")
            continue
        if value not in (None, "", ()):
            said.add(name)
            yield name, value


def _places(territories: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what a column of territories may say, by what it is called."""
    reaches = {each.label: [code, *each.words] for code, each in terms("reaches").items()}
    return reaches | {name: [code] for code, name in territories.items()}


def _coded(cell: Any, codes: Mapping[str, str]) -> Any:
    """Return the codes of territories that a cell says by their names, as people write them."""
    pieces = _BETWEEN.split(cell) if isinstance(cell, str) else cell
    if not isinstance(pieces, list):
        return cell
    known = [codes.get(fold(str(each)), "") for each in pieces]
    return ";".join(known) if all(known) else cell


def _taken(field: Field, cell: Any) -> tuple[str, Any]:
    """Return the attribute and its value; a catalogue may write codes in the column of reaches.

    Raises FieldWrong.
    """
    pieces = cell if isinstance(cell, list) else [cell]
    if any(isinstance(each, dict | list) for each in pieces):
        raise FieldWrong(sentence="Un texte est attendu ici, ou une liste de textes.")
    if field.name != "reach" or not _text(cell):
        return field.name, None if field.name == "reach" else field.type.take(cell)
    try:
        return field.name, field.type.take(cell)
    except FieldWrong:
        return "territories", BY_NAME["territories"].type.take(cell)


def _place(values: dict[str, Any], territories: Container[str], wrong: list[str]) -> None:
    """Make of reach and territories one thing."""
    codes = values.get("territories", ())
    if unknown := [each for each in codes if each not in territories]:
        wrong.append(f"Territoires : « {unknown[0]} » n’est pas un code connu ici.")
    if codes:
        values["reach"] = Reach.TERRITORIES.value
    elif values.get("reach", Reach.TERRITORIES) != Reach.TERRITORIES:
        values["territories"] = ()


def _suggested(values: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Return the nature that a type goes with, where the line does not say it."""
    nature = _NATURES.get(values.get("type", "")) if form is Form.DOCUMENT else None
    return {"nature": nature} if nature and "nature" not in values else {}


def _page(by_title: Mapping[str, Any]) -> str:
    found = _PAGE.search(_first(by_title, _PAGES))
    return found[1] if found else ""


def _first(by_title: Mapping[str, Any], titles: Iterable[str]) -> str:
    return next(filter(None, (_text(by_title.get(fold(each))) for each in titles)), "")


def _text(cell: Any) -> str:
    return texts.line(str(cell)) if isinstance(cell, str | int | float) else ""


def _relations(by_title: Mapping[str, Any], wrong: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the relations of {"est la synthèse de": "the key of another line"}."""
    for title in _RELATIONS:
        given = by_title.get(title)
        for said, key in given.items() if isinstance(given, dict) else ():
            code = next((c for c, term in terms("relations").items() if _says(said, c, term)), None)
            if code is None:
                words = {each.label: (c, *each.words) for c, each in terms("relations").items()}
                near = perhaps(_text(said), words)
                wrong.append(f"Relation : « {_text(said)} » n’est pas dans cette liste.{near}")
            elif _text(key):
                yield code, _text(key)


def _says(said: str, code: str, term: Any) -> bool:
    return fold(said) in {fold(each) for each in (code, term.label, *term.words)}
