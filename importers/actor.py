"""One line -> an ActorRow, or Rejected with the reason."""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, TypeVar

from geo.address import PostalAddress, read_address
from geo.gazetteer import Gazetteer
from geo.postal import clean_postcode, has_cedex
from geo.text import fold
from importers import terms
from importers.contacts import read_email, read_url
from importers.coordinates import PlaceCheck, Point, read_number, read_pair
from importers.coverage import Coverage, read_coverage
from importers.dates import read_age, read_ages, read_date
from importers.hours import read_hours
from importers.identifiers import read_finess, read_rna, read_siret
from importers.line import Line
from importers.location import Clues, Location, resolve
from importers.mapping import Mapping
from importers.phones import find_phones
from importers.row import ActorRow, Phone, Precision
from importers.vocabulary import Vocabulary

T = TypeVar("T")

LONGEST_NAME = 300
# Longest texts taken, in characters; what is longer is cut, and that is reported.
LONGEST = {
    "acronym": 40, "description": 5_000, "address": 500, "complement": 500, "functions": 1_000,
    "audiences": 1_000, "phone": 500, "phone_front_gate": 500, "opening_hours": 500,
    "city": 100, "category": 300, "external_id": 200, "coverage": 1_000,
}  # fmt: skip
LONGEST_ELSEWHERE = 500
_ARCHIVED = frozenset(
    {"archived", "archive", "archivee", "ferme", "fermee", "inactif", "inactive", "supprime"}
)
_PRECISIONS: dict[str, Precision] = {
    "address": "address",
    "adresse": "address",
    "numero": "address",
    "street": "street",
    "rue": "street",
    "locality": "locality",
    "lieu dit": "locality",
    "commune": "commune",
}
# Words beside a number that keep it from being given: in doubt it is not.
_REFUSAL = re.compile(
    r"\b(?:non(?! stop)|ne|pas|jamais|aucun|interdit\w*|refus\w*|oppos\w*|confidentiel\w*"
    r"|secret|usage interne|numero interne|prive|reserve\w*|masque\w*|desaccord)\b"
)
_REFUSED_NUMBER = (
    "Cette cellule semble refuser que le numéro soit donné : il n'est pas repris. S'il peut "
    "l'être, écrivez-le seul."
)
_NO_NUMBER = (
    "Ce numéro de téléphone n'est pas valable. Un numéro a dix chiffres, ou trois à six pour un "
    "numéro court comme le 119."
)
_POSTCODE_AND_MORE = re.compile(r"([0-9]{2} ?[0-9]{3})[\s,–-]*([^\W\d_].*)", re.DOTALL)
# A line must say one of these beside its name; a remark below the list says none.
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
        check: PlaceCheck,
        given: str | None,
        today: date,
    ) -> None:
        self._mapping, self._vocabulary = mapping, vocabulary
        self._gazetteer, self._check = gazetteer, check
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
        if not line.fields & _BESIDE_NAME:
            line.reject(
                "name",
                "Cette ligne ne donne qu'un nom. Ajoutez au moins une commune, une adresse ou un "
                "téléphone, ou supprimez la ligne.",
            )
        address = self._address(line)
        location = self._locate(line, address)
        territory = location.territory
        if territory is None:
            line.reject(
                "city" if line.text("city") else "territory",
                "Le territoire de cette ligne est inconnu. Ajoutez la commune avec son code postal "
                "ou son code INSEE, ou indiquez le département de la liste.",
            )
        category = self._category(line, name)
        point, precision = self._point(line, location, territory)
        ages = self._ages(line)
        self._report_consent(line, category)
        return ActorRow(
            line=line.number,
            external_id=self._text(line, "external_id"),
            name=name,
            acronym=self._text(line, "acronym"),
            category=category,
            description=self._text(line, "description"),
            functions=self._functions(line, category),
            audiences=self._codes(line, "audiences"),
            age_min=ages[0],
            age_max=ages[1],
            phones=self._phones(line, territory),
            email=self._checked(line, "email", read_email),
            website=self._checked(line, "website", read_url),
            opening_hours=self._checked(line, "opening_hours", read_hours),
            address=address.text or None,
            street=address.street,
            postcode=address.postcode,
            city=address.city
            or self._text(line, "city")
            or (location.commune and location.commune.name),
            commune=location.commune.code if location.commune else None,
            territory=territory,
            lon=point.lon if point else None,
            lat=point.lat if point else None,
            precision=precision,
            siret=self._checked(line, "siret", read_siret),
            finess=self._checked(line, "finess", read_finess),
            rna=self._checked(line, "rna", read_rna),
            status=self._status(line),
            verified_on=self._checked(line, "verified_on", self._date),
            **self._coverage(line, territory),
        )

    def _text(self, line: Line, field: str) -> str | None:
        """Return the text of a field, cut where it is longer than that field may be."""
        text = line.text(field)
        longest = LONGEST.get(field, LONGEST_ELSEWHERE)
        if len(text) > longest:
            line.report(field, f"Ce texte a {len(text)} signes ; il est coupé après {longest}.")
            text = text[:longest].rstrip()
        return text or None

    def _checked(
        self, line: Line, field: str, read: Callable[[str], tuple[T | None, str | None]]
    ) -> T | None:
        text = self._text(line, field)
        if text is None:
            return None
        value, wrong = read(text)
        if wrong:
            line.report(field, wrong)
        return value

    def _date(self, text: str) -> tuple[date | None, str | None]:
        return read_date(text, self._today)

    def _address(self, line: Line) -> PostalAddress:
        code, city = line.text("postcode"), self._text(line, "city") or ""
        if found := _POSTCODE_AND_MORE.fullmatch(code):
            code, more = found.groups()
            # "93000 Cedex" beside "Bobigny"; a name of a town counts where the line has no other.
            if not city or (has_cedex(more.split()[0]) and not has_cedex(city)):
                city = f"{city} {more}".strip()
        if code and clean_postcode(code) is None:
            line.report(
                "postcode",
                f"Le code postal {code} n'existe pas : il commence par 01 à 98. Corrigez-le."
                if re.fullmatch(r"[0-9]{5}", code)
                else "Un code postal a cinq chiffres. Corrigez-le.",
            )
        address, complement = self._text(line, "address"), self._text(line, "complement")
        return read_address(address, complement, code, city)

    def _locate(self, line: Line, address: PostalAddress) -> Location:
        clues = Clues(
            insee=line.text("insee"),
            city=address.city or line.text("city"),
            postcode=address.postcode,
            territory=line.text("territory"),
            hint=line.text("insee_hint"),
        )
        location = resolve(clues, self._gazetteer, self._given)
        if location.territory is not None:
            for field, message in location.reported:
                line.report(field, message)
        return location

    def _category(self, line: Line, name: str) -> str:
        text = self._text(line, "category") or ""
        if text in self._vocabulary.categories:
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

    def _codes(self, line: Line, field: Literal["functions", "audiences"]) -> tuple[str, ...]:
        text = self._text(line, field)
        if text is None:
            return ()
        known = getattr(self._vocabulary, field)
        codes, unknown = terms.codes_of(text, known)
        if unknown:
            line.report(
                field,
                f"Mots non reconnus : {', '.join(unknown[:5])}. Mots possibles : "
                f"{terms.names(known.values())}.",
            )
        return tuple(codes)

    def _functions(self, line: Line, category: str) -> tuple[str, ...]:
        return (
            self._codes(line, "functions")
            or self._mapping.functions_by_category.get(category)
            or self._vocabulary.categories[category].functions
        )

    def _ages(self, line: Line) -> tuple[int | None, int | None]:
        low = self._checked(line, "age_min", read_age)
        high = self._checked(line, "age_max", read_age)
        if low is None and high is None and (text := self._text(line, "ages")):
            low, high, wrong = read_ages(text)
            if wrong:
                line.report("ages", wrong)
        if low is not None and high is not None and low > high:
            line.report("age_min", "L'âge minimum dépasse l'âge maximum. Échangez-les.")
            return None, None
        return low, high

    def _phones(self, line: Line, territory: str) -> tuple[Phone, ...]:
        phones: dict[str, Phone] = {}
        for field in ("phone_front_gate", "phone"):
            for cell in line.cells(field):
                if _REFUSAL.search(fold(cell.text)):
                    line.report_cell(cell.title, cell.given, _REFUSED_NUMBER)
                    continue
                numbers, odd = find_phones(cell.text[: LONGEST["phone"]], territory)
                for number in numbers:
                    phones.setdefault(number, Phone(number=number))
                if odd or (not numbers and any(char.isdigit() for char in cell.text)):
                    line.report_cell(cell.title, cell.given, _NO_NUMBER)
        return tuple(phones.values())

    def _report_consent(self, line: Line, category: str) -> None:
        if line.text("consent_on") and self._vocabulary.categories[category].protected:
            line.report(
                "consent_on",
                "Une liste ne publie pas l'adresse d'un lieu d'accueil, quoi qu'elle dise de son "
                "accord. Quand vous avez l'accord écrit, exécutez « mesure23 unprotect ».",
            )

    def _status(self, line: Line) -> Literal["published", "archived"]:
        return "archived" if fold(line.text("status")) in _ARCHIVED else "published"

    def _point(
        self, line: Line, location: Location, territory: str
    ) -> tuple[Point | None, Precision | None]:
        lon, lat = read_number(line.text("lon")), read_number(line.text("lat"))
        field = "lon"
        if lon is None and lat is None and line.text("lonlat"):
            field = "lonlat"
            # "latitude, longitude" is how maps on the web show a point; WKT says it the other way.
            lat, lon = read_pair(line.text("lonlat")) or (None, None)
            if line.text("lonlat").upper().startswith("POINT"):
                lat, lon = lon, lat
        if lon is None or lat is None:
            if line.fields & {"lon", "lat", "lonlat"}:
                field = next(f for f in ("lon", "lat", "lonlat") if f in line.fields)
                line.report(
                    field, "Coordonnées illisibles. Donnez deux nombres, par exemple 48,91 et 2,44."
                )
            return None, None
        point = Point(lon, lat)
        if wrong := self._check.wrong(point, location.commune, territory):
            line.report(field, wrong, f"{lat}, {lon}")
            return None, None
        return point, _PRECISIONS.get(fold(line.text("precision")), "address")

    def _coverage(self, line: Line, territory: str) -> Coverage:
        text = self._text(line, "coverage")
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
