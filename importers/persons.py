"""What is a person's and not a service's: mailboxes, numbers beside a name. In doubt a person's."""

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import NamedTuple

from geo.text import fold, may_have_words, remembered
from importers.phones import is_mobile
from importers.vocabulary import load

_CIVILITY = r"(?:M\.|Mr\.?|MM\.|Mmes?\.?|Mlles?\.?|Madame|Monsieur|Dr\.?|Docteur|Me|Maître)"
_CAPITAL = r"(?:[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[A-ZÀ-ÖØ-Þ]?[\w'’]+)*\.?)"
_TITLED = re.compile(rf"\b{_CIVILITY}\s+(?:{_CAPITAL}\s*(?:et\s+{_CIVILITY}\s+)?){{1,4}}")
_NAMES = re.compile(rf"{_CAPITAL}(?:\s+(?:de\s+|d['’])?{_CAPITAL}){{0,3}}")
# What stands before the name of who answers.
_ASKED = re.compile(
    r"\b(?i:contact(?:er|ez)?|joindre|r[ée]f[ée]rente?s?|responsables?|direct(?:eur|rice)"
    r"|interlocut(?:eur|rice)|(?:assur|anim|tenu|dirig)[ée]?e?s? par|demande[rz]|aupr[èe]s de)"
    r"\s*:?\s+(?=[A-ZÀ-Þ])"
)
# An actor is called by a civility and a name: "Mme Durand", "DURAND (Mme)"; "M. et Mme" as well.
_CALLED = re.compile(
    r"\b(?:(?:mme|mmes|mlle|mlles|madame|monsieur|mademoiselle|mr) \w|(?:mme|mlle|mr)$)"
    r"|(?:^|\b(?:chez|et|domicile de) )m (?:et )?[a-z]{2}"
)
# But these are no persons, whoever they are called after: "Maison Mme Curie".
_INSTITUTION = re.compile(
    r"\b(?:services?|asso\w*|amis|amicale|maisons?|centres?|fond\w+|foyers?|ecoles?|colleges?"
    r"|lycees?|groupes?|institut\w*|creches?|multi|micro|halte|hopita\w+|hospital\w*|cliniques?"
    r"|espaces?|points?|poles?|plateformes?|reseau\w*|federation|union|comite|conseil|collectifs?"
    r"|compagnie|theatre|musee|mediatheque|bibliotheque|club|cercle|ligue|mouvement|societe"
    r"|antenne|delegation|dispositif|equipe|unite|structure|etablissements?|mecs|relais|bureau"
    r"|brigade|gendarmerie|police|commissariat|mission|planning|mairie|prefecture|tribunal|parquet"
    r"|defenseure?|departement\w*|ase|pjj|syndicat|secours|oeuvres?|ehpad|internat|pensionnat)\b"
)
# These where they stand before the name alone: who lives in "résidence X" is a person.
_HOUSE = re.compile(
    r"\b(?:villas?|residences?|chateau|domaine|ferme|lieux?|boutique|cafe|restaurant|pharmacie"
    r"|rue|place|avenue|impasse|allee|square|quai|boulevard|radio|bourg)\b"
)
_PERSONAL = re.compile(
    r"\b(?:tel|telephone|numero|portable|mobile|ligne|mail|courriel)s? (?:perso\w*|prive\w*)\b"
)
# Who answers, and that it is this person alone.
_ROLE = re.compile(
    r"\b(?:lignes? directe?s?|ld|(?:d )?astreinte|directe?|direct(?:eur|rice)s?|responsables?"
    r"|cheff?e?s? d\w*|chefs?"
    r"|coordinat(?:eur|rice)s?|coordonnat(?:eur|rice)s?|referente?s?|educat(?:eur|rice)s?"
    r"|psychologues?|assistante?s? (?:sociale?|de service)|juristes?|presidente?|infirmiere?"
    r"|cadre|perso\w*|adjointe?|delegue?e?)\b"
)
_PIECES = re.compile(r"[\n/;,|]|\bou\b|\bpuis\b|\bet\b(?!\s+M)")
_NUMBER = re.compile(r"\+?\d[\d\s.\-–()]*")
_TOKENS = re.compile(r"[^a-z0-9]+")

FindPhones = Callable[[str], Collection[str]]


class Beside(NamedTuple):
    """Numbers of a cell that are a person's, and names of persons that stand beside them."""

    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@cache
def _services() -> frozenset[str]:
    words = load()
    spoken = (
        token
        for term in (*words.categories.values(), *words.functions.values())
        for phrase in (term.label, *term.words)
        for token in fold(phrase).split()
    )
    return frozenset((*words.services, *spoken))


@remembered(1_000)
def own_mailbox(mail: str, beside: str) -> bool:
    """Return whether a mailbox is a person's: prenom.nom@, p.nom@, or no word of a service.

    beside: what the service is called and where it is, as the line says it.
    """
    local, _, domain = mail.lower().partition("@")
    tokens = [token for token in _TOKENS.split(fold(local.replace("_", "."))) if token]
    tokens = [token for word in tokens for token in word.split()]
    known = set(fold(beside).split()) - {"m", "mme"}
    squeezed = fold(beside).replace(" ", "")
    site = fold(domain.rpartition(".")[0])
    if any(token in _services() and len(token) > 2 for token in tokens):
        return False
    # "cidff.arles@", "strasbourg@cidff67.fr", "lesentier@": its own name, town or domain.
    joined = "".join(tokens)
    if any(len(token) > 2 and token in known for token in tokens) and not _two(tokens, known):
        return False
    if any(char.isdigit() for char in joined) and any(_departement(token) for token in tokens):
        return False
    own_words = (*site.split(), *known)
    if len(joined) > 3 and (joined in squeezed or joined in site.replace(" ", "")):
        return False
    within = (*own_words, *_long_services()) if len(tokens) == 1 else ()
    return not any(len(word) > 3 and word in joined for word in within)


def names_somebody(text: str, places: str) -> bool:
    """Return whether a text names a person ("Mme Petit"), or calls a number somebody's own.

    Without a civility a name is known by the words before it: "contacter Claire Petit". places:
    words of the line's place and name, which are no persons.
    """
    known = frozenset(fold(places).split())
    asked = (text[found.end() :] for found in _ASKED.finditer(text))
    named = (_NAMES.match(each) for each in asked)
    return (
        bool(_TITLED.search(text))
        or says_personal(text)
        or any(_names(each[0], known) for each in named if each)
    )


def says_personal(text: str) -> bool:
    """Return whether a text calls a number or a mailbox somebody's own: "tél. perso"."""
    return bool(_PERSONAL.search(fold(text)))


def names_role(words: str) -> bool:
    """Return whether folded words name who answers, alone: "psychologue", "ligne directe"."""
    return bool(_ROLE.search(words))


# What a civility may be, as called_as_a_person has it.
CIVILITIES = frozenset(
    {"m", "mr", "mme", "mmes", "mlle", "mlles", "madame", "monsieur", "mademoiselle"}
)


def called_as_a_person(name: str) -> str | None:
    """Return the civility by which the name of an actor is a person's: "Mme Durand", or None."""
    words = fold(name)
    found = _CALLED.search(words)
    if found is None or _INSTITUTION.search(words) or _HOUSE.search(words[: found.start()]):
        return None
    return next(word for word in found[0].split() if word not in ("chez", "et", "domicile", "de"))


def _two(tokens: list[str], known: set[str]) -> bool:
    """Return whether a town stands behind what may be a first name: "marie.lille"."""
    spoken = re.search(r"^.$|[aeiouy]", tokens[0]) is not None
    return len(tokens) == 2 and spoken and tokens[0] not in known and tokens[1] in known


def _departement(token: str) -> bool:
    """Return whether a word ends as a service's does, with its département: "ddsp85"."""
    return re.fullmatch(r"[a-z]{2,}(?:\d{2,3}|2[ab])|\d{2,5}", token) is not None


@cache
def _long_services() -> tuple[str, ...]:
    """Return words of services that stand within others: "accueilcidff@"."""
    return tuple(word for word in load().services if len(word) > 4)


def beside_numbers(text: str, find: FindPhones, towns: str) -> Beside:
    """Return the numbers of a cell that are a person's, and the names found.

    find: the numbers of a text. towns: words of the line's place and name, which are no persons.
    """
    if not may_have_words(text):
        return Beside()
    pieces = [piece.strip() for piece in _PIECES.split(text) if piece.strip()]
    known = frozenset(fold(towns).split())
    own: dict[str, None] = {}
    open_: set[str] = set()
    names: dict[str, None] = {}
    for number, piece in enumerate(pieces):
        found = find(piece)
        if not found:
            names |= dict.fromkeys(_names(piece, known))
            continue
        # A name that stands alone belongs to the number after it, and to the one before.
        around = [piece, *_without_number(pieces, number, find)]
        persons = [name for each in around for name in _names(each, known)]
        names |= dict.fromkeys(persons)
        theirs = bool(persons) or any(_ROLE.search(fold(each)) for each in around)
        if theirs or (_doubtful(piece, known) and any(map(is_mobile, found))):
            own |= dict.fromkeys(found)
        else:
            open_ |= set(found)
    if own:
        own |= dict.fromkeys(each for each in find(text) if each not in open_)
    return Beside(tuple(own), tuple(names))


def _without_number(pieces: list[str], number: int, find: FindPhones) -> list[str]:
    beside = pieces[max(0, number - 1) : number] + pieces[number + 1 : number + 2]
    return [piece for piece in beside if not find(piece)]


def _names(piece: str, known: frozenset[str]) -> list[str]:
    """Return the names of persons of a piece: after "Mme", or two words or more in capitals."""
    piece = _NUMBER.sub(" ; ", piece)
    if titled := _TITLED.findall(piece):
        return [" ".join(each.split()) for each in titled]
    found = []
    for each in _NAMES.findall(piece):
        words = fold(each).split()
        if len(words) > 1 and not any(word in _services() or word in known for word in words):
            found.append(each)
    return found


def _doubtful(piece: str, known: frozenset[str]) -> bool:
    """Return whether a word beside a mobile may be a first name: "Sophie 06 …"."""
    words = fold(_NUMBER.sub(" ", piece)).split()
    return any(len(w) > 2 and w not in _services() and w not in known for w in words)
