"""From a line of a catalogue to the content of a resource: a new one, or one that is there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.cataloguing.import_lines import as_json
from app.cataloguing.import_plan import Change, Line
from app.files.as_csv import as_text
from app.resources.content import Content
from app.resources.field import Field
from app.resources.field_types import CodesType, FreeCodesType, TextsType
from app.resources.fields import BY_NAME
from app.resources.forms import Form
from app.resources.vocabulary import label
from geo.text import fold

Tie = tuple[str, str]
NO_SHEET = "Une fiche ne s’importe pas : ses étapes s’écrivent au bureau."
RELATIONS = "Relations"
NO_BODY = "L’organisme manque : qui forme, ou qui mène l’étude ?"


class ContentWrong(ValueError):
    """Why a line makes no content, in French."""


def comparable(line: Line) -> Content:
    """Return what a line says as a document, to compare it with others; raise ContentWrong."""
    values = {"title": "…", "type": "page"} | line.values
    return _checked(values | {"own": {"form": Form.DOCUMENT.value}})


def new_content(line: Line, ties: Iterable[Tie] = ()) -> Content:
    """Return the content of a new resource; ties: relations to public ids. Raises ContentWrong."""
    own: dict[str, Any] = {"form": line.form.value}
    body = next(iter(line.values.get("bodies") or ()), None)
    match line.form:
        case Form.SHEET:
            raise ContentWrong(NO_SHEET)
        case Form.TRAINING | Form.STUDY if not body:
            raise ContentWrong(NO_BODY)
        case Form.TRAINING:
            own["organiser"] = body
        case Form.STUDY:
            own["by"] = body
        case Form.DOCUMENT:
            own["relations"] = _relations(ties)
    return _checked(line.suggested | line.values | {"own": own})


def merged(content: Content, line: Line, ties: Iterable[Tie] = ()) -> Content:
    """Return a content with what a line says of it otherwise; raise ContentWrong."""
    given = content.model_dump(mode="json")
    for name, value in _changed(content, line):
        given[name] = value
    if content.form is Form.DOCUMENT:
        former = given["own"]["relations"]
        given["own"]["relations"] = former + [x for x in _relations(ties) if x not in former]
    return _checked(given)


def changes(before: Content, after: Content, titles: Mapping[str, str]) -> Iterator[Change]:
    """Yield what two contents of one resource say otherwise; titles: by public id, of relations."""
    for field in BY_NAME.values():
        if field.name in Content.model_fields:
            one, other = (" ; ".join(field.shown(each)) for each in (before, after))
            if one != other:
                yield Change(label=field.label, before=one, after=other)
    one, other = ("\n".join(_tied(each, titles)) for each in (before, after))
    if one != other:
        yield Change(label=RELATIONS, before=one, after=other)


def _checked(given: Mapping[str, Any]) -> Content:
    there = {name: value for name, value in given.items() if value is not None}
    try:
        return Content.model_validate(there)
    except ValidationError as error:
        raise ContentWrong(" ".join(dict.fromkeys(_sentences(error)))) from None


def _sentences(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        name = next((str(part) for part in each["loc"] if part in BY_NAME), "")
        field = BY_NAME.get(name)
        said = (each.get("ctx") or {}).get("error")
        text = str(said) if isinstance(said, ValueError) else "Cette valeur n’est pas utilisable."
        yield f"{field.label} : {text}" if field else text


def _changed(content: Content, line: Line) -> Iterator[tuple[str, Any]]:
    for name, value in line.suggested.items():
        if getattr(content, name) in (None, "", ()):
            yield name, value
    for name, value in line.values.items():
        field = BY_NAME[name]
        if value is not None and not _is_same(field, as_json(field.value(content)), value):
            yield name, value


def _is_same(field: Field, one: Any, other: Any) -> bool:
    """Return whether two values say the same: codes and names have no order, and our CSV has each
    record in one line.
    """
    if isinstance(field.type, TextsType):
        return {*map(fold, one)} == {*map(fold, other)}
    if isinstance(field.type, CodesType | FreeCodesType) and isinstance(one, list):
        return sorted(one) == sorted(other)
    return bool(one == other or (isinstance(one, str) and as_text(one) == other))


def _relations(ties: Iterable[Tie]) -> list[dict[str, str]]:
    return [{"relation": relation, "resource_id": of} for relation, of in dict.fromkeys(ties)]


def _tied(content: Content, titles: Mapping[str, str]) -> Iterator[str]:
    for each in getattr(content.own, "relations", ()):
        title = titles.get(each.resource_id, each.resource_id)
        yield f"{label('relations', each.relation)} « {title} »"
