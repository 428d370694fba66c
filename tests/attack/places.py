"""One invented place, and its line of a list.

What must never be read of a hidden place is unmistakable, and shaped as in real lists: its words
begin with "Brunqu", its mobile with 06 39 98, its register numbers with 9923. Those of the places
that are published begin with "Clarmo", 01 99 00 and 8823 instead.
"""

from dataclasses import dataclass
from typing import Literal

from stdnum.luhn import calc_check_digit

from geo.territories import Commune

MARKER, OPEN_MARKER = "Brunqu", "Clarmo"
MOBILE, OPEN_PHONE, GATE_PHONE = "063998", "019900", "046571"
REGISTER, OPEN_REGISTER = "9923", "8823"

# sealed: housed children, or of unknown category. neighbour: shares the address of the one before,
# which alone is hidden of it. decided: published, then protected by an act. secret: the same, and
# its existence is hidden.
Case = Literal["open", "sealed", "neighbour", "decided", "secret", "draft", "archived"]
SHELTERS = ("MECS", "Foyer de l'enfance", "Lieu de vie", "Pouponnière", "Autre hébergement")
SERVICES = ("ASE", "CRIP", "Association", "Police", "Santé", "Justice", "UAPED")
# Those of one family each: which of them a hidden place is, the public may not read.
FAMILIES = (
    SHELTERS,
    ("ASE", "CRIP"),
    ("Police", "Justice"),
    ("Santé", "UAPED"),
    ("Association",),
    ("genre inconnu",),
)
MISSIONS = ("écoute", "soin", "maraude", "formation")
SYLLABLES = tuple(c + v for c in "bdfglmnprstvz" for v in "ae")
COLUMNS = (
    *("Identifiant", "Nom", "Sigle", "Type", "Adresse", "Code postal", "Commune", "Code INSEE"),
    *("Téléphone", "Téléphone communicable", "Courriel", "Site internet", "Description", "SIRET"),
    *("FINESS", "RNA", "Longitude", "Latitude", "Fonctions", "Public", "Statut"),
    *("Horaires", "Âge minimum", "Âge maximum", "Couverture", "Accessibilité"),
    *("Comment orienter (public)", "Qui peut orienter (public)"),
)


@dataclass(frozen=True, slots=True)
class InventedPlace:
    """One line of a list. edition: another one has the same identifier and other secrets."""

    number: int
    case: Case
    category: str
    commune: Commune
    lon: float | None
    lat: float | None
    edition: int = 0
    # Its address is that of another place.
    beside: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether its street, its point and its register numbers are sentinels."""
        return self.case != "open"

    @property
    def neutral(self) -> bool:
        """Whether all of its words are: of a neighbour the address alone is hidden."""
        return self.case not in ("open", "neighbour")

    @property
    def version(self) -> int:
        """The edition of what is published of a neighbour, which is always the same."""
        return self.edition if self.neutral else 0

    def word(self, part: int, number: int | None = None) -> str:
        """Return a word that no other place has; part 1 is of its street."""
        secret = self.neutral or (self.hidden and part == 1)
        edition = self.edition if secret else 0
        rank = ((self.number if number is None else number) * 2 + edition) * 8 + part
        tail = ""
        for _ in range(4):
            rank, digit = divmod(rank, len(SYLLABLES))
            tail += SYLLABLES[digit]
        return (MARKER if secret else OPEN_MARKER) + tail

    @property
    def street(self) -> str:
        """Number and way."""
        number = self.number if self.beside is None else self.beside
        return f"{number % 97 + 1} rue {self.word(1, number)}"

    @property
    def serial(self) -> str:
        """Four digits that no other place and edition has."""
        return f"{self.number + 5000 * self.edition:04d}"

    @property
    def phone(self) -> str:
        """Ten digits, of a range that is never given to anybody."""
        serial = f"{self.number + 5000 * self.version:04d}"
        return (MOBILE if self.neutral else OPEN_PHONE) + serial

    @property
    def gate_phone(self) -> str:
        """Another ten digits, under a title that says they may be given: no list decides that."""
        serial = f"{self.number + 5000 * self.version + 2500:04d}"
        return (MOBILE if self.neutral else GATE_PHONE) + serial

    @property
    def register(self) -> str:
        """What its register numbers begin with."""
        return REGISTER if self.hidden else OPEN_REGISTER

    @property
    def siret(self) -> str:
        """Fourteen digits that pass both checks."""
        siren = self.register + self.serial
        siret = f"{siren}{calc_check_digit(siren)}0001"
        return siret + calc_check_digit(siret)

    @property
    def finess(self) -> str:
        """Nine digits."""
        return f"{self.register}0{self.serial}"

    @property
    def rna(self) -> str:
        """A W and nine digits."""
        return f"W{self.register}0{self.serial}"

    @property
    def words(self) -> list[str]:
        """Every made-up word of its line."""
        return [self.word(part) for part in range(8)]

    @property
    def hours(self) -> str:
        """In the syntax of OpenStreetMap, with a word of its own or without."""
        word = f'"Mo-Fr 09:00-17:00 ""sonner chez {self.word(7)}"""'
        return ("24/7", "Mo-Fr 09:00-17:00", word, "")[(self.number + self.version) % 4]

    @property
    def coverage(self) -> str:
        """Its commune, which a hidden place must not say; its territory; or nothing."""
        return {0: self.commune.name, 1: "département"}.get((self.number + self.version) % 5, "")

    def line(self) -> str:
        """Return its line of a list."""
        name, _, mail, site, text, acronym, text_end, _ = self.words
        gate = self.gate_phone if self.number % 3 == 0 else ""
        # Otherwise in another edition: what it does, and for whom.
        other = self.number + self.version
        audience = "mineurs" if other % 2 else "parents, mineurs"
        cells = (
            *(f"E{self.number}", f"Service {name}", acronym, self.category, self.street),
            *(self.commune.postcodes[0] if self.commune.postcodes else "", self.commune.name),
            *(self.commune.code, self.phone, gate, f"{mail.lower()}@example.org"),
            *(f"https://{site.lower()}.example/", f"Portail {text} derrière {text_end}"),
            *(self.siret, self.finess, self.rna),
            *("" if each is None else str(each) for each in (self.lon, self.lat)),
            *(MISSIONS[other % 4], audience, "fermé" if self.case == "archived" else "ouvert"),
            *(self.hours, str(other % 12), str(18 + other % 4), self.coverage),
            *(f"En partie, portail {text}", f"Sonner au portail {text_end}", f"Portail {text}"),
        )
        return ";".join(cells)
