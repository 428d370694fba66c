"""A resource in a list: what it is, in a few lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from app.resources.forms import NOT_EVALUATED_LABEL, Form, Reach
from app.resources.vocabulary import label

# Of a summary, as much as a card has room for.
SHORT = 240
COLUMNS = (
    *("public_id", "slug", "form", "title", "subtitle", "bodies", "year", "type", "nature"),
    *("summary", "proof", "validations", "reach", "territories", "url", "languages"),
    *("review_on", "link_dead_since"),
)


# Not frozen: to freeze one takes longer than to make it.
@dataclass(slots=True, kw_only=True)
class Card:
    """What a list says of a resource; labels are French.

    places: of where it speaks. proof: of a practice alone, "" of all else; validated: of a sheet
    alone. passage: where its text has the words that were looked for, marked; summary: "" where
    that stands in its place.
    """

    public_id: str
    slug: str
    form: Form
    form_label: str
    title: str
    subtitle: str
    bodies: tuple[str, ...]
    year: int | None
    type_label: str
    nature_label: str
    summary: str
    proof: str
    proof_label: str
    validated: bool | None
    places: tuple[str, ...]
    url: str | None
    languages: tuple[str, ...]
    review_on: date | None
    link_dead_since: date | None
    passage: Markup | None = None

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/ressources/{self.public_id}/{self.slug}"


def card_of(row: Mapping[Any, Any], names: Mapping[str, str], passage: Markup | None) -> Card:
    """Return the card of a row of COLUMNS; names: of territories, by code."""
    form, proof = Form(row["form"]), row["proof"] or ""
    is_practice = form is Form.PRACTICE
    not_evaluated = NOT_EVALUATED_LABEL.capitalize() if is_practice else ""
    return Card(
        public_id=row["public_id"],
        slug=row["slug"],
        form=form,
        form_label=label("forms", form),
        title=row["title"],
        subtitle=row["subtitle"] or "",
        bodies=tuple(row["bodies"]),
        year=row["year"],
        type_label=label("types", row["type"]) if form is Form.DOCUMENT and row["type"] else "",
        nature_label=label("natures", row["nature"]) if row["nature"] else "",
        summary="" if passage else shortened(row["summary"]),
        proof=proof,
        proof_label=label("proofs", proof) if proof else not_evaluated,
        validated=bool(row["validations"]) if form is Form.SHEET else None,
        places=places_of(row["reach"], row["territories"], names),
        url=row["url"],
        languages=tuple(row["languages"]),
        review_on=row["review_on"],
        link_dead_since=row["link_dead_since"],
        passage=passage,
    )


def places_of(reach: str, codes: list[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return of where a resource speaks, in French: territories by name, or how far it reaches."""
    if reach != Reach.TERRITORIES:
        return (label("reaches", reach),)
    return tuple(names.get(code, code) for code in codes)


def shortened(text: str) -> str:
    """Return the first words of a text on one line, as many as a card has room for."""
    line = " ".join(text.split())
    if len(line) <= SHORT:
        return line
    return f"{line[:SHORT].rpartition(' ')[0] or line[:SHORT]}…"
