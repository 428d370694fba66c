"""What a person typed, read as words, postcode and territory; no database here."""

import re
from dataclasses import dataclass

from geo.arrondissements import DISTRICTS
from geo.names import normalise, without_article
from geo.postal import BOX, CEDEX, POSTCODE
from geo.street import find_street

# Longest text that is read: an address with its commune, postcode and country.
TEXT_MAX = 200
_MAIL = re.compile(rf"{CEDEX}|{BOX}\s?[0-9]+|[,(]\s*france\)?\s*$", re.I)
TERRITORY = re.compile(r"[0-9]{2}|2[ab]|97[0-9]|98[0-9]|69[dm]")
_DISTRICT = re.compile(
    r"(?:(?P<city>paris|lyon|marseille) )?(?P<number>[0-9]{1,2})"
    r" ?(?P<nth>er|ere|e|eme|ieme|nd|nde)?(?P<word> arr(?:dt|t|ondissement)?)?"
)
_NUMBERED = re.compile(r"[0-9]{1,5} ?(?:bis|ter|quater|[a-d])? [a-z]{2}")


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A typed text. Nothing of it is ever logged: it may be the address of a child.

    name: normalised, without article, postcode or territory. districts: normalised names of
    arrondissements that it means. territory: a code written beside a name ("Saint-Denis 93").
    begun: the first digits of a postcode, where there is nothing else.
    """

    text: str
    name: str
    full_name: str
    postcode: str | None = None
    begun: str | None = None
    territory: str | None = None
    districts: tuple[str, ...] = ()

    @property
    def is_address(self) -> bool:
        """Say whether it has the word of a way, or a number in front of words."""
        if find_street(self.text, ways_only=True):
            return True
        return self.territory is None and bool(_NUMBERED.match(self.full_name))


def read(text: str) -> PlaceQuery:
    """Read a text as a person types it, of any length and any signs."""
    text = " ".join(each for each in text[:TEXT_MAX].split() if each.isprintable())
    rest = _MAIL.sub(" ", text)
    written = POSTCODE.search(rest)
    if written:
        rest = f"{rest[: written.start()]} {rest[written.end() :]}"
    postcode = "".join(written.groups()) if written else None
    # A letter that begins a name is no short form: "s" is not "sur".
    letter = rest.strip().lower()
    name = letter if re.fullmatch("[a-z]", letter) else normalise(rest)
    if name.isdigit() and postcode is None and 3 <= len(name) <= 4:
        return PlaceQuery(text, name, name, begun=name)
    if parts := districts(name):
        return PlaceQuery(text, name, name, postcode, districts=parts)
    name, territory = _split_territory(name)
    return PlaceQuery(text, without_article(name), name, postcode, territory=territory)


def _split_territory(name: str) -> tuple[str, str | None]:
    """Take the code of a territory from behind or before a name: "saint denis 93"."""
    ends = [name.rpartition(" ")[::2]]
    # "93 Saint-Denis", but not "93 rue Saint-Denis".
    if not find_street(name, ways_only=True):
        ends.append(name.partition(" ")[::-2])
    for rest, code in ends:
        if rest and TERRITORY.fullmatch(code) and not re.search(r"[0-9]", rest):
            return rest, "69" if code == "69d" else code.upper()
    return name, None


def districts(name: str) -> tuple[str, ...]:
    """Return the names of the arrondissements of a name: "paris 11", "11e", "lyon 3eme arrdt"."""
    match = _DISTRICT.fullmatch(name)
    if match is None or not (match["city"] or match["nth"] or match["word"]):
        return ()
    number = int(match["number"])
    nth = "1er" if number == 1 else f"{number}e"
    return tuple(
        f"{city} {nth} arrondissement"
        for city, last in DISTRICTS.items()
        if match["city"] in (None, city) and 1 <= number <= last
    )
