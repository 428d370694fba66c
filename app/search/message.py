"""The answer of a page as a text to send: who may be called, and not a word of why."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import filterfalse
from textwrap import shorten

from app.reference.national_numbers import NATIONAL_NUMBERS
from app.search.actor_schemas import ActorCard
from app.search.schemas import Followed, Found, InCharge
from geo.names import normalise
from importers.phones import format_french

# Where no situation names its own.
URGENT = ("17", "119")
# Whoever is in danger cannot always speak.
BY_TEXT = NATIONAL_NUMBERS["114"]
# Actors of a list without steps; of a step the first.
MOST_ACTORS = 3
MOST_OF_A_NAME = 40
# It meets, and answers no call for a child.
STEERING = "piloter"
# Beginnings of words by which a name tells what a child lives through.
TELLING = re.compile(
    r"\b(?:abus|addict|agress|contracept|danger|delinqu|depist|dispar|drogue|exploit|femme|fugu|"
    r"gyneco|harcel|incest|isole|ivg|maltrait|medico judiciaire|orthogeni|pedo(?:crim|phil)|penal|"
    r"peniten|planning familial|proxenet|prostitu|sexu|sida\b|suicid|toxico|traite|trauma|victim|"
    r"vih|viol|vulnerab)"
)
ACRONYM = re.compile(r"\(([^() ]+)\)$")
SUBTITLE = re.compile(r" [–—-] | \(|, ")
# One letter that GSM 03.38 does not have, and a message has room for 70 signs instead of 160.
GSM = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    " \n!\"#%&'()*+,-./:;<=>?@ÄÅÆÉÑÖØÜàäåæèéìñòöøùü"
)
INSTEAD = str.maketrans("’‘–—‑«»", "''---\"\"", "\u00ad\u2060") | str.maketrans(
    {"œ": "oe", "Œ": "OE"}
)


class _Letters(dict[int, str]):
    """What stands for each letter, found out once: a message has some hundreds, of a few."""

    def __missing__(self, code: int) -> str:
        letters = chr(code).translate(INSTEAD)
        apart = (c if c in GSM else unicodedata.normalize("NFKD", c) for c in letters)
        found = self[code] = "".join(c for c in "".join(apart) if c in GSM)
        return found


_LETTERS = _Letters()


def message(found: Found, who_acts: Iterable[InCharge], followed: Followed | None) -> str:
    """Return whom to call where a search looks, one a line.

    National numbers, those in charge of the place and of the territory that follows the child, and
    the first actors of the page. who_acts, followed: as app.search.competence returns them. No word
    of the situation, of a mission, nor of what is hidden.
    """
    search = found.search
    numbers = search.situation.numbers if search.situation else ()
    urgent = [NATIONAL_NUMBERS[each] for each in numbers or URGENT]
    spoken = [each.code for each in urgent if not each.by_text]
    lines = [f"Appeler : {', '.join(spoken)}", f"Par SMS : {BY_TEXT.code}"]
    called = {each.digits for each in urgent}

    def add(name: str, cards: Iterable[ActorCard], most: int) -> int:
        before = len(lines)
        for card in cards:
            if len(lines) - before == most:
                break
            if card.category.family == STEERING:
                continue
            # The number of a neutral card may be another's, which stands there as such.
            if card.phones and not card.phone_label and card.phones[0] not in called:
                called.add(card.phones[0])
                lines.append(f"{name or _name(card)} : {format_french(card.phones[0])}")
        return len(lines) - before

    for each in who_acts:
        if each.by_commune:
            continue
        add("", filter(each.is_office, each.actors), 1)
        if each.doubted:
            for actor in each.actors:
                add(f"{each.role.short} à vérifier, {_name(actor)}", [actor], 1)
        else:
            add(each.role.short, filterfalse(each.is_office, each.actors), 1)
    if followed:
        for each in followed.in_charge:
            add(f"{each.role.short} {followed.name}", each.actors, 1)
    rest = MOST_ACTORS
    for group in found.groups if search.place or search.territories else ():
        rest -= add("", group.cards, 1 if search.situation else rest)
    return plain("\n".join(lines))


def plain(text: str) -> str:
    """Return a text in letters that any telephone has, "Maison de l'Eau vive", "Coeur"."""
    return text.translate(_LETTERS)


def _name(card: ActorCard) -> str:
    """Return the name of an actor, or one that tells less where it says what it is about."""
    category = card.category.label
    acronym = ACRONYM.search(category)
    names = [card.name, card.acronym or "", category, acronym[1] if acronym else ""]
    if card.specialised:
        # Many know what such a service is for by its name alone.
        names = names[2:]
    name = next((each for each in names if each and not TELLING.search(normalise(each))), "Service")
    own = name == card.name
    if len(name) > MOST_OF_A_NAME:
        name = SUBTITLE.split(name)[0]
    short = shorten(" ".join(name.split()), MOST_OF_A_NAME, placeholder="...")
    return short if own or not card.commune_name else f"{short}, {card.commune_name}"
