"""Open at this moment? On every territory's clock, on its holidays, and for any text at all."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours
from opening_hours import State as Parsed

from app.hours import (
    ROUND_THE_CLOCK,
    Reason,
    State,
    always_open,
    describe,
    open_now,
    phrase,
    state,
    zone_of,
)
from app.hours.places import is_holiday
from geo.zones import PARIS_TIME
from tests import effort

OFFICE = "Mo-Su 09:00-17:00"
TERRITORIES = ("59", "57", "67", "93", "971", "972", "973", "974", "975", "976", "987", "988")
# A space that no line breaks at, as `describe` writes it inside times.
NB = "\u00a0"


def local(text: str, territory: str = "93") -> datetime:
    """A moment on the clock of a territory."""
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(territory))


def said(osm: str, text: str, territory: str = "93") -> str:
    return phrase(state(osm, territory, local(text, territory)), zone_of(territory))


def weeks(times: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Hours in valid syntax, made of rules like "Jul-Aug Mo-Fr,PH 09:00-12:00 off"."""
    names = st.sampled_from(["Mo", "Tu", "We-Fr", "Mo-Fr", "Sa", "Su", "Sa-Su", "Fr-Mo"])
    days = st.tuples(
        st.lists(names, min_size=1, max_size=2).map(",".join), st.sampled_from(["", ",PH"])
    ).map("".join)
    rule = st.tuples(
        st.sampled_from(["", "", "Jul-Aug ", "2026 ", "week 1-53/2 "]),
        st.one_of(days, st.just("PH")),
        times,
        st.sampled_from(["", "", "", " off", ' "sur rendez-vous"', " unknown"]),
    ).map(lambda parts: f"{parts[0]}{parts[1]} {parts[2]}{parts[3]}")
    return st.lists(rule, min_size=1, max_size=4).map("; ".join)


def _span(start: int, length: int, minute: int) -> str:
    return f"{start:02}:{minute:02}-{start + length:02}:{minute:02}"


_minutes = st.sampled_from([0, 15, 30])
_by_day = weeks(st.builds(_span, st.integers(6, 15), st.integers(1, 8), _minutes))
_weeks = weeks(st.builds(_span, st.integers(0, 23), st.integers(1, 16), _minutes))
_bits = st.sampled_from(
    [
        *(
            "Mo",
            "Fr",
            "PH",
            "SH",
            "-",
            ",",
            ";",
            "||",
            "+",
            "/",
            "(",
            ")",
            "[1]",
            "days",
            "-1",
            "+3",
        ),
        *("off", "open", "unknown", "24/7", "09:00", "26:00", "48:00", "Feb", "30", "2026", "week"),
        *("53", "easter", "sunset", '"rdv"', "\ud800", "lundi"),
    ]
)
_texts = st.one_of(st.text(), st.lists(_bits).map(" ".join), st.lists(_bits).map("".join), _weeks)
_moments = st.integers(0, 7 * 365 * 24 * 4).map(
    lambda quarters: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)


@pytest.mark.slow
@settings(deadline=None)
@given(_texts, st.sampled_from(TERRITORIES), _moments)
@example("PH +3 days", "93", datetime(2026, 7, 14, tzinfo=UTC))
@example("Mo-Fr 09:00-17:00; PH -1 day off", "93", datetime(2026, 7, 14, tzinfo=UTC))
@example("Mo-Fr 09:00-17:00 " * 100_000, "93", datetime(2026, 7, 14, tzinfo=UTC))
def test_no_text_is_an_error(osm: str, territory: str, at: datetime) -> None:
    opening = state(osm, territory, at)
    assert phrase(opening, zone_of(territory))
    assert "".join(describe(osm)) or not osm
    assert always_open(osm) in (True, False)
    assert open_now([(territory, osm)], at) == [(territory, osm)] * (opening.state is State.OPEN)


@settings(deadline=None)
@given(_texts, st.sampled_from(TERRITORIES), _moments)
def test_open_is_only_what_the_library_has_open_on_the_local_clock(
    osm: str, territory: str, at: datetime
) -> None:
    if state(osm, territory, at).state is not State.OPEN:
        return
    here = at.astimezone(zone_of(territory))
    if is_holiday(territory, here.date()):
        assert "PH" in osm or always_open(osm)
    elif "PH" not in osm:
        assert OpeningHours(osm, timezone=zone_of(territory)).is_open(here)


@settings(deadline=None)
@given(_by_day, _moments)
def test_holidays_of_all_france_are_those_of_the_library(osm: str, at: datetime) -> None:
    """What PH is rewritten to means what the library makes of the holidays that it knows."""
    osm += "; PH 10:00-12:00"
    parsed, comment = OpeningHours(osm, timezone=PARIS_TIME, country="FR").state(
        at.astimezone(PARIS_TIME)
    )
    expected = {
        Parsed.CLOSED: State.CLOSED,
        Parsed.UNKNOWN: State.CHECK,
        Parsed.OPEN: State.CHECK if comment else State.OPEN,
    }
    opening = state(osm, "93", at)
    assert (opening.state, opening.comment or "") == (expected[parsed], comment)


@pytest.mark.slow
@given(_weeks, st.sampled_from(TERRITORIES), _moments)
def test_until_is_when_it_closes_or_opens(osm: str, territory: str, at: datetime) -> None:
    opening = state(osm, territory, at)
    if opening.until is None:
        return
    assert opening.until > at
    before = state(osm, territory, opening.until - timedelta(minutes=1))
    after = state(osm, territory, opening.until)
    if opening.state is State.OPEN:
        assert (before.state, after.state) == (State.OPEN, State.CLOSED)
    else:
        assert before.state is not State.OPEN
        assert after.state is State.OPEN


def test_every_territory_has_its_own_clock(prepared: Path) -> None:
    codes = {
        row["code"] for row in json.loads(gzip.decompress(prepared.read_bytes()))["territories"]
    }
    assert len(codes) == 108
    overseas = {code for code in codes if code.startswith(("97", "98"))}
    zones = {code: zone_of(code).key for code in codes}
    assert {code for code, zone in zones.items() if zone != "Europe/Paris"} == overseas
    assert len({zones[code] for code in overseas}) == len(overseas) == 11
    moment = datetime(2026, 7, 15, 12, tzinfo=UTC)
    hours = {code: moment.astimezone(zone_of(code)).hour for code in ("93", "971", "974", "987")}
    assert hours == {"93": 14, "971": 8, "974": 16, "987": 2}
    assert [open_now([(code, OFFICE)], moment) != [] for code in hours] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("territory", "day", "elsewhere"),
    [
        ("974", "2026-12-20", "93"),
        ("67", "2026-12-26", "93"),
        ("68", "2026-12-26", "88"),
        ("57", "2026-04-03", "54"),
        ("67", "2026-04-03", "54"),
        ("976", "2026-04-27", "974"),
        ("972", "2026-05-22", "971"),
        ("971", "2026-05-27", "972"),
        ("973", "2026-06-10", "972"),
        ("977", "2026-10-09", "971"),
        ("978", "2026-05-28", "971"),
        ("986", "2026-07-29", "988"),
        ("987", "2026-11-20", "988"),
        ("988", "2026-09-24", "987"),
    ],
)
def test_a_territory_keeps_its_own_days(territory: str, day: str, elsewhere: str) -> None:
    def states(code: str, *hours: str) -> list[State]:
        return [state(osm, code, local(f"{day}T11:00", code)).state for osm in hours]

    hours = (
        OFFICE,
        f"{OFFICE}; PH off",
        f"{OFFICE}; PH 10:00-12:00",
        "Mo-Su,PH 09:00-17:00",
        "24/7",
    )
    assert states(territory, *hours) == [State.CHECK, State.CLOSED, *[State.OPEN] * 3]
    assert states(elsewhere, *hours) == [State.OPEN] * 5
    opening = state(OFFICE, territory, local(f"{day}T11:00", territory))
    assert opening.reason is Reason.HOLIDAY
    assert phrase(opening, zone_of(territory)) == "Horaires à vérifier : jour férié"


def test_national_day_is_a_holiday_everywhere() -> None:
    for code in (*TERRITORIES, "977", "978", "986"):
        assert is_holiday(code, date(2026, 7, 14))
        assert state(OFFICE, code, local("2026-07-14T11:00", code)).state is State.CHECK
        # 13 July in Tahiti while it is the 14th in Paris: the day is the territory's.
    at = local("2026-07-14T01:00")
    assert state("Mo-Su 00:00-23:00", "987", at).state is State.OPEN
    assert state("Mo-Su 00:00-23:00", "93", at).state is State.CHECK


@pytest.mark.parametrize("always", [*ROUND_THE_CLOCK, "Mo-Su 0:00-24:00", "open"])
def test_round_the_clock_is_open_on_holidays_too(always: str) -> None:
    opening = state(always, "974", local("2026-12-20T03:00", "974"))
    assert (opening.state, opening.until) == (State.OPEN, None)
    assert phrase(opening, zone_of("974")) == "Ouvert jour et nuit"
    assert always_open(always)
    assert describe(always) == ("Ouvert jour et nuit, tous les jours",)


@pytest.mark.parametrize(
    "other",
    [
        "24/7; PH off",
        '24/7 "sur rendez-vous"',
        "Mo-Sa 00:00-24:00",
        "00:00-00:00",
        "",
        "24/24",
        "off",
    ],
)
def test_less_than_round_the_clock_is_not_always_open(other: str) -> None:
    assert not always_open(other)
    assert not always_open(None)


@pytest.mark.parametrize(
    ("osm", "comment"),
    [
        ('Mo-Fr 09:00-17:00 "sur rendez-vous"', "sur rendez-vous"),
        ('"sur rendez-vous"', "sur rendez-vous"),
        ('Mo-Fr 09:00-17:00 open "sonner"', "sonner"),
        ('24/7 "sur appel"', "sur appel"),
        ("Mo-Fr 09:00-17:00 unknown", None),
        ("Mo-Fr 09:00+", None),
        ("sunrise-sunset", None),
        ("00:00-00:00", None),
        ("Feb 30", None),
        ('Mo-Fr 09:00-17:00 || "sur rendez-vous"', None),
        # The library has holidays and Mondays open; the syntax means holidays that are Mondays.
        ("PH Mo-Fr 09:00-17:00", None),
        ("Mo-Fr 09:00-17:00; SH off", None),
        ("SH Mo-Fr 09:00-17:00", None),
    ],
)
def test_what_is_not_sure_is_not_open(osm: str, comment: str | None) -> None:
    at = local("2026-07-15T10:00")
    assert OpeningHours(osm, timezone=PARIS_TIME).state(at)[0] is not Parsed.CLOSED
    opening = state(osm, "93", at)
    assert (opening.state, opening.comment) == (State.CHECK, comment)


def test_a_comment_about_other_days_changes_nothing() -> None:
    osm = 'Mo-Fr 09:00-17:00; Sa 09:00-12:00 "sur rendez-vous"'
    assert said(osm, "2026-07-15T10:00") == f"Ouvert, ferme à 17{NB}h"
    assert said(osm, "2026-07-18T10:00") == "Sur rendez-vous"


@pytest.mark.parametrize(
    "osm", [None, "", " ", "Lu-Ve 9h-17h", "PH -1 day off", "\ud800", "9" * 5_000]
)
def test_what_cannot_be_read_is_unknown(osm: str | None) -> None:
    opening = state(osm, "93", local("2026-07-15T10:00"))
    assert (opening.state, opening.until, opening.comment) == (State.UNKNOWN, None, None)


def test_a_night_that_touches_a_holiday_is_to_be_checked_unless_told() -> None:
    silent, stated = "Mo-Su 20:00-02:00", "Mo-Su 20:00-02:00; PH off"
    nights = {
        "2026-07-13T23:00": (State.OPEN, State.OPEN),
        "2026-07-14T01:00": (State.CHECK, State.CLOSED),
        "2026-07-14T23:00": (State.CHECK, State.CLOSED),
        # It is the 15th, and the doors would have opened on the 14th: the library says open.
        "2026-07-15T01:00": (State.CHECK, State.CHECK),
        "2026-07-15T03:00": (State.CLOSED, State.CLOSED),
        "2026-07-15T23:00": (State.OPEN, State.OPEN),
    }
    found = {
        night: tuple(state(osm, "93", local(night)).state for osm in (silent, stated))
        for night in nights
    }
    assert found == nights
    # Nobody can say what happens at midnight.
    assert state(silent, "93", local("2026-07-13T23:00")).until is None
    assert state(stated, "93", local("2026-07-13T23:00")).until == local("2026-07-14T00:00")


def test_silent_hours_do_not_promise_a_holiday() -> None:
    assert said("Mo-Fr 09:00-17:00", "2026-07-13T18:00") == f"Fermé, ouvre mercredi à 9{NB}h"


def test_clock_changes_keep_the_hours_on_the_door() -> None:
    osm = "Mo-Su 22:00-02:30,03:15-08:00"
    # Summer time ends on 25 October 2026 at 01:00 UTC: 02:10 comes twice.
    first, second = (datetime(2026, 10, 25, hour, 10, tzinfo=UTC) for hour in (0, 1))
    for at in (first, second):
        opening = state(osm, "93", at)
        assert opening.state is State.OPEN
        assert opening.until is not None
        assert (opening.until.astimezone(UTC) - at) == timedelta(minutes=20)
    # It begins on 29 March at 01:00 UTC: half past two never comes.
    before, after = (datetime(2026, 3, 29, hour, 50, tzinfo=UTC) for hour in (0, 1))
    assert said(osm, "2026-03-29T01:50") == f"Ouvert, ferme à 2{NB}h{NB}30"
    assert [state(osm, "93", at).state for at in (before, after)] == [State.OPEN, State.OPEN]
    assert state(osm, "93", datetime(2026, 3, 29, 1, 5, tzinfo=UTC)).state is State.CLOSED
    assert open_now(
        [("93", OFFICE), ("974", OFFICE)], datetime(2026, 3, 29, 7, 30, tzinfo=UTC)
    ) == [
        ("93", OFFICE),
        ("974", OFFICE),
    ]


@pytest.mark.parametrize("warm", [False, True])
def test_five_thousand_hours_are_read_in_a_moment(warm: bool) -> None:
    pairs = [
        ("974" if minute % 2 else "93", f"Mo-Fr 0{hour}:{minute:02}-17:{end:02}; PH off")
        for hour in (7, 8)
        for minute in range(50)
        for end in range(50)
    ]
    at = datetime(2026, 7, 15, 9, tzinfo=UTC)
    if warm:
        open_now(pairs, at)
    with effort.at_most(2 if warm else 10):
        assert len(open_now(pairs, at)) == 5_000
        # Measured on a busy machine: 0.4 s and 0.06 s (docs/decisions/opening-hours.md).
