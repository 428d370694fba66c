"""What a sheet says of an actor: whole, or with a sign that there is more where paper ends."""

import re

from app.search.actor_schemas import ActorCard
from app.search.columns import hours_lines
from geo.names import normalise

# Says that there is more, behind the code that each sheet has to scan.
REST = "suite : code QR"
# Characters of a street, of a town and of a line of hours; lines of hours; numbers to call. No
# actor that anybody knows of has more, and lists hold anything.
STREET, TOWN, LINE, LINES, MOST_PHONES = 180, 90, 240, 14, 10
_STREET_LINES = 4
_POSTCODE = re.compile(r"\b\d{5}\b")
# A dash between no-break spaces, with a word joiner, so that no line ends behind it.
_DASH = "\u00a0–\u2060\u00a0"


def cut(text: str, most: int) -> str:
    """Return a text of `most` characters at most: what is longer ends on a whole word and "…"."""
    if len(text) <= most:
        return text
    whole = re.match(rf".{{1,{most - 1}}}(?=\s)", text, re.DOTALL)
    return f"{(whole[0] if whole else text[: most - 1]).rstrip(' ,;:–-')}…"


def where(card: ActorCard) -> tuple[str, ...]:
    """Return the address of an actor in lines, its town always among them, else its territory.

    Of a long one the street is cut, and never the postcode and the town that it ends with.
    """
    address = card.address or ""
    codes = [match.start() for match in _POSTCODE.finditer(address)]
    street, town = (address[: codes[-1]], address[codes[-1] :]) if codes else (address, "")
    lines = [line.strip(" ,") for line in cut(street.strip(), STREET).splitlines()]
    lines[_STREET_LINES:] = [", ".join(lines[_STREET_LINES:])]
    lines.append(cut(" ".join(town.split()), TOWN))
    lines = [line for line in lines if line]
    if card.commune_name and not _names(lines, card.commune_name):
        lines.append(card.commune_name)
    return tuple(lines) or (card.seat_territory_name,)


def hours(osm: str | None, words: str | None = None) -> tuple[str, ...]:
    """Return opening hours in French, a line for each rule; a line never breaks before its end.

    words: those of their list, where they were not understood.
    """
    said = tuple(hours_lines(osm)) if osm else tuple((words or "").splitlines())
    # A line that ends with "13 h 30 –" would read as hours without an end.
    lines = [cut(line, LINE).replace(" – ", _DASH) for line in said[:LINES]]
    cut_off = len(said) > LINES or any(len(line) > LINE for line in said)
    return (*lines, REST) if cut_off else tuple(lines)


def _names(lines: list[str], commune: str) -> bool:
    """Say that an address names its town: behind a postcode, or as a part of its own.

    In a street it is another town's: rue de Paris. "Marcq-en-Baroeul" is Marcq-en-Barœul.
    """
    name = normalise(commune)
    last = lines[-1] if lines else ""
    if code := _POSTCODE.search(last):
        return f" {name} " in f" {normalise(last[code.end() :])} "
    return name in map(normalise, last.split(","))
