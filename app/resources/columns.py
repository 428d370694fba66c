"""The columns of files of resources: those of the table of fields, and what is known of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.files.cells import Value
from app.resources.field import Field
from app.resources.fields import FIELDS
from app.resources.resource import Resource
from app.resources.wording import place_in_words, standing


@dataclass(frozen=True, slots=True)
class Column:
    """A column. name: ASCII, as programs ask for it; label: as people read it; width: characters.

    meaning: a French phrase that says what stands in it. linked: its text is an address of the web.
    """

    name: str
    label: str
    width: int
    meaning: str
    value: Callable[[Resource], Value]
    linked: bool = False


def _value(field: Field) -> Callable[[Resource], Value]:
    def value(resource: Resource) -> Value:
        found = field.value(resource.content)
        if isinstance(found, int | date):
            return found
        shown = field.shown(resource.content)
        return shown[0] if len(shown) == 1 else shown or None

    return value


def _of_fields() -> Iterator[Column]:
    for field in FIELDS:
        if file := field.file:
            linked = field.type.control == "link"
            yield Column(
                file.name, file.label, file.width, file.meaning, _value(field), linked=linked
            )


def columns(site: str) -> tuple[Column, ...]:
    """Return the columns of a file. site: the address of this service, before each path."""
    return (
        *_of_fields(),
        Column(
            "noms_territoires",
            "Parle de",
            30,
            "les territoires dont elle parle, en toutes lettres",
            place_in_words,
        ),
        Column(
            "valeur",
            "Valeur",
            36,
            "qui a validé une fiche, ou ce que vaut une pratique",
            lambda each: standing(each.content) or None,
        ),
        Column(
            "lien_mort_depuis",
            "Lien mort depuis",
            12,
            "depuis quand l’adresse de l’éditeur ne répond plus",
            lambda each: each.link_dead_since,
        ),
        Column("version", "Version", 8, "le numéro de cette version", lambda each: each.edition),
        Column(
            "mise_a_jour",
            "Mise à jour",
            12,
            "le jour de cette version",
            lambda each: each.changed_on,
        ),
        Column(
            "page",
            "Page",
            50,
            "sa page dans ce centre de ressources",
            lambda each: f"{site}{each.path}",
            linked=True,
        ),
    )
