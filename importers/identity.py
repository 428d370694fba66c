"""What makes a line the same actor as another line, or as the same line of last year's list.

A category is no part of it: who corrects one means the same actor.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import unquote

from geo.address import address_key
from geo.text import fold, remembered
from importers import vocabulary
from importers.accommodation import in_text, plain
from importers.row import ActorFields, ActorRow

# What two lines of one name and commune may each say; in all else they may differ and be one line.
_SAID = ("phones", "emails", "website", "siret", "finess", "rna", "external_id", "description")
Said = tuple[tuple[str, ...], ...]
# Of one name and commune; so many are no list, and each is compared with those before it.
MOST_NAMESAKES = 100
# Letters of a proper name; fewer name nobody.
SHORTEST_NAME = 4
# In a link, where names of others have it in them.
LONGER_NAME = 8
# Of what a name begins with, they tell nobody from another one.
_IN_FRONT = frozenset(
    {
        *("association", "asso", "assoc", "fondation", "federation", "groupement", "societe"),
        *("l", "le", "la", "les", "d", "de", "du", "des", "loi", "1901"),
    }
)
# Words of services, of whom they receive and of large managing bodies: they name no one place.
_OF_MANY = frozenset(
    {
        *("service", "services", "svce", "serv", "centre", "ctre", "maison", "maisons", "foyer"),
        *("accueil", "lieu", "unite", "pole", "dispositif", "plateforme", "antenne", "site"),
        *("enfant", "enfants", "enfance", "famille", "familles", "jeune", "jeunes", "jeunesse"),
        *("mineur", "mineurs", "mna", "adolescent", "adolescents", "parents", "protection"),
        *("social", "sociale", "educatif", "educative", "education", "insertion", "accompagnement"),
        *("departement", "departemental", "departementale", "conseil", "urgence", "jour"),
        *("croix", "rouge", "francaise", "crf", "apprentis", "auteuil", "sauvegarde", "adsea"),
        *("pep", "udaf", "cdef", "ase", "pjj", "pmi", "aemo", "aed", "et", "a", "en"),
        *("au", "aux", "pour", *_IN_FRONT),
    }
)
_SAINTS = {"st": "saint", "ste": "sainte"}
_SHORT_SAINTS = {whole: short for short, whole in _SAINTS.items()}
_BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_DASHES = re.compile(r"\s[-–—:/]\s")
T = TypeVar("T")


def name_key(actor: ActorFields) -> str:
    """Return name, commune and street, folded."""
    return f"{named_key(actor)}|{_street(actor)}"


def named_key(actor: ActorFields) -> str:
    """Return name and commune, folded; without a commune the name of the town."""
    return f"{fold(actor.name)}|{_where(actor)}"


def proper_key(actor: ActorFields) -> str | None:
    """Return proper name and commune: "MECS Les Pins (SOS)" and "Les Pins" have the same one.

    So has "Association des Pins": what manages a home often bears its name. None where no name is
    left without brackets, words of accommodation, and those of law and articles in front.
    """
    name = _proper_name(actor.name)
    return f"{name}|{_where(actor)}" if len(name) >= SHORTEST_NAME else None


@remembered(20_000)
def _proper_name(name: str) -> str:
    text = _BRACKETS.sub(" ", name)
    words = f" {plain(text)} "
    for sign in in_text(text, naming=True).houses:
        words = words.replace(f" {sign} ", " ")
    left = words.split()
    while left and left[0] in _IN_FRONT:
        del left[0]
    return " ".join(left)


def shared_name(actor: ActorFields, home: ActorFields) -> str | None:
    """Return the proper name of one that the name of the other has in it: "marmousets".

    None for words that name no one place: of services, of large managing bodies, of the town.
    """
    for one, other in ((home, actor), (actor, home)):
        name = telling_name(one.name, actor.city, home.city)
        if name and says_name(other.name, name):
            return name
    return None


def linked_name(actor: ActorFields, home: ActorFields) -> str | None:
    """Return the proper name of a home that the mailboxes or the site of an actor spell.

    One of few letters stands in many others: "source" in "ressources".
    """
    name = telling_name(home.name, actor.city, home.city)
    if not name or len(name.replace(" ", "")) < LONGER_NAME:
        return None
    return (
        name if any(spells(each, name) for each in (*actor.emails, actor.website or "")) else None
    )


def telling_name(name: str, *towns: str | None) -> str | None:
    """Return of a name what a text says of it alone: "tilleuls"; None where that is nobody's own.

    towns: whose names tell no place from another one.
    """
    words = _words(_proper_name(name))
    found = " ".join(words)
    of_towns = {word for town in towns for word in _words(town or "")}
    tells = any(not each.isdigit() for each in {*words} - _OF_MANY - of_towns)
    return found if tells and len(found) >= SHORTEST_NAME else None


def said_names(name: str, *towns: str | None) -> set[str]:
    """Return what a text may say of a name alone: of each of its parts, and without what its end
    has in common with others. "Les Tilleuls de Gap – Fondation X" is "tilleuls" too.
    """
    parts = [name, *_DASHES.split(name)]
    if not _proper_name(name):
        parts += [each.strip("()[]") for each in _BRACKETS.findall(name)]
    common = _OF_MANY | {word for town in towns for word in _words(town or "")}
    found = set()
    for each in parts:
        words = _words(_proper_name(each))
        found.add(telling_name(each, *towns))
        while words and words[-1] in common:
            del words[-1]
        found.add(telling_name(" ".join(words), *towns))
    return {each for each in found if each}


def own_words(text: str) -> set[str]:
    """Return the words that may tell a name: a text that shares none of these says it not."""
    return {each for each in _words(text) if each not in _OF_MANY and not each.isdigit()}


def says_name(text: str, name: str) -> bool:
    """Return whether a text has a proper name in it, as telling_name gives it."""
    return f" {name} " in f" {' '.join(_words(text))} "


def spells(link: str, name: str) -> bool:
    """Return whether a mailbox or a site has a proper name in it, in one word or with hyphens."""
    letters = fold(unquote(link)).replace(" ", "")
    words = name.split()
    short = [_SHORT_SAINTS.get(word, word) for word in words]
    return any("".join(each) in letters for each in (words, short))


def _words(text: str) -> list[str]:
    return [_SAINTS.get(word, word) for word in plain(text).split()]


def seat_keys(actor: ActorFields) -> set[str]:
    """Return each number with the place: of an organisation with several places, one of them."""
    place = address_key(actor.street or actor.address, actor.commune)
    numbers = {"finess": actor.finess, "siret": actor.siret, "rna": actor.rna}
    return {f"{kind}:{number}|{place}" for kind, number in numbers.items() if number and place}


def former_key(row: ActorRow) -> str:
    """Return the identity that former releases gave a line, with its category."""
    if row.external_id:
        return f"id:{row.external_id}"
    return f"name:{named_key(row)}|{row.category}"


def identities(rows: Sequence[ActorRow], said: Sequence[Said]) -> list[str]:
    """Return what each line of a list is found by in the next one, different for each line.

    Its id, FINESS or SIRET where no other line has it; else name, commune and street, and where
    several lines have these, all that is said. said: of each line.
    """
    counted = {
        name: Counter(getattr(row, name) for row in rows)
        for name in ("external_id", "finess", "siret")
    }
    keys = [
        f"{named_key(row)}|{min(each[0], default='')}" for row, each in zip(rows, said, strict=True)
    ]
    names = Counter(keys)

    def identity(row: ActorRow, key: str, said: Said) -> str:
        for name, prefix in (("external_id", "id"), ("finess", "finess"), ("siret", "siret")):
            number = getattr(row, name)
            if number and counted[name][number] == 1:
                return f"{prefix}:{number}"
        more = "" if names[key] == 1 else f"|{[sorted(each) for each in said]}"
        return f"name:{key}{more}"

    return [identity(*each) for each in zip(rows, keys, said, strict=True)]


class Lines:
    """The usable lines of one list, without those that repeat another one."""

    def __init__(self) -> None:
        self._rows: list[ActorRow] = []
        self._said: list[Said] = []
        self._namesakes: dict[str, list[int]] = defaultdict(list)
        self._same: dict[tuple[str, Said], int] = {}

    def add(self, row: ActorRow) -> ActorRow | None:
        """Add a line; return the one that it repeats, which then says all that both say."""
        name, said = named_key(row), _said(row)
        place = self._repeated(name, said)
        if place is None:
            self._namesakes[name].append(len(self._rows))
            self._same[name, said] = len(self._rows)
            self._rows.append(row)
            self._said.append(said)
            return None
        first = self._rows[place]
        fuller = _says_nothing_new(self._said[place], said)
        self._rows[place] = _joined(first, row, second_is_fuller=fuller)
        if fuller:
            self._said[place] = said
            self._same[name, said] = place
        return first

    def _repeated(self, name: str, said: Said) -> int | None:
        if (name, said) in self._same:
            return self._same[name, said]
        places = self._namesakes[name][-MOST_NAMESAKES:]
        more = (place for place in places if _says_nothing_new(said, self._said[place]))
        less = (place for place in places if _says_nothing_new(self._said[place], said))
        return next(more, next(less, None))

    @property
    def by_identity(self) -> dict[str, ActorRow]:
        """The lines by their identities, in the order of the list."""
        return dict(zip(identities(self._rows, self._said), self._rows, strict=True))


def _where(actor: ActorFields) -> str:
    return actor.commune or f"{actor.territory}/{fold(actor.city or '')}"


def _street(actor: ActorFields) -> str:
    place = address_key(actor.street or actor.address, actor.commune)
    return place.partition("|")[2] if place else fold(actor.street or "")


def _said(row: ActorRow) -> Said:
    """Return the street, then what _SAID names, each sorted: a set takes four times the memory."""
    values = (getattr(row, name) or () for name in _SAID)
    texts = (value if isinstance(value, tuple) else (value,) for value in values)
    return (tuple(filter(None, [_street(row)])), *(tuple(sorted(set(each))) for each in texts))


def _says_nothing_new(said: Said, known: Said) -> bool:
    return all(set(new) <= set(old) for new, old in zip(said, known, strict=True))


def _joined(first: ActorRow, second: ActorRow, *, second_is_fuller: bool) -> ActorRow:
    """Return the line that says more, with all that the other one hides."""
    fuller, other = (second, first) if second_is_fuller else (first, second)
    kind = max((fuller, other), key=_certainty)
    return fuller.model_copy(
        update={
            "line": first.line,
            "sheet": first.sheet,
            "category": kind.category,
            "functions": kind.functions,
            "contacts": _both(fuller.contacts, other.contacts),
            "unpublished": _both(fuller.unpublished, other.unpublished),
            "beside_names": _named_alone(fuller, other),
            "signs": _both(fuller.signs, other.signs),
            "consent": fuller.consent or other.consent,
            "status": "draft" if "draft" in (first.status, second.status) else fuller.status,
        }
    )


def _named_alone(*rows: ActorRow) -> tuple[str, ...]:
    """Return the numbers that a name alone withholds in each line that withholds them."""
    more = {n for row in rows for n in row.unpublished if n not in row.beside_names}
    return tuple(dict.fromkeys(n for row in rows for n in row.beside_names if n not in more))


def _both(values: tuple[T, ...], others: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*values, *others)))


def _certainty(row: ActorRow) -> int:
    category = vocabulary.load().categories[row.category]
    # What nobody knows is protected, and says the least.
    return 1 + category.protected if category.publishable else 0
