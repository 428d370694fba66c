"""Kinds of way as French lists write them, and words that name a building, not a place on a map."""

import re

# fmt: off
_STREET_WORDS = (
    "RUE", "AVENUE", "BOULEVARD", "CHEMIN", "ROUTE", "ALLEE", "PLACE", "IMPASSE", "COURS", "QUAI",
    "PASSAGE", "SQUARE", "ESPLANADE", "FAUBOURG", "ROND-POINT", "PROMENADE", "SENTIER", "SENTE",
    "MONTEE", "TRAVERSE", "CHAUSSEE", "RUELLE", "VENELLE", "MAIL", "LICES", "VOIE", "COUR",
    "PLACETTE", "PARVIS", "CARREFOUR", "RAMPE", "DESCENTE", "VILLA", "ROCADE", "LEVEE",
)
# Ways that also name a whole neighbourhood: asked only where no street is written.
_PLACE_WORDS = (
    "LOTISSEMENT", "HAMEAU", "QUARTIER", "CITE", "LIEU-DIT", "DOMAINE", "ZA", "ZI", "ZAC", "PARC",
    "CLOS", "MORNE", "RESIDENCE",
)
# What the first word of a segment may be when the segment names a building or a part of one.
BUILDING = (
    "RESIDENCE", "RES", "BATIMENT", "BAT", "IMMEUBLE", "IMM", "TOUR", "APPARTEMENT", "APPT",
    "APT", "ETAGE", "ESCALIER", "ESC", "PORTE", "HALL", "ENTREE", "LOGEMENT", "REZ",
    "REZ-DE-CHAUSSEE", "REZ-DE-JARDIN", "RDC", "ASCENSEUR", "HOTEL", "MAIRIE", "MAISON", "CENTRE",
    "ESPACE", "POLE", "ECOLE", "COMPLEXE", "BUREAU", "BOITE", "CHEZ", "FOYER", "ANNEXE",
)
# fmt: on

# Abbreviation -> word. Codes of FINESS (typeVoie) and of La Poste's norm AFNOR NF Z10-011.
STREET_WAYS = (
    {
        "R": "RUE",
        "AV": "AVENUE",
        "AVE": "AVENUE",
        "BD": "BOULEVARD",
        "BLD": "BOULEVARD",
        "BVD": "BOULEVARD",
        "BOUL": "BOULEVARD",
        "CHE": "CHEMIN",
        "CH": "CHEMIN",
        "CHEM": "CHEMIN",
        "RTE": "ROUTE",
        "ALL": "ALLEE",
        "ALLEES": "ALLEE",
        "PL": "PLACE",
        "IMP": "IMPASSE",
        "CRS": "COURS",
        "QU": "QUAI",
        "PAS": "PASSAGE",
        "PASS": "PASSAGE",
        "SQ": "SQUARE",
        "ESP": "ESPLANADE",
        "FG": "FAUBOURG",
        "FBG": "FAUBOURG",
        "RPT": "ROND-POINT",
        "PROM": "PROMENADE",
        "SEN": "SENTIER",
        "MTE": "MONTEE",
        "TRA": "TRAVERSE",
        "CHS": "CHAUSSEE",
        "RLE": "RUELLE",
        "VLA": "VILLA",
        "GR": "GRANDE RUE",
        "GRAND RUE": "GRANDE RUE",
        "GRAND'RUE": "GRANDE RUE",
        "GRAND-RUE": "GRANDE RUE",
        "ROND POINT": "ROND-POINT",
    }
    | {word: word for word in _STREET_WORDS}
    | {"GRANDE RUE": "GRANDE RUE"}
)

PLACE_WAYS = {
    "LOT": "LOTISSEMENT",
    "HAM": "HAMEAU",
    "QUA": "QUARTIER",
    "RES": "RESIDENCE",
    "LD": "LIEU-DIT",
    "LIEUDIT": "LIEU-DIT",
    "LIEU DIT": "LIEU-DIT",
    "DOM": "DOMAINE",
} | {word: word for word in _PLACE_WORDS}

# What the first word of a building or a place with a name of its own is, and its full form.
SITES = {
    "HOPITAL": "HOPITAL",
    "CENTRE HOSPITALIER": "HOPITAL",
    "CHU": "HOPITAL",
    "LIEU DIT": "LIEU DIT",
    "LIEU-DIT": "LIEU DIT",
    "LIEUDIT": "LIEU DIT",
    "LD": "LIEU DIT",
    "HAM": "HAMEAU",
    "DOM": "DOMAINE",
    "RES": "RESIDENCE",
    "IMM": "IMMEUBLE",
} | {
    word: word
    for word in (
        *("CLINIQUE", "MAISON", "CHATEAU", "DOMAINE", "HAMEAU", "FERME", "ABBAYE", "COUVENT"),
        *("MONASTERE", "MANOIR", "MOULIN", "MAS", "BASTIDE", "CHALET", "PALAIS", "TRIBUNAL"),
        *("RESIDENCE", "IMMEUBLE", "TOUR", "FOYER", "CENTRE", "ESPACE", "POLE", "ECOLE"),
        *("COLLEGE", "LYCEE", "CAMPUS", "HOTEL", "CASERNE", "FORT", "PAVILLON", "GENDARMERIE"),
    )
}

ACCENTED = {
    "ALLEE": "allée",
    "CHAUSSEE": "chaussée",
    "CITE": "cité",
    "LEVEE": "levée",
    "MONTEE": "montée",
    "RESIDENCE": "résidence",
    "ZA": "ZA",
    "ZI": "ZI",
    "ZAC": "ZAC",
}


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# Words inside a name that lists leave out or write in several ways.
SMALL_WORDS = frozenset(("DE", "DU", "DES", "LA", "LE", "LES", "L", "D", "ET"))
# Every word of a way, in full.
WAYS = frozenset(STREET_WAYS.values()) | frozenset(PLACE_WAYS.values())
STREET = _alternatives(STREET_WAYS)
# "R" alone means "rue" after a number only: "R. Schuman" is a person.
STREET_UNNUMBERED = _alternatives(
    {k: v for k, v in STREET_WAYS.items() if len(k) > 2 or k in {"AV", "BD"}}
)
PLACE = _alternatives(PLACE_WAYS)
SITE = _alternatives(SITES)
