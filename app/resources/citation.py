"""How a resource is cited, and the <meta> by which programs that cite take it from its page."""

from datetime import date

from app.resources.content import Content, StudyPart, TrainingPart
from app.resources.fields import FIELDS
from app.resources.forms import Form
from app.resources.identifiers import READERS
from app.resources.resource import Resource
from app.resources.wording import day_in_words


def source_of(resource: Resource, site: str) -> str:
    """Return the address at which it is read: its publisher's, else that of its edition here."""
    return resource.content.url or f"{site}{resource.own_path}"


def year_of(resource: Resource) -> int | None:
    """Return the year in which it was published; of what is written here, that of its edition."""
    of_ours = resource.content.form is not Form.DOCUMENT
    return resource.content.said_year or (resource.changed_on.year if of_ours else None)


def text(resource: Resource, site: str, today: date) -> str:
    """Return its citation: bodies, title, year, pages, identifier, address and day."""
    content = resource.content
    parts = [
        ", ".join((*content.persons, *content.bodies)) or _maker(content),
        content.full_title,
        str(year_of(resource) or "[s. d.]"),
        f"{content.pages} p." if content.pages else "",
        f"DOI {content.doi}" if content.doi else "",
        f"ISBN {content.isbn}" if content.isbn else "",
    ]
    said = " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
    return (
        f"{said} Disponible sur : {source_of(resource, site)} (consulté le {day_in_words(today)})."
    )


def meta(resource: Resource, site: str) -> list[tuple[str, str]]:
    """Return names and contents of <meta>, in the order of the table of fields."""
    content = resource.content
    found = [("citation_abstract_html_url", f"{site}{resource.path}")]
    for field in FIELDS:
        for value in field.tagged(content):
            if field.tags.citation:
                found.append((f"citation_{field.tags.citation}", value))
            if field.tags.dublin_core:
                # An identifier says by which rule it is one.
                said = f"{field.name}:{value}" if field.name in READERS else value
                found.append((f"DC.{field.tags.dublin_core}", said))
    return found


def _maker(content: Content) -> str:
    """Return who holds a training or makes a study."""
    match content.own:
        case TrainingPart(organiser=name) | StudyPart(by=name):
            return name
    return ""
