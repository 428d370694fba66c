"""Opening hours, as lists write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.hours import ROUND_THE_CLOCK, read_hours
from tests.importers.conftest import Read

PLAIN = [
    ("lundi-vendredi 9h-17h", "Mo-Fr 09:00-17:00"),
    ("Du lundi au vendredi de 9h à 12h30 et de 14h à 17h", "Mo-Fr 09:00-12:30,14:00-17:00"),
    ("mardi et jeudi : 14h-18h", "Tu,Th 14:00-18:00"),
    ("lundi 9h-12h ; mercredi 14h-17h", "Mo 09:00-12:00; We 14:00-17:00"),
    ("Mo-Fr 09:00-17:00; Sa 09:00-12:00", "Mo-Fr 09:00-17:00; Sa 09:00-12:00"),
    ("24h/24, 7j/7", "24/7"),
    ("24/7", "24/7"),
    ("Du lundi au vendredi 9h-12h et 14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
    ("lundi-vendredi 9h-12h\n14h-17h", "Mo-Fr 09:00-12:00,14:00-17:00"),
    ("9 h 30 – 17 h du lundi au vendredi", "Mo-Fr 09:30-17:00"),
    ("lundi 9h-12h, mardi 14h-17h", "Mo 09:00-12:00; Tu 14:00-17:00"),
    ("7j/7 de 9h à 21h", "Mo-Su 09:00-21:00"),
    ("lundi-vendredi 24h/24", "Mo-Fr 00:00-24:00"),
    ("lundi-vendredi 9h-17h (sur RDV)", 'Mo-Fr 09:00-17:00 "sur rendez-vous"'),
    ("9h-12h et 14h-17h du lundi au vendredi", "Mo-Fr 09:00-12:00,14:00-17:00"),
    ("lundi au jeudi 9h-12h, 14h-17h et le vendredi 9h-12h",
     "Mo-Th 09:00-12:00,14:00-17:00; Fr 09:00-12:00"),
    ("Lundi: 9h-12h / 14h-17h\nMardi: 9h-12h", "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00"),
    ("lundi à vendredi 9h-17h", "Mo-Fr 09:00-17:00"),
    ("lundi, mercredi au vendredi 9h-12h", "Mo,We-Fr 09:00-12:00"),
    ("lun. - ven. : 9h - 17h", "Mo-Fr 09:00-17:00"),
    ("lundi/mardi/jeudi 9h-17h", "Mo,Tu,Th 09:00-17:00"),
    ("mar. et jeu. 14h-18h", "Tu,Th 14:00-18:00"),
    ("samedi-dimanche 9h-12h", "Sa,Su 09:00-12:00"),
    ("vendredi au lundi 9h-12h", "Fr-Mo 09:00-12:00"),
    ("sur rendez-vous, lundi 9h-12h 14h-17h", 'Mo 09:00-12:00,14:00-17:00 "sur rendez-vous"'),
    ("Uniquement sur RDV.", '"sur rendez-vous"'),
    ("sur rendez-vous", '"sur rendez-vous"'),
    # Of some days otherwise.
    ("tous les jours sauf le dimanche, 9 h à 18 h", "Mo-Sa 09:00-18:00"),
    ("Lundi au vendredi 9h-17h sauf mercredi", "Mo,Tu,Th,Fr 09:00-17:00"),
    ("lundi-vendredi 9h-17h, samedi-dimanche fermé", "Mo-Fr 09:00-17:00"),
    ("Fermé le lundi. Du mardi au vendredi 9h-17h.", "Tu-Fr 09:00-17:00"),
    ("lundi au vendredi sauf mercredi après-midi, 9h-12h et 14h-17h",
     "Mo,Tu,Th,Fr 09:00-12:00,14:00-17:00; We 09:00-12:00"),
    ("9h-12h et 14h-17h du lundi au vendredi (fermé le mardi matin)",
     "Mo,We-Fr 09:00-12:00,14:00-17:00; Tu 14:00-17:00"),
    ("lundi au vendredi 9h-17h (jusqu'à 16h le vendredi)", "Mo-Th 09:00-17:00; Fr 09:00-16:00"),
    ("lundi au vendredi 9h-17h, fermé le week-end et les jours fériés",
     "Mo-Fr 09:00-17:00; PH off"),
    # Halves of a day, and other words that say nothing else.
    ("mardi et jeudi après-midi (14h-18h)", "Tu,Th 14:00-18:00"),
    ("9h-12h le matin et 14h-17h l'après-midi, du lundi au vendredi",
     "Mo-Fr 09:00-12:00,14:00-17:00"),
    ("mercredi matin de 9h à midi", "We 09:00-12:00"),
    ("lundi - mardi - jeudi : 9h-12h", "Mo,Tu,Th 09:00-12:00"),
    ("9h/12h - 14h/17h du lundi au vendredi", "Mo-Fr 09:00-12:00,14:00-17:00"),
    ("Horaires d’ouverture : du lundi au vendredi de 9 heures à 17 heures",
     "Mo-Fr 09:00-17:00"),
    ("lundi au vendredi 9h-18h sans interruption", "Mo-Fr 09:00-18:00"),
    ('Mo-Fr 09:00-17:00 "sonner deux fois"', 'Mo-Fr 09:00-17:00 "sonner deux fois"'),
]  # fmt: skip
UNDERSTOOD = [text for text, hours in PLAIN if text != hours and not text.startswith("Mo-")]


@pytest.mark.parametrize(("text", "hours"), PLAIN)
def test_plain_hours_become_osm_hours(text: str, hours: str) -> None:
    assert read_hours(text) == (hours, None)


@pytest.mark.parametrize(
    "text",
    [
        *(f"{always}{end}" for always in ROUND_THE_CLOCK for end in ("", " ")),
        *(
            "24 heures sur 24, 7 jours sur 7",
            "H24 7j/7j",
            "24 h / 24",
            "7J/7 et 24H/24",
            "ouvert jour et nuit",
            "du lundi au dimanche 0h-24h",
        ),
    ],
)
def test_round_the_clock_has_one_spelling(text: str) -> None:
    assert read_hours(text) == ("24/7", None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "9h",
            "lundi 18h-9h",
            "le premier lundi du mois 9h-12h",
            "25h-26h",
            "lundi 9h-12h, mardi",
        ),
        *(
            "24h/24 sauf le dimanche",
            "écoute 24h/24, accueil lundi 9h-12h",
            "sur rendez-vous lundi",
        ),
        *("Mo-Fr 99:99-99:99", "Mo-Fr 9h-12h; fermé le mercredi", '"'),
    ],
)
def test_hours_that_are_not_plain_are_reported(text: str) -> None:
    assert read_hours(text)[0] is None
    assert read_hours(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        # Days that a reader could give to other hours.
        "9h-13h et 14h-18h du lundi au jeudi et le vendredi de 14h à 18h",
        "9h-12h (lundi, mardi) 14h-17h (jeudi)",
        "9h-12h lundi, mardi 14h-17h",
        "9h-12h 14h-17h lundi au vendredi, samedi 9h-12h",
        "9h-13h, mardi et jeudi 14h-18h",
        "24h/24 du lundi au vendredi, samedi 9h-12h",
        "lundi 9h-12h, 14h-17h mardi",
        "lundi et mardi 9h-12h sur RDV, jeudi 14h-17h",
        "lundi-vendredi 9h-12h, 14h-17h sur rendez-vous",
        # Days that may be a span or a list, or that are named twice.
        *("mardi - jeudi 14h-18h", "lundi/vendredi 9h-17h", "lundi vendredi 9h-17h"),
        *("lundi > vendredi 9h-17h", "lundi ou mardi 9h-17h", "lundi ... vendredi 9h-17h"),
        "lundi au vendredi 9h-12h, lundi 14h-17h",
        "lundi 9h-12h lundi 14h-17h",
        # No day.
        *("9h-17h", "9h-12h et 14h-17h", "09:00-17:00", "7j/7"),
        # Exceptions.
        *("tous les jours sauf le dimanche", "lundi au vendredi sauf mercredi après-midi"),
        *("24h/24 du lundi au vendredi sauf le samedi", "lundi au vendredi 9h-12h sauf août"),
        *("1er samedi du mois 9h-12h", "permanence le 1er et 3ème mardi 14h-17h"),
        *("semaines paires : mardi 14h-17h", "une semaine sur deux le mardi 14h-17h"),
        "du lundi au vendredi 9h-17h hors vacances scolaires",
        "lundi au vendredi 9h-17h, fermé le vendredi après-midi",
        "lundi au vendredi 9h-12h, fermé le mercredi de 14h à 17h",
        "lundi au vendredi 9h-12h, fermé le mercredi, 14h-17h",
        *("lundi fermé 9h-12h", "lundi et mardi fermé le matin, mercredi"),
        *("été : 9h-18h ; hiver : 9h-17h", "lundi au vendredi 9h-17h. Fermé en août"),
        # Of those days, or of all others? Of both days, or of the last one?
        "lundi au vendredi 9h-17h sauf le mercredi 9h-12h",
        "lundi au vendredi 9h-12h et 14h-17h sauf le mercredi 14h-17h",
        "lundi au vendredi 9h-12h (sauf le mercredi) 14h-17h",
        "lundi au vendredi 9h-17h, fermé le mercredi et le vendredi après-midi",
        "lundi au vendredi 9h-17h sauf jeudi, samedi 10h-12h",
        # A day that no hours name may have any.
        "9h-12h et 14h-17h du lundi au jeudi, 16h le vendredi",
        *("mardi 14h-18h, jeudi à 17h", "jeudi 9h-12h ; vendredi 11h"),
        "lundi au jeudi 9h-17h, vendredi fermeture à 12h",
        "lundi au vendredi 9h-17h, à 10h le mercredi",
        # Until then, or from then on?
        *("lundi au vendredi 9h-17h (16h le vendredi)", "lundi-vendredi 9h-17h. Jeudi 16h"),
        *("lundi au vendredi 9h-17h (11h le vendredi)", "lundi au vendredi 9h-17h, 10h le samedi"),
        "lundi au vendredi 9h-17h (18h le vendredi)",
        # Halves of a day, of which nothing says when they are, or that the hours are not.
        *("matin (9h-12h)", "après-midi (14h-18h)", "lundi après-midi (9h-12h)"),
        *(
            "mardi matin et jeudi 14h-18h",
            "lundi matin 9h-12h 14h-17h",
            "lundi matin et après-midi 9h-12h",
        ),
        "lundi au vendredi 9h-12h et l'après-midi sur rendez-vous",
        "lundi 9h-12h, 14h-17h sans interruption",
        *(
            "9h/14h le lundi",
            "horaires d'été : lundi 9h-12h",
            "accueil téléphonique : lundi 9h-12h",
        ),
        "lundi-vendredi 9h-12h sur rendez-vous, 14h-17h sans rendez-vous",
        "lundi au vendredi 9h-17h (accueil téléphonique)",
        # Hours that are not plain, and doubts.
        *("lundi au vendredi 9-17h", "lundi au vendredi 8.30-12.30", "lundi au vendredi 20h-8h"),
        *(
            "lundi au vendredi à partir de 9h",
            "lundi 9h-12h 11h-14h",
            "lundi au vendredi 9h - midi trente",
        ),
        *("lundi 9h-17h ?", "lundi 9h-17h*", "mars 9h-12h", "Mercredi 14h-17h et samedi matin"),
    ],
)
def test_hours_that_may_mean_something_else_stay_words(text: str) -> None:
    assert read_hours(text)[0] is None


def test_hours_that_are_not_understood_are_kept_as_they_are_written(read: Read) -> None:
    rows = read(
        "Nom;Type;Commune;Horaires\nA;ASE;Bobigny;lundi 9h-17h sauf août\n"
        "B;ASE;Bobigny;lundi 9h-17h\nC;ASE;Bobigny;\n"
    ).rows
    assert [(row.opening_hours, row.hours_text) for row in rows] == [
        (None, "lundi 9h-17h sauf août"),
        ("Mo 09:00-17:00", None),
        (None, None),
    ]


DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MORNING, AFTERNOON = ("09:00", "12:00"), ("14:00", "17:00")


def open_on(hours: str) -> dict[str, list[tuple[str, ...]]]:
    """Day -> its spans, of what the syntax says of days alone."""
    found: dict[str, list[tuple[str, ...]]] = {}
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    for rule in hours.split("; "):
        days, _, spans = rule.partition(" ")
        for part in days.split(","):
            first, _, last = part.partition("-")
            for day in range(names.index(first), names.index(last or first) + 1):
                found[DAYS[day]] = [tuple(each.split("-")) for each in spans.split(",")]
    return found


@given(
    last=st.integers(2, 6),
    other=st.integers(0, 6),
    half=st.sampled_from(["", " matin", " après-midi"]),
    word=st.sampled_from([" sauf le ", ", fermé le ", " (sauf ", " (fermé le "]),
    first=st.booleans(),
)
def test_what_is_excepted_is_never_open(
    last: int, other: int, half: str, word: str, *, first: bool
) -> None:
    week, spans = f"du lundi au {DAYS[last]}", "9h-12h et 14h-17h"
    text = f"{week} {spans}" if first else f"{spans} {week}"
    hours, _ = read_hours(f"{text}{word}{DAYS[other]}{half}{')' * ('(' in word)}")
    expected = {day: [MORNING, AFTERNOON] for day in DAYS[: last + 1]}
    if other > last:
        if half or "sauf" in word:
            assert hours is None
            return
    elif half:
        expected[DAYS[other]] = [AFTERNOON if "matin" in half else MORNING]
    else:
        del expected[DAYS[other]]
    assert hours is not None
    assert open_on(hours) == expected


@given(text=st.sampled_from(UNDERSTOOD), data=st.data())
def test_a_word_that_is_not_known_leaves_hours_as_words(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    at = data.draw(st.integers(0, len(words)))
    words.insert(
        at, data.draw(st.sampled_from(["environ", "parfois", "août", "impaires", "sf", "2e"]))
    )
    assert read_hours(" ".join(words))[0] is None
