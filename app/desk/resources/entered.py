"""A resource as its form says it: texts under the names of its controls, and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.cataloguing.drafts import Sent
from app.desk.resources.controls import MONTHS, OTHERS, OWN, Control, controls_of, written
from app.platform.web.french import figure
from app.resources.content import Content
from app.resources.field import FieldWrong
from app.resources.forms import Form, Reach
from geo.text import curled

Problems = dict[str, list[str]]
NEEDED = "Ce champ est à remplir."
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_OF_EVALUATION = "evaluation."
# What pydantic says of a value, in French.
_SAID = {
    "missing": NEEDED,
    "string_too_short": NEEDED,
    "date_from_datetime_parsing": "Un jour s’écrit 31/12/2021.",
    "date_parsing": "Un jour s’écrit 31/12/2021.",
}


class NotWhole(Exception):
    """A form that makes no resource. problems: sentences by the name of a control."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def content_of(form: Form, sent: Sent) -> Content:
    """Return the content that a form says; raise NotWhole."""
    problems: Problems = {}
    given: dict[str, Any] = {"own": _own(form, sent)}
    for field in written(form):
        try:
            given[field.name] = field.type.read(sent.get(field.name, ()))
        except FieldWrong as wrong:
            problems[field.name] = [curled(str(wrong))]
            continue
        if form in field.required and not given[field.name]:
            problems[field.name] = [NEEDED]
    if given.get("territories"):
        # Whoever chose some says by it how far it reaches.
        given["reach"] = Reach.TERRITORIES
    given["audience"] = _first(sent, "audience") or "public"
    given["actor_ids"] = _ids(sent.get("actor_ids", ()), problems)
    try:
        content = Content.model_validate(_without_wrong(given, problems))
    except ValidationError as wrong:
        # A field that is left out since it is wrong is not said to lack as well.
        before = frozenset(problems)
        for each in wrong.errors():
            if each["loc"] or not problems:
                name, sentence = _said(each)
                if name not in before:
                    problems.setdefault(name, []).append(sentence)
        raise NotWhole(problems) from None
    if problems:
        raise NotWhole(problems)
    return content


def entered(content: Content) -> Sent:
    """Return what a form shows of a content."""
    dumped = content.model_dump(mode="json")
    found = {
        each.name: _shown(dumped[each.name], each.type.control) for each in written(content.form)
    }
    for control in OTHERS:
        found[control.name] = _shown(dumped[control.name], "texts")
    own = dumped["own"]
    for control in OWN[content.form]:
        found |= dict(_shown_own(control, own))
    return found


def empty(form: Form) -> Sent:
    """Return what the form of a new resource shows."""
    found = {name: ("",) for each in controls_of(form) for name in each.names}
    chosen = {"audience": "public", "languages": "fr", "reach": "national", "review_months": "12"}
    return found | {name: (code,) for name, code in chosen.items() if name in found}


def only(form: Form, sent: Sent) -> Sent:
    """Return what a form sent under the names of its controls."""
    names = (name for each in controls_of(form) for name in each.names)
    return {name: tuple(sent.get(name, ())) for name in names}


def grown(sent: Sent, control: Control) -> Sent:
    """Return the same with one more line, empty."""
    lines = [*lines_of(sent, control), dict.fromkeys(control.names, "")][: control.most_lines]
    return {**sent, **{name: tuple(each[name] for each in lines) for name in control.names}}


def raised(sent: Sent, control: Control, place: int) -> Sent:
    """Return the same with a line one place above where it was."""
    found = dict(sent)
    for name in control.names:
        values = list(sent.get(name, ()))
        if 0 < place < len(values):
            values[place - 1], values[place] = values[place], values[place - 1]
        found[name] = tuple(values)
    return found


def lines_of(sent: Sent, control: Control) -> list[dict[str, str]]:
    """Return the lines of a control of several columns, by the names of their inputs."""
    columns = {name: sent.get(name, ()) for name in control.names}
    count = max([control.least, *map(len, columns.values())])
    return [
        {name: values[at] if at < len(values) else "" for name, values in columns.items()}
        for at in range(min(count, control.most_lines))
    ]


def _first(sent: Sent, name: str) -> str:
    return next(iter(sent.get(name, ())), "").strip()


def _ids(given: Sequence[str], problems: Problems) -> tuple[str, ...]:
    lines = [line for text in given for line in text.splitlines() if line.strip()]
    found = [match[0] if (match := _ID.search(line)) else "" for line in lines]
    if "" in found:
        problems["actor_ids"] = ["Une de ces adresses n’est pas celle d’une fiche."]
    return tuple(dict.fromkeys(filter(None, found)))


def _without_wrong(given: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Leave out what is said already, and what is empty where that is the same as nothing."""
    return {
        name: value
        for name, value in given.items()
        if name not in problems and value not in (None, "")
    }


def _own(form: Form, sent: Sent) -> dict[str, Any]:
    found: dict[str, Any] = {"form": form.value}
    for control in OWN[form]:
        name = control.name
        if control.look == "rows":
            found[name] = [_line(each) for each in lines_of(sent, control) if any(each.values())]
        elif control.look == "lines":
            text = "\n".join(sent.get(name, ()))
            found[name] = [line.strip() for line in text.splitlines() if line.strip()]
        elif control.look == "choices":
            found[name] = [each for each in sent.get(name, ()) if each]
        elif name.startswith(_OF_EVALUATION):
            if value := _day(control, _first(sent, name)):
                found.setdefault("evaluation", {})[name.removeprefix(_OF_EVALUATION)] = value
        elif value := _day(control, "\n".join(sent.get(name, ())).strip("\n")):
            found[name] = int(value) if name == "review_months" and value in MONTHS else value
    return found


def _day(control: Control, text: str) -> str:
    """Return a day as ISO writes it, if it is written as French does; all else as it is."""
    return _iso(text) if control.look == "day" else text


def _iso(text: str) -> str:
    parts = text.strip().split("/")
    return "-".join(reversed(parts)) if len(parts) == 3 else text.strip()


def _line(given: Mapping[str, str]) -> dict[str, str]:
    """Return a line as its part of a content has it; an address of this centre is an id."""
    line = {name.rpartition(".")[2]: text.strip() for name, text in given.items() if text.strip()}
    if "day" in line:
        line["day"] = _iso(line["day"])
    if "resource_id" in line and (match := _ID.search(line["resource_id"])):
        line["resource_id"] = match[0]
    if "/ressources/" in line.get("url", "") and (match := _ID.search(line["url"])):
        del line["url"]
        line["resource_id"] = match[0]
    return line


def _shown(value: Any, control: str) -> tuple[str, ...]:
    if value in (None, "", []):
        return ()
    if isinstance(value, list):
        return ("\n".join(value),) if control == "texts" else tuple(value)
    return (str(value),)


def _shown_own(control: Control, own: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    name = control.name
    if name.startswith(_OF_EVALUATION):
        value = (own.get("evaluation") or {}).get(name.removeprefix(_OF_EVALUATION))
        yield name, _shown(value, "")
    elif control.look == "rows":
        for column in control.names:
            attribute = column.rpartition(".")[2]
            yield column, tuple(_cell(each, attribute) for each in own.get(name) or ())
    else:
        yield name, _shown(own.get(name), "texts" if control.look == "lines" else "")


def _cell(line: Mapping[str, Any], attribute: str) -> str:
    if attribute == "url" and line.get("resource_id"):
        return f"/ressources/{line['resource_id']}"
    value = line.get(attribute)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _said(error: ErrorDetails) -> tuple[str, str]:
    """Return of which control something is said, and what."""
    # Of a form's own part its name follows.
    where = error["loc"][2:] if error["loc"][:1] == ("own",) else error["loc"]
    name = str(where[0]) if where else ""
    if name == "evaluation":
        name = f"evaluation.{where[1]}" if len(where) > 1 else "evaluation.proof"
    if not name:
        name = "territories"
    line = f"Ligne {where[1] + 1} : " if len(where) > 1 and isinstance(where[1], int) else ""
    return name, line + _sentence(error, name)


def _sentence(error: ErrorDetails, name: str) -> str:
    given, said = error.get("ctx", {}), error["type"]
    if said == "value_error" and "error" in given:
        return curled(str(given["error"]))
    if said == "too_short" and name == "steps":
        return "Une fiche a une étape au moins."
    if said == "too_long" and given.get("field_type") == "Tuple":
        return f"{given['max_length']} lignes au plus."
    if said == "too_long":
        has, most = figure(given["actual_length"]), figure(given["max_length"])
        return f"Ce texte a {has} caractères, il peut en avoir {most}."
    return _SAID.get(said, "Ce champ n’est pas compris : corrigez-le, ou videz-le.")
