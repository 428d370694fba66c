"""A resource in the words of schema.org, as data in its page."""

import json
from typing import Any

from markupsafe import Markup

from app.resources.citation import year_of
from app.resources.content import SheetPart, StudyPart, TrainingPart
from app.resources.fields import FIELDS
from app.resources.forms import Form
from app.resources.markdown import plain
from app.resources.resource import Resource
from app.resources.vocabulary import label, terms

# No text ends the element that holds it, nor the line of a program.
ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
# Of a type that its list has lost as well.
ANY_TYPE = "CreativeWork"
TYPES = {Form.PRACTICE: ANY_TYPE, Form.STUDY: "ResearchProject"}
# Properties whose values are people or bodies.
NAMED = {"publisher": "Organization", "author": "Person"}


def element(resource: Resource, site: str) -> Markup:
    """Return the <script> of a resource, which no browser runs: its type is one of data."""
    return as_script(data(resource, site))


def as_script(said: dict[str, Any]) -> Markup:
    """Return data as the <script> that holds them."""
    written = json.dumps(said, ensure_ascii=False).translate(ESCAPES)
    return Markup(f'<script type="application/ld+json">{written}</script>')  # noqa: S704 # escaped


def data(resource: Resource, site: str) -> dict[str, Any]:
    """Return what schema.org has words for. site: the address of this service."""
    content = resource.content
    known = terms("types").get(content.named_type)
    address = f"{site}{resource.path}"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(content.form) or (known.schema_type if known else ANY_TYPE),
        "@id": address,
        "url": address,
        "dateModified": resource.changed_on.isoformat(),
    }
    if year := year_of(resource):
        found["datePublished"] = str(year)
    for field in FIELDS:
        name = field.tags.json_ld
        values: list[Any] = list(field.tagged(content)) if name else []
        if values and name in NAMED:
            values = [{"@type": NAMED[name], "name": value} for value in values]
        if values:
            found[name] = values[0] if len(values) == 1 else values
    if content.doi:
        found["identifier"] = f"https://doi.org/{content.doi}"
    return found | _own(resource)


def _own(resource: Resource) -> dict[str, Any]:
    match resource.content.own:
        case SheetPart() as own:
            steps = [{"@type": "HowToStep", "text": plain(step.text)} for step in own.steps]
            return {"step": steps}
        case TrainingPart() as own:
            held: dict[str, Any] = {"@type": "CourseInstance"}
            if own.mode:
                held["courseMode"] = label("modes", own.mode)
            if own.next_on:
                held["startDate"] = own.next_on.isoformat()
            if own.address:
                held["location"] = own.address
            provider = {"@type": "Organization", "name": own.organiser}
            return {"provider": provider, "hasCourseInstance": held}
        case StudyPart() as own:
            return {"parentOrganization": {"@type": "Organization", "name": own.by}}
    return {}
