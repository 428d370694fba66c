"""One line -> an ActorRow, or Rejected with the reason."""

import re
from datetime import date
from typing import Any, Literal, TypeVar

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers import problems, terms
from importers.access import read_access
from importers.accommodation import houses_adults, names_a_person, read_signs
from importers.ages import ages_among, read_age, read_ages
from importers.coverage import Coverage, read_coverage
from importers.dates import read_date
from importers.hours import read_hours
from importers.identifiers import read_finess, read_rna, read_siret
from importers.line import LONGEST, REFERRALS, Line
from importers.mapping import Mapping
from importers.packed import spread
from importers.persons import called_as_a_person
from importers.phones import find_phones
from importers.reach import holds_phone, read_mailboxes, read_website
from importers.row import ActorRow, Sign
from importers.seat import SeatReader
from importers.secrecy import read_secrecy, withdrawn
from importers.vocabulary import LISTS, SPECIALITY, Vocabulary
from importers.withholding import read_reach, read_words

T = TypeVar("T")

LONGEST_NAME = 300
ARCHIVED = frozenset(
    {"archived", "archive", "archivee", "ferme", "fermee", "inactif", "inactive", "supprime"}
)
_YES = frozenset({"oui", "o", "x", "1", "vrai", "yes"})
_DOUBT = re.compile(r"\b(?:non|pas|aucune?|sans|hors|ni|projet|prevu)\b")
_NO_NUMBER = (
    "Ce numéro de téléphone n'est pas valable. Un numéro a dix chiffres, ou trois à six pour un "
    "numéro court comme le 119."
)
_PERSON = (
    "Cette ligne nomme une personne qui accueille chez elle : ce sont des données personnelles, "
    "elle n'est pas reprise. Inscrivez plutôt le service qui l'emploie."
)
_NAMED = (
    "Ce nom semble celui d'une personne : ce sont des données personnelles, la fiche reste cachée "
    "jusqu'à ce que quelqu'un réponde. Écrivez plutôt le nom du service."
)
# A line must have one of these beside its name; a remark below the list has none.
_BESIDE_NAME = frozenset({
    "phone", "phone_front_gate", "email", "website", "address", "complement", "postcode", "city",
    "insee", "lon", "lat", "lonlat", "siret", "finess", "rna", "category", "description",
    "functions", "external_id", "phone_withheld", "duty_phone", "email_withheld",
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
            line.reject("name", "Le nom manque. Écrivez le nom de l'acteur.", "")
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
        if names_a_person(" ".join(map(line.text, ("category", "section", "sheet"))), name):
            line.reject("name", _PERSON, "")
        category, given = self._category(line, name)
        off_map = category == terms.OFF_MAP
        category = terms.UNKNOWN if off_map else category
        signs = _signs(line, name, given)
        low, high = self._ages(line)
        phones = self._phones(line, seat["territory"])
        reach = read_reach(line, seat["territory"], phones, read_mailboxes(line), contacts)
        self._report_consent(line, category)
        return ActorRow(
            line=line.number,
            sheet=line.sheet,
            external_id=line.limited("external_id"),
            name=name,
            acronym=withdrawn(line, "acronym", line.limited("acronym")),
            category=category,
            description=read_words(
                line, "description", seat["territory"], line.limited("description")
            ),
            age_min=low,
            age_max=high,
            **reach,
            website=read_website(line),
            **self._hours(line, seat["territory"]),
            **self._coming(line, seat["territory"]),
            siret=line.parsed("siret", read_siret),
            finess=line.parsed("finess", read_finess),
            rna=line.parsed("rna", read_rna),
            status=self._status(line),
            verified_on=line.parsed("verified_on", self._date),
            **self._lists(line, category),
            **seat,
            **self._coverage(line, seat["territory"]),
            signs=signs,
            off_map=off_map,
            consent=_as_written(line, "consent_on"),
        )

    def _date(self, text: str) -> tuple[date | None, str | None]:
        return read_date(text, self._today)

    def _category(self, line: Line, name: str) -> tuple[str, str | None]:
        """Return the category of a line, and the one that its own column names.

        OFF_MAP where its word belongs to none, as a person said, and nothing else tells.
        """
        text = _first_category(line)
        known = self._vocabulary.categories.get(text)
        named = (known.code,) if known and not known.neutral else terms.categories_of(text)
        chosen = self._mapping.words.get("category", {}).get(terms.stem(text)) if text else None
        if len(named) > 1:
            return self._one_of(line, named, chosen, name), None
        given = next(iter(named), None)
        if chosen in self._vocabulary.categories and not given:
            # What hides is read of the word itself, whatever it was chosen to be.
            return self._home_by_name(name) or chosen, None
        code = given or self._category_by_name(name)
        if text and not given:
            since = None if code else terms.off_map_since(chosen)
            # Of these what is wrong is said once, with the other signs.
            if since and not _signs(line, name, None, says=False):
                line.report("category", problems.off_map(since))
                return terms.OFF_MAP, None
            by_name = code not in (None, terms.UNKNOWN)
            line.report(
                "category", problems.CATEGORY_BY_NAME if by_name else problems.UNKNOWN_CATEGORY
            )
        elif code is None:
            line.report(
                "name",
                "Rien ne dit ce que fait cet acteur : il reste caché jusqu'à ce qu'il soit classé. "
                "Ajoutez une colonne « Catégorie ».",
            )
        elif code == terms.UNKNOWN and houses_adults(f"{text}\n{name}"):
            line.report(
                "category" if given else "name",
                "Cet acteur semble héberger des adultes : il reste caché jusqu'à ce qu'il soit "
                "classé. Retirez-le de la liste s'il n'accueille pas de mineurs.",
            )
        return code or terms.UNKNOWN, given

    def _one_of(self, line: Line, named: tuple[str, ...], chosen: str | None, name: str) -> str:
        """Return which of several categories a line has: the one of its name, or the chosen one.

        OFF_MAP where a person said that of the word, and nothing else tells.
        """
        by_name = self._category_by_name(name)
        tells = by_name in named
        known = self._vocabulary.categories.get(chosen or "")
        if known and (known.protected or known.code not in named or not tells):
            return known.code if known.protected else self._home_by_name(name) or known.code
        others = {terms.category_of(each.text) for each in line.cells("category")}
        since = None if by_name or others - {None, *named} else terms.off_map_since(chosen)
        if since and not _signs(line, name, None, says=False):
            line.report("category", problems.off_map(since))
            return terms.OFF_MAP
        if not known:
            said = problems.ONE_BY_NAME if tells else problems.SEVERAL_CATEGORIES
            line.report("category", said)
        return by_name if by_name and tells else terms.UNKNOWN

    def _home_by_name(self, name: str) -> str | None:
        """Return what kind of home a name makes of an actor: no chosen word makes it public."""
        code = self._category_by_name(name)
        return code if code and self._vocabulary.categories[code].protected else None

    def _category_by_name(self, name: str) -> str | None:
        plain = fold(name)
        for rule in self._mapping.category_by_name:
            if rule.pattern.search(plain):
                return rule.value
        return terms.category_of(name)

    def _lists(self, line: Line, category: str) -> dict[str, Any]:
        """Return the codes of each list of terms; functions: else those of the category."""
        found = {name: self._codes(line, name) for name in LISTS}
        functions = (
            found["functions"]
            or self._mapping.functions_by_category.get(category)
            or self._vocabulary.categories[category].functions
        )
        found["functions"] = tuple(dict.fromkeys((*functions, *self._specialities(line))))
        return found

    def _specialities(self, line: Line) -> list[str]:
        """Return the functions that an actor declares to be special for; a doubt is no."""
        declared = line.limited("speciality") or ""
        codes, _ = terms.codes_of(declared, self._vocabulary.functions)
        if _DOUBT.search(fold(declared)) or "?" in declared:
            codes = []
        if fold(line.text("specialised")) in _YES:
            codes.append(SPECIALITY)
        return codes

    def _codes(self, line: Line, field: str) -> tuple[str, ...]:
        text = line.limited(field)
        if text is None:
            return ()
        known = self._vocabulary.terms(field)
        codes, unknown = terms.codes_in(field, text)
        if chosen := self._mapping.words.get(field):
            said = {each: chosen.get(terms.stem(each), "") for each in unknown}
            codes += [code for code in said.values() if code in known]
            unknown = [each for each, code in said.items() if code not in known]
        if unknown:
            # Of languages there are too many to list.
            few = len(known) <= terms.MOST_NAMED
            others = f" Mots possibles : {terms.names(known.values())}." if few else ""
            line.report(field, f"{problems.UNKNOWN_WORDS}{', '.join(unknown[:5])}.{others}")
        return tuple(dict.fromkeys(codes))

    def _ages(self, line: Line) -> tuple[int | None, int | None]:
        low = line.parsed("age_min", read_age)
        high = line.parsed("age_max", read_age)
        if low is None and high is None and (text := line.limited("ages")):
            low, high, wrong = read_ages(text)
            if wrong:
                line.report("ages", wrong)
        if low is None and high is None:
            low, high = ages_among(line.text("audiences")[: LONGEST["audiences"]])
        if low is not None and high is not None and low > high:
            line.report("age_min", "L'âge minimum dépasse l'âge maximum. Échangez-les.")
            return None, None
        return low, high

    def _phones(self, line: Line, territory: str) -> tuple[str, ...]:
        phones: dict[str, None] = {}
        for field in ("phone_front_gate", "phone", "duty_phone", "phone_withheld", "email"):
            for cell in line.cells(field):
                if field == "email" and not holds_phone(cell.text):
                    continue
                numbers, odd = find_phones(cell.text[: LONGEST["phone"]], territory)
                phones |= dict.fromkeys(numbers)
                if odd or (not numbers and any(char.isdigit() for char in cell.text)):
                    line.report_cell(cell.title, cell.given, _NO_NUMBER)
        return tuple(phones)

    def _hours(self, line: Line, territory: str) -> dict[str, Any]:
        """Return when an actor is there, understood or in its words, and who answers otherwise."""
        hours = line.parsed("opening_hours", read_hours)
        # Cut where it was, and reported, as the hours were read.
        words = None if hours else line.text("opening_hours")[: LONGEST["opening_hours"]] or None
        return {
            "opening_hours": withdrawn(line, "opening_hours", hours),
            "hours_text": withdrawn(line, "opening_hours", words),
            "duty_phones": self._numbers(line, "duty_phone", territory),
            "duty_hours": line.parsed("duty_hours", read_hours),
        }

    def _coming(self, line: Line, territory: str) -> dict[str, Any]:
        """Return whether disabled people can come in, and how and by whom one is referred."""
        answer, words = read_access(line.limited("access") or "")
        found = {name: line.limited(name) for name in REFERRALS}
        for name in ("referral_public", "referrers_public"):
            found[name] = read_words(line, name, territory, found[name])
        said = read_words(line, "access", territory, words)
        return {"access": answer, "access_text": said, **found}

    def _numbers(self, line: Line, field: str, territory: str) -> tuple[str, ...]:
        """Return the numbers of a field, which _phones reads and reports as well."""
        cells = (
            find_phones(cell.text[: LONGEST["phone"]], territory) for cell in line.cells(field)
        )
        return tuple(dict.fromkeys(number for numbers, _ in cells for number in numbers))

    def _report_consent(self, line: Line, category: str) -> None:
        if line.text("consent_on") and self._vocabulary.categories[category].protected:
            line.report(
                "consent_on",
                "Une liste ne publie pas l'adresse d'un lieu d'accueil, quoi qu'elle dise de son "
                "accord. Quand vous avez l'accord écrit, levez la protection sur sa fiche.",
            )

    def _status(self, line: Line) -> Literal["published", "archived"]:
        return "archived" if fold(line.text("status")) in ARCHIVED else "published"

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


def _signs(line: Line, name: str, given: str | None, *, says: bool = True) -> tuple[Sign, ...]:
    """Return the signs of a line; an actor that is called as a person is one, and that is said."""
    signs = read_signs(line, given)
    signs += read_secrecy(line, houses=bool(signs))
    if civility := called_as_a_person(name):
        signs += (Sign(says="person", word=civility, field="name"),)
        if says:
            line.report("name", _NAMED, "")
    return signs


def _as_written(line: Line, field: str) -> str | None:
    """Return the cells of a field with their titles: "Accord : NON"."""
    cells = (f"{cell.title} : {cell.given}"[: LONGEST["description"]] for cell in line.cells(field))
    return "\n".join(cells) or None


def _first_category(line: Line) -> str:
    """Return the first cell of a line that names a category, or else its first one."""
    texts = [cell.text[: LONGEST["category"]] for cell in line.cells("category")]
    return next((text for text in texts if terms.category_of(text)), texts[0] if texts else "")
