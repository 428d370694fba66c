"""One line -> an ActorRow, or Rejected with the reason."""

import re
from datetime import date
from typing import Any, Literal, TypeVar

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers import terms
from importers.coverage import Coverage, read_coverage
from importers.dates import read_age, read_ages, read_date
from importers.hours import read_hours
from importers.identifiers import read_finess, read_rna, read_siret
from importers.line import LONGEST, Line
from importers.mapping import Mapping
from importers.packed import spread
from importers.phones import find_phones
from importers.reach import holds_phone, read_mailboxes, read_website
from importers.row import ActorRow
from importers.seat import SeatReader
from importers.vocabulary import LISTS, Vocabulary

T = TypeVar("T")

LONGEST_NAME = 300
_ARCHIVED = frozenset(
    {"archived", "archive", "archivee", "ferme", "fermee", "inactif", "inactive", "supprime"}
)
# Words beside a number that may forbid giving it: in doubt it is not taken.
_REFUSAL = re.compile(
    r"\b(?:non(?! stop)|ne|pas|jamais|aucune?|interdit\w*|refus\w*|oppos\w*|confidentiel\w*"
    r"|secret|(?<!poste )internes?|prive\w*|perso\w*|reserve\w*|masque\w*|desaccord|liste rouge)\b"
)
_REFUSED_NUMBER = (
    "Cette cellule semble refuser que le numéro soit donné : il n'est pas repris. S'il peut "
    "l'être, écrivez-le seul."
)
_NO_NUMBER = (
    "Ce numéro de téléphone n'est pas valable. Un numéro a dix chiffres, ou trois à six pour un "
    "numéro court comme le 119."
)
# A line must have one of these beside its name; a remark below the list has none.
_BESIDE_NAME = frozenset({
    "phone", "phone_front_gate", "email", "website", "address", "complement", "postcode", "city",
    "insee", "lon", "lat", "lonlat", "siret", "finess", "rna", "category", "description",
    "functions", "external_id",
})  # fmt: skip


class ActorReader:
    """Reads lines of one list. given: the territory of the whole list; today: for dates."""

    def __init__(
        self,
        mapping: Mapping,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer,
        given: str | None,
        today: date,
    ) -> None:
        self._mapping, self._vocabulary, self._gazetteer = mapping, vocabulary, gazetteer
        self._seats = SeatReader(gazetteer, given)
        self._given, self._today = given, today

    def read(self, line: Line) -> ActorRow:
        """Return the actor of a line, and report what is odd but usable. Raises Rejected."""
        name = " ".join(line.text("name").split())
        if not name:
            line.reject("name", "Le nom manque. Écrivez le nom de l'acteur sur cette ligne.", "")
        if len(name) > LONGEST_NAME:
            line.reject(
                "name",
                f"Ce nom a {len(name)} signes ; la limite est {LONGEST_NAME}. Raccourcissez-le.",
            )
        contacts = spread(line, self._gazetteer, self._given)
        if not line.fields & _BESIDE_NAME:
            line.reject(
                "name",
                "Cette ligne ne donne qu'un nom. Ajoutez au moins une commune, une adresse ou un "
                "téléphone, ou supprimez la ligne.",
            )
        seat = self._seats.read(line)
        category = self._category(line, name)
        low, high = self._ages(line)
        self._report_consent(line, category)
        hours = line.parsed("opening_hours", read_hours)
        return ActorRow(
            line=line.number,
            external_id=line.limited("external_id"),
            name=name,
            acronym=line.limited("acronym"),
            category=category,
            description=line.limited("description"),
            age_min=low,
            age_max=high,
            phones=self._phones(line, seat["territory"]),
            emails=read_mailboxes(line),
            contacts=contacts,
            website=read_website(line),
            opening_hours=hours,
            # Cut where it was, and reported, as the hours were read.
            hours_text=None
            if hours
            else line.text("opening_hours")[: LONGEST["opening_hours"]] or None,
            siret=line.parsed("siret", read_siret),
            finess=line.parsed("finess", read_finess),
            rna=line.parsed("rna", read_rna),
            status=self._status(line),
            verified_on=line.parsed("verified_on", self._date),
            **self._lists(line, category),
            **seat,
            **self._coverage(line, seat["territory"]),
        )

    def _date(self, text: str) -> tuple[date | None, str | None]:
        return read_date(text, self._today)

    def _category(self, line: Line, name: str) -> str:
        text = line.limited("category") or ""
        if (known := self._vocabulary.categories.get(text)) and not known.neutral:
            return text
        if text and (code := terms.category_of(text)):
            return code
        if text:
            line.report(
                "category",
                "Cette catégorie n'est pas reconnue : l'acteur reste caché jusqu'à ce qu'il soit "
                "classé. Écrivez par exemple ASE, CRIP, PJJ, UAPED, Association ou MECS.",
            )
            return terms.UNKNOWN
        plain = fold(name)
        for rule in self._mapping.category_by_name:
            if rule.pattern.search(plain):
                return rule.value
        if code := terms.category_of(name):
            return code
        line.report(
            "name",
            "Rien ne dit ce que fait cet acteur : il reste caché jusqu'à ce qu'il soit classé. "
            "Ajoutez une colonne « Catégorie ».",
        )
        return terms.UNKNOWN

    def _lists(self, line: Line, category: str) -> dict[str, Any]:
        """Return the codes of each list of terms; functions: else those of the category."""
        found = {name: self._codes(line, name) for name in LISTS}
        found["functions"] = (
            found["functions"]
            or self._mapping.functions_by_category.get(category)
            or self._vocabulary.categories[category].functions
        )
        return found

    def _codes(self, line: Line, field: str) -> tuple[str, ...]:
        text = line.limited(field)
        if text is None:
            return ()
        known = self._vocabulary.terms(field)
        codes, unknown = terms.codes_of(text, known)
        if unknown:
            line.report(
                field,
                f"Mots non reconnus : {', '.join(unknown[:5])}. Mots possibles : "
                f"{terms.names(known.values())}.",
            )
        return tuple(codes)

    def _ages(self, line: Line) -> tuple[int | None, int | None]:
        low = line.parsed("age_min", read_age)
        high = line.parsed("age_max", read_age)
        if low is None and high is None and (text := line.limited("ages")):
            low, high, wrong = read_ages(text)
            if wrong:
                line.report("ages", wrong)
        if low is not None and high is not None and low > high:
            line.report("age_min", "L'âge minimum dépasse l'âge maximum. Échangez-les.")
            return None, None
        return low, high

    def _phones(self, line: Line, territory: str) -> tuple[str, ...]:
        phones: dict[str, None] = {}
        for field in ("phone_front_gate", "phone", "email"):
            for cell in line.cells(field):
                if field == "email" and not holds_phone(cell.text):
                    continue
                if _REFUSAL.search(fold(cell.text)):
                    line.report_cell(cell.title, cell.given, _REFUSED_NUMBER)
                    continue
                numbers, odd = find_phones(cell.text[: LONGEST["phone"]], territory)
                phones |= dict.fromkeys(numbers)
                if odd or (not numbers and any(char.isdigit() for char in cell.text)):
                    line.report_cell(cell.title, cell.given, _NO_NUMBER)
        return tuple(phones)

    def _report_consent(self, line: Line, category: str) -> None:
        if line.text("consent_on") and self._vocabulary.categories[category].protected:
            line.report(
                "consent_on",
                "Une liste ne publie pas l'adresse d'un lieu d'accueil, quoi qu'elle dise de son "
                "accord. Quand vous avez l'accord écrit, exécutez « mesure23 unprotect ».",
            )

    def _status(self, line: Line) -> Literal["published", "archived"]:
        return "archived" if fold(line.text("status")) in _ARCHIVED else "published"

    def _coverage(self, line: Line, territory: str) -> Coverage:
        text = line.limited("coverage")
        if text is None:
            return {}
        coverage, unknown = read_coverage(text, self._gazetteer, territory)
        if unknown:
            line.report(
                "coverage",
                f"Territoires non reconnus : {', '.join(unknown[:5])}. Écrivez des départements ou "
                "des communes, séparés par des points-virgules.",
            )
        return coverage
