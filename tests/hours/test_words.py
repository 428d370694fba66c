"""Hours in French: the moment on a card, the week on a sheet."""

from datetime import datetime

import pytest

from app.hours import describe, phrase, state, zone_of
from geo.zones import PARIS_TIME

OFFICE = "Mo-Su 09:00-17:00"
# A space that no line breaks at, as times are written with.
NB = "\u00a0"


@pytest.mark.parametrize(
    ("osm", "at", "words"),
    [
        (OFFICE, "2026-07-15T10:00", f"Ouvert, ferme à 17{NB}h"),
        (OFFICE, "2026-07-15T08:00", f"Fermé, ouvre aujourd’hui à 9{NB}h"),
        (OFFICE, "2026-07-15T18:00", f"Fermé, ouvre demain à 9{NB}h"),
        ("Mo-Fr 08:30-17:00", "2026-07-17T18:00", f"Fermé, ouvre lundi à 8{NB}h{NB}30"),
        ("Mo 09:00-12:00", "2026-07-20T13:00", f"Fermé, ouvre lundi 27 juillet à 9{NB}h"),
        ("Sa[1] 09:00-12:00", "2026-07-15T13:00", f"Fermé, ouvre samedi 1er août à 9{NB}h"),
        ("Mo-Su 20:00-02:00", "2026-07-20T23:00", f"Ouvert, ferme à 2{NB}h"),
        ("Mo-Su 14:00-24:00", "2026-07-20T23:00", "Ouvert, ferme à minuit"),
        ("24/7; Su off", "2026-07-19T12:00", f"Fermé, ouvre demain à 0{NB}h"),
        ("24/7; PH off", "2026-07-20T12:00", f"Ouvert, ferme samedi 15 août à 0{NB}h"),
        ("off", "2026-07-15T10:00", "Fermé"),
        ('off "travaux"', "2026-07-15T10:00", "Fermé (travaux)"),
        ("Mo-Fr 09:00+", "2026-07-15T10:00", "Horaires à vérifier"),
        ("SH 09:00-12:00", "2026-07-15T10:00", "Horaires à vérifier : vacances scolaires"),
        ("9h", "2026-07-15T10:00", "Horaires non connus"),
    ],
)
def test_a_card_says_the_moment_in_few_words(osm: str, at: str, words: str) -> None:
    opening = state(osm, "93", datetime.fromisoformat(at).replace(tzinfo=zone_of("93")))
    assert phrase(opening, zone_of("93")) == words


def test_a_card_says_whose_time_it_is_overseas() -> None:
    zone = zone_of("973")
    opening = state(OFFICE, "973", datetime(2026, 7, 15, 10, tzinfo=zone))
    assert phrase(opening, zone) == f"Ouvert, ferme à 17{NB}h (heure locale)"


def test_a_card_can_say_it_on_another_clock() -> None:
    opening = state(OFFICE, "974", datetime(2026, 7, 15, 10, tzinfo=zone_of("974")))
    assert phrase(opening, PARIS_TIME) == f"Ouvert, ferme à 15{NB}h"


@pytest.mark.parametrize(
    ("osm", "lines"),
    [
        (
            "Mo-Fr 09:00-12:30,14:00-17:30; Sa 09:00-12:00; PH off",
            (
                "Du lundi au vendredi : 9 h – 12 h 30 et 14 h – 17 h 30",
                "Le samedi : 9 h – 12 h",
                "Fermé les jours fériés",
            ),
        ),
        ("Mo,We,Fr 14:00-24:00", ("Le lundi, le mercredi et le vendredi : 14 h – minuit",)),
        ("Sa-Su,PH 20:00-02:00", ("Le samedi, le dimanche et les jours fériés : 20 h – 2 h",)),
        ("9:00-17:00", ("Tous les jours : 9 h – 17 h",)),
        (
            "Mo-Fr 00:00-24:00; Sa-Su off",
            ("Du lundi au vendredi : jour et nuit", "Fermé le samedi et le dimanche"),
        ),
        (
            'Mo-Fr 09:00-17:00 "sur rendez-vous"',
            ("Du lundi au vendredi : 9 h – 17 h (sur rendez-vous)",),
        ),
        ('"sur rendez-vous ; sonner"', ("Sur rendez-vous ; sonner",)),
        (
            "Mo-Fr 09:00+; SH off",
            ("Du lundi au vendredi : à partir de 9 h", "Fermé pendant les vacances scolaires"),
        ),
        ('off "travaux"', ("Fermé (travaux)",)),
    ],
)
def test_hours_read_as_french(osm: str, lines: tuple[str, ...]) -> None:
    assert tuple(line.replace(NB, " ") for line in describe(osm)) == lines


@pytest.mark.parametrize(
    "osm",
    [
        "Mo-Fr 09:00-17:00; Jul-Aug off",
        "Mercredi : 9 h – 12 h ; l’été, fermé",
        "PH Mo-Fr 09:00-12:00",
        "Mo-Fr 09:00-17:00, Sa 10:00-12:00",
        "Mo-Fr 99:00-17:00",
        "24/24",
    ],
)
def test_what_is_not_understood_is_shown_whole(osm: str) -> None:
    assert describe(osm) == (osm,)
