"""Resources as RIS, which programs that cite read; no text of one begins another record."""

import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar

from rispy.config import LIST_TYPE_TAGS, TAG_KEY_MAPPING
from rispy.writer import RisWriter

from app.resources.citation import source_of, year_of
from app.resources.fields import FIELDS
from app.resources.resource import Resource
from app.resources.vocabulary import terms
from app.resources.wording import standing

MEDIA_TYPE = "application/x-research-info-systems"
# Of a type that its list has lost.
ANY_TYPE = "GEN"
SEVERAL = frozenset(TAG_KEY_MAPPING[tag] for tag in LIST_TYPE_TAGS)
# What parts lines for some program, whatever it is called.
PARTING = frozenset({"Cc", "Zl", "Zp", "Cs"})


class _Writer(RisWriter):  # type: ignore[misc] # rispy is without types
    """Writes records alone: numbers between them are no RIS."""

    NEWLINE: ClassVar[str] = "\r\n"

    def set_header(self, count: int) -> str:
        """Return no header."""
        return ""


def fold(text: str) -> str:
    """Return a text as one line, in which nothing begins a line for any program."""
    spaced = (" " if unicodedata.category(each) in PARTING else each for each in text)
    return " ".join("".join(spaced).split())


def write(resources: Iterable[Resource], site: str) -> str:
    """Return a record for each of them; site: the address of this service."""
    writer = _Writer()
    return "".join(f"{writer.formats([reference(each, site)])}\r\n" for each in resources)


def reference(resource: Resource, site: str) -> dict[str, Any]:
    """Return a resource as rispy has it, each text one line."""
    content = resource.content
    known = terms("types").get(content.named_type)
    found: dict[str, Any] = {
        "type_of_reference": known.ris if known else ANY_TYPE,
        "id": resource.public_id,
    }
    for field in FIELDS:
        key = field.tags.ris
        values = [value for value in map(fold, field.tagged(content)) if value]
        if not key or not values or key == "urls":
            continue
        if key in SEVERAL:
            found[key] = [*found.get(key, ()), *values]
        else:
            found[key] = "; ".join(values)
    if year := year_of(resource):
        found["year"] = str(year)
    if "date" in found:
        found["date"] = found["date"].replace("-", "/")
    if said := standing(content):
        found["notes"] = [fold(said)]
    # Readers of RIS part addresses by semicolons.
    found["urls"] = [fold(source_of(resource, site)).replace(";", "%3B")]
    return found
