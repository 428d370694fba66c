"""Addresses that no map would be asked by as they are written, and that people read all the same.

Their short forms, signs and damage are mended for what two places are compared by, and there alone:
what is asked of a geocoder and what identities are made of stays.
"""

import html
import re
from contextlib import suppress
from itertools import takewhile

from geo.text import capitals
from geo.ways import SMALL_WORDS

# Of registers (typeVoie of FINESS), of La Poste and of hands; others stand in geo/ways.py.
_WAYS = {
    "BLVD": "BOULEVARD",
    "BLV": "BOULEVARD",
    "BOULV": "BOULEVARD",
    "AVEN": "AVENUE",
    "CAR": "CARREFOUR",
    "CARR": "CARREFOUR",
    "CHM": "CHEMIN",
    "COR": "CORNICHE",
    "CTE": "COTE",
    "DSC": "DESCENTE",
    "ESPL": "ESPLANADE",
    "LOTISS": "LOTISSEMENT",
    "PLC": "PLACE",
    "PRO": "PROMENADE",
    "PRV": "PARVIS",
    "PSG": "PASSAGE",
    "QRT": "QUARTIER",
    "QUART": "QUARTIER",
    "RESID": "RESIDENCE",
    "ROC": "ROCADE",
    "RT": "ROUTE",
    "SENT": "SENTIER",
    "TRAV": "TRAVERSE",
    "VEN": "VENELLE",
    "VOI": "VOIE",
}
_NUMBER = r"(?<!\d)\d{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?"
_SHORT = re.compile(rf"({_NUMBER})\s*,?\s*\b({'|'.join(_WAYS)})\b\.?\s+(?=\S)", re.IGNORECASE)
# The name of most villages' first street is a way alone: "10 GR", "10 Grand'Rue".
_MAIN = re.compile(
    rf"({_NUMBER})\s*,?\s*\b(?:G(?:R(?:AN)?)?DE?[ '’-]{{0,2}}RUE|GR(?=\s*(?:$|[,;(])))\b\.?",
    re.IGNORECASE | re.MULTILINE,
)
# "10- rue X", "10. rue X".
_SIGN = re.compile(rf"({_NUMBER})\s?[.:–—-]\s*(?=[^\W\d_]+\.?\s)", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(\d{1,4})\s+(?:au|jusqu.au)\s+(?=\d{1,4}\b)", re.IGNORECASE)
# "rue X 10", "rue X - 10", "rue X (10)", "rue X n10"; but "route nationale 7".
_MONTH = r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|\w{2,5}embre|octobre)"
_DATE = rf"\d{{1,2}}(?:er)?\s{_MONTH}(?:\s\d{{4}})?"
_BEHIND = re.compile(
    r"^((?:rue|r\.|av\w*\.?|b(?:oulevar)?d\.?|blvd\.?|pl(?:ace)?\.?|imp(?:asse)?\.?"
    r"|all(?:[ée]es?)?\.?|che?(?:min|m)?\.?|quai|c(?:ou)?rs\.?|sq(?:uare)?\.?|r(?:ou)?te\.?"
    r"|passage|f(?:aubour|b)?g\.?|mont[ée]e|promenade|esplanade|sent(?:e|ier)|traverse|venelle"
    r"|ruelle|chauss[ée]e|rond[- ]point|lot(?:issement)?\.?|lieu[- ]?dit|hameau"
    rf")\s(?:[^\d\n]{{2,60}}?|[^\d\n]{{0,6}}{_DATE}))"
    r"\s?(?:[-–(]\s?|\sn[°o]?\s?|\s)(\d{1,3})\)?$",
    re.IGNORECASE | re.MULTILINE,
)
# What has a number of its own.
_NUMBERED = frozenset(
    (
        *("BP", "CS", "TSA", "CEDEX", "RN", "RD", "BAT", "BATIMENT", "IMM", "IMMEUBLE", "APT"),
        *("APPT", "LOT", "SALLE", "PORTE", "ETAGE", "ENTREE", "HALL", "ESC", "ESCALIER"),
        *("BUREAU", "BOITE", "NATIONALE", "DEPARTEMENTALE", "EUROPEENNE", "COMMUNALE"),
        *("PROVINCIALE", "TERRITORIALE", "D", "RM", "RP", "KM"),
    )
)
# "46 ancienne route de X" is "46 route ancienne de X": a number is read where a way follows it.
# "Grande rue" is a way itself.
_OF_WAYS = (
    r"(?:ancien(?:ne)?|vieux|vieil(?:le)?|petite?|nouve(?:au|l|lle)|haute?|bas(?:se)?"
    r"|grande?(?![ '’-]*r(?:ue)?\b))"
)
_WORD_OF_A_WAY = (
    r"(?:rue|r|avenue|av|ave|boulevard|bd|chemin|ch|che|chem|route|rte|all[ée]e|place|impasse|imp"
    r"|cours?|quai|passage|ruelle|sente|sentier|mont[ée]e|traverse|voie|faubourg|fg|fbg|carrefour"
    r"|promenade|square)\b\.?"
)
_CALLED = re.compile(rf"({_NUMBER})\s*,?\s*\b({_OF_WAYS})[ '’-]({_WORD_OF_A_WAY})", re.IGNORECASE)
# "14, Kerlann": a place without the word of a way.
_APART = re.compile(rf"^({_NUMBER})\s*,\s*(?=[^\W\d_]{{2}})", re.IGNORECASE | re.MULTILINE)
# Kilometres of a way: "PK 12 route de X" is said as "12 route de X" is.
_KILOMETRE = re.compile(r"\bp\.?\s?k\.?\s?(?=\d)", re.IGNORECASE)
# Without one of these nothing but a number behind its way is mended.
MAY_BE_SHORT = re.compile(
    rf"{_NUMBER}(?:\s?[.:–—-]|\s+(?:au|jusqu.au)\s"
    rf"|\s*,?\s*(?:(?:{'|'.join(_WAYS)})\b|g[rd]|{_OF_WAYS}[ '’-]))"
    r"|\s(?:1[48]|4[045]|62)\b|\bp\.?\s?k\.?\s?\d|^\d{1,4}[^,\n]{0,9},",
    re.IGNORECASE | re.MULTILINE,
)
_BLANKS = re.compile(r"[^\S\n]{2,}")
# "8 mai 45".
_YEAR = re.compile(r"\b(mars|mai|juin|ao[uû]t|nov\w*)\s(1[48]|4[045]|62)\b", re.IGNORECASE)
# Words of buildings and hamlets; a way may be called after one alone.
_BUILDINGS = frozenset(
    (
        *("RES", "RESIDENCE", "IMM", "IMMEUBLE", "BAT", "BATIMENT", "TOUR", "ENTREE", "ENT"),
        *("ESC", "ESCALIER", "PORTE", "HALL", "APT", "APPT", "LIEUDIT", "LD", "QUA", "QUARTIER"),
        *("BOURG", "VILLAGE", "HAM", "HAMEAU", "LOT", "LOTISSEMENT", "DOM", "DOMAINE", "CITE"),
        *("PARC", "CENTRE", "ZA", "ZI", "ZAC", "ZONE", "CIDEX", "TSA", "BLOC", "LOGT", "LGT"),
        *("LOGEMENT", "PAVILLON", "VILLA", "ETG", "ETAGE", "CHEZ", "ANGLE", "FACE", "DERRIERE"),
        *("ESPACE", "MAISON", "FOYER", "MAIRIE", "TEL", "TELEPHONE", "PORTABLE"),
        *("SITE", "ANNEXE", "ANTENNE", "SERVICE", "POLE", "ECOLE", "CTRE", "CCAS", "MECS", "AILE"),
        *("ILOT", "BTE", "NIVEAU", "LOCAL", "CAGE", "SECTEUR", "FAX", "ACCUEIL", "SIEGE", "CODE"),
        *("DIGICODE", "INTERPHONE", "FOND", "CHATEAU", "HOPITAL"),
    )
)
# "LIEU DIT", "3 EME".
_IN_TWO = frozenset(("DIT", "E", "ER", "EME", "ND"))
# Of these no way bears the name: what stands before them is a surname, "rue Albert Petit RES".
_NO_NAMES = frozenset(
    (
        *("RES", "RESIDENCE", "IMM", "IMMEUBLE", "BAT", "BATIMENT", "ENTREE", "ENT", "HALL"),
        *("ESC", "ESCALIER", "APT", "APPT", "LIEUDIT", "LD", "LOT", "LOTISSEMENT", "CIDEX", "TSA"),
        *("BLOC", "LOGT", "LGT", "ETG", "CHEZ", "TEL", "TELEPHONE"),
    )
)
# Before the others they belong to the name: "rue du Grand Parc", but not "rue Jean Petit, tour B".
_OF_A_NAME = frozenset(
    (
        *("GRAND", "GRANDE", "PETIT", "PETITE", "VIEUX", "VIEIL", "VIEILLE", "BEAU", "BELLE"),
        *("NOUVEAU", "NOUVELLE", "ANCIEN", "ANCIENNE", "BON", "BONNE", "JOLI", "JOLIE"),
    )
)
# "rue de la Belle Cité", but not "rue Jean Le Beau, cité X".
_BEFORE_A_NAME = (("DU",), ("DES",), ("AU",), ("AUX",), ("D",), ("DE", "LA"), ("DE", "L"))
# "rue du Moulin du Bourg", but not "rue Haute Le Bourg".
_OF_IT = frozenset(("DU", "DES", "DE", "D"))
# Between two words of a name, and the second one.
_MOST_SMALL = 5
_SAID = re.compile(r"[A-Z0-9]+|[\n,;]")
# Of a name in a key, small words left out.
_MOST_WORDS = 8
# What an accent of UTF-8 becomes in cp1252: "Ã©".
_MOJIBAKE = re.compile("[\xc2\xc3][\x80-\xbf\u0152-\u2122]")


def before_building(key: str, text: str = "") -> str | None:
    """Return a key without what stands behind the name of its way, None where nothing does.

    text: the address, with the small words that a key has not.
    "10 RUE HAUTE RESIDENCE PINS", "10 RUE HAUTE 3 EME" -> "10 RUE HAUTE".
    """
    words = key.split()
    if len(words) < 4 or not words[0][0].isdigit():
        return None
    said: list[str] = []
    for at in range(3, min(len(words), 3 + _MOST_WORDS)):
        word, behind = words[at], words[at + 1 : at + 2]
        if word in _BUILDINGS:
            said = said or _SAID.findall(capitals(text))
            is_behind = not _is_of_the_name(words[at - 1], word, said)
        else:
            in_two = bool(behind) and _IN_TWO.issuperset(behind)
            is_behind = in_two and (word == "LIEU" or word.isdigit())
        if is_behind:
            # "rue Haute à l'angle de", "au fond de", but "rue A, tour B".
            return " ".join(words[: at - (at > 3 and words[at - 1] in ("A", "AU"))])
    return None


def _is_of_the_name(before: str, word: str, said: list[str]) -> bool:
    """Return whether a word of a building belongs to the name before it, wherever both stand.

    An institution may be called as a way is: "Foyer de la Tour, 10 rue Jean Zay tour B".
    """
    found = False
    for at in (at for at, each in enumerate(said) if each == before):
        behind = said[at + 1 : at + 1 + _MOST_SMALL]
        small = list(takewhile(SMALL_WORDS.__contains__, behind))
        if behind[len(small) :][:1] != [word]:
            continue
        of_it = bool(small) and small[0] in _OF_IT
        if not small and before in _OF_A_NAME and word not in _NO_NAMES:
            of_it = any(tuple(said[max(at - len(e), 0) : at]) == e for e in _BEFORE_A_NAME)
        if not of_it:
            return False
        found = True
    return found


def spelled_out(text: str) -> str:
    """Return an address as most people would write it: "10 BLVD X" -> "10 BOULEVARD X"."""
    if "&" in text:
        # Blanks that stood as signs are one blank again: to look through rows of them takes long.
        text = _BLANKS.sub(" ", html.unescape(text))
    if _MOJIBAKE.search(text):
        with suppress(UnicodeError):
            text = text.encode("cp1252").decode("utf-8")
    if not MAY_BE_SHORT.search(text):
        return _BEHIND.sub(_in_front, text)
    text = _KILOMETRE.sub("", _APART.sub(r"\1 ", text))
    text = _RANGE.sub(r"\1 à ", _SIGN.sub(r"\1 ", text))
    text = _CALLED.sub(_way_first, text)
    text = _MAIN.sub(r"\1 GRANDE RUE", text)
    text = _YEAR.sub(r"\1 19\2", text)
    text = _SHORT.sub(lambda found: f"{found[1]} {_WAYS[found[2].upper()]} ", text)
    return _BEHIND.sub(_in_front, text)


def _way_first(found: re.Match[str]) -> str:
    # "Grand'Place", "Grande Place".
    called = "grande" if found[2].upper() == "GRAND" else found[2]
    return f"{found[1]} {found[3]} {called}"


def _in_front(found: re.Match[str]) -> str:
    name, number = found[1], found[2]
    words = re.findall("[A-Z]+", capitals(name))
    # "rue Haute, Bobigny (93)", "rue Haute (93)" above "93000 Bobigny"; "rue Haute, bât. B (10)".
    behind = re.findall("[A-Z]+", capitals(name.partition(",")[2]))[:1]
    in_a_town = bool(behind) and not _NO_NAMES.union(_NUMBERED, ["TOUR"]).issuperset(behind)
    of_a_town = found[0].endswith(")") and (in_a_town or f"\n{number:0>2}" in found.string)
    if of_a_town or (words and words[-1] in _NUMBERED):
        return found[0]
    return f"{number} {name}"
