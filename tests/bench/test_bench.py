import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.hours import ROUND_THE_CLOCK
from app.models import Actor
from app.places.schemas import Place
from app.settings import ROOT
from bench import browser, overload
from bench.__main__ import FOLIUM, LABELS, MOST_MS, MOST_S, TIMES
from bench.actors import COLUMNS, IN_TERRITORY, TERRITORY, MeasuredCommune, actors
from bench.comparison import CLEARLY, Machine, newest, save, worse
from bench.database import filled
from bench.searches import absent, filtered, worded
from bench.setting import ACTORS, DATA_DIR, FEW
from bench.standard import BESIDE_OTHERS, STANDARD, judged, slowness
from bench.tools import figure_at_most, ratio_at_least, ratio_at_most, without_aim
from importers import vocabulary

COMMUNES = [
    MeasuredCommune("23096", "Guéret", "23", "200034825", 1.87, 46.17),
    MeasuredCommune("75056", "Paris", "75", "200054781", 2.347, 48.859),
    MeasuredCommune("48095", "Mende", "48", None, 3.5, 44.52),
]


def column(rows: list[tuple[object, ...]], name: str) -> list[object]:
    return [row[COLUMNS.index(name)] for row in rows]


@pytest.fixture(scope="module")
def rows() -> list[tuple[object, ...]]:
    return list(actors(COMMUNES))


@pytest.mark.slow
def test_actors_are_the_same_at_every_run_and_spread_as_people_are(
    rows: list[tuple[object, ...]],
) -> None:
    assert rows[:200] == [row for row, _ in zip(actors(COMMUNES), range(200), strict=False)]
    counts = Counter(column(rows, "territory_code"))
    assert len(rows) == ACTORS
    assert counts[TERRITORY] == IN_TERRITORY
    assert counts["75"] > 100 * counts["48"] > 0
    assert len(set(column(rows, "public_id"))) == ACTORS
    assert len(list(actors(COMMUNES, FEW))) == FEW


@pytest.mark.slow
def test_actors_are_as_varied_as_those_of_lists(rows: list[tuple[object, ...]]) -> None:
    opened = [hours for hours in column(rows, "opening_hours") if hours]
    assert 0.2 * ACTORS < len(opened) < 0.4 * ACTORS
    assert 150 < len(set(opened)) < 250
    assert 0 < sum(hours in ROUND_THE_CLOCK for hours in opened) < 0.1 * len(opened)
    for name in ("covers_territories", "covers_epcis", "covers_communes", "covers_national"):
        assert 0 < sum(bool(each) for each in column(rows, name)) < 0.1 * ACTORS
    # A category does what it is known for, and hardly anything else.
    pairs = set(zip(column(rows, "category"), map(str, column(rows, "functions")), strict=True))
    words = vocabulary.load()
    assert len(pairs) < len(words.categories) * len(words.functions)


def test_the_map_of_the_measured_departement_shows_all_of_its_actors(
    rows: list[tuple[object, ...]],
) -> None:
    there = [row for row in rows if row[COLUMNS.index("territory_code")] == TERRITORY]
    assert all(column(there, "point"))
    protected = [row for row in rows if row[COLUMNS.index("protected")]]
    assert protected
    for name in ("point", "commune_code", "audiences", "age_min", "age_max", "verified_on"):
        assert not any(column(protected, name)), name
    # Its family, and what all of that family do.
    assert set(column(protected, "category")) == {"heberger"}
    assert {str(each) for each in column(protected, "functions")} == {"['hebergement']"}


def test_every_column_that_must_be_known_is_made(rows: list[tuple[object, ...]]) -> None:
    columns = Actor.__table__.columns
    needed = {c.name for c in columns if not c.nullable and c.server_default is None}
    assert needed <= set(COLUMNS) <= set(columns.keys())
    assert {len(row) for row in rows[:50]} == {len(COLUMNS)}


def test_searches_are_the_same_at_every_run_and_each_asks_for_something() -> None:
    around = [Place("48095", "Mende", 3.5, 44.52, "48095", None, "48")] * 50
    for make in (filtered, worded, absent):
        made = list(make(around))
        assert made == list(make(around))
        assert all(search.place and search.narrowed for search in made)
    assert all(search.radius for search in filtered(around))
    assert not any(search.radius for search in worded(around))


def test_an_aim_is_of_the_figure_or_of_the_ratio() -> None:
    assert figure_at_most("milliseconds", (20, 1), 30).met
    assert not figure_at_most("milliseconds", (40, 80), 30).met
    assert ratio_at_most("milliseconds", (40, 20), 3).met
    assert not ratio_at_most("milliseconds", (80, 20), 3).met
    assert ratio_at_least("requests_per_second", (70, 100), 0.6).met
    assert not ratio_at_least("requests_per_second", (50, 100), 0.6).met
    assert without_aim("milliseconds", (40, 20)).met is None


HERE = Machine("AMD EPYC 7763 64-Core Processor @ 2.45GHz", 2, 8, "Linux-6.1", "3.11.7", "17")


def test_what_got_worse_is_said_by_its_ratio_and_noise_is_not(tmp_path: Path) -> None:
    before = [
        figure_at_most("page_milliseconds", (20, 10), 30),
        figure_at_most("list_milliseconds", (20, 10), 30),
        ratio_at_least("map_requests_per_second", (60, 100), 0.6),
    ]
    path = save(before, HERE, (0.5, 2.25), tmp_path)
    saved = json.loads(path.read_text())
    assert saved["machine"]["cores"] == 2
    assert saved["load"] == {"before": 0.5, "after": 2.25}
    assert saved["date"] in path.name
    assert saved["commit"]
    assert list(worse(path, before)) == []
    # On a machine half as fast, all is as it was.
    slower = [replace(m, figure=m.figure * 2, reference=m.reference * 2) for m in before]
    assert list(worse(path, slower)) == []
    now = [
        figure_at_most("page_milliseconds", (26, 10), 30),
        figure_at_most("list_milliseconds", (23, 10), 30),
        ratio_at_least("map_requests_per_second", (30, 100), 0.6),
        figure_at_most("new_milliseconds", (90, 10), 30),
    ]
    found = list(worse(path, now))
    assert [each.name for each in found] == ["map_requests_per_second", "page_milliseconds"]
    assert [each.factor > CLEARLY for each in found] == [True, False]


def test_what_was_nothing_is_worse_once_it_is_beyond_its_aim(tmp_path: Path) -> None:
    path = save([figure_at_most("shift_thousandths", (0, 10), 1)], HERE, (0.2, 1.9), tmp_path)
    for figure in (0, 0.4):
        assert list(worse(path, [figure_at_most("shift_thousandths", (figure, 10), 1)])) == []
    (found,) = worse(path, [figure_at_most("shift_thousandths", (3, 10), 1)])
    assert found.factor > CLEARLY


def test_the_last_figures_of_a_similar_machine_are_found(tmp_path: Path) -> None:
    assert newest(HERE, tmp_path) is None
    for day in ("2026-01-02", "2026-03-01", "2026-02-03"):
        (tmp_path / f"{day}-{HERE.model}.json").touch()
    (tmp_path / f"2026-09-09-{replace(HERE, cores=64).model}.json").touch()
    found = newest(replace(HERE, memory=16, python="3.12.0"), tmp_path)
    assert found == tmp_path / "2026-03-01-amd-epyc-7763-2-cores.json"


@pytest.mark.slow
def test_measured_public_service_holds_no_desk_in_memory() -> None:
    code = "import sys, bench.service; sys.exit('app.desk' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [["--unknown"], ["--compare", "nowhere.json"]])
def test_bench_refuses_what_it_does_not_know_before_it_measures(asked: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert asked[-1] in done.stderr


@pytest.mark.long
def test_bench_prints_json_and_leaves_nothing_running() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--json", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1_800,
        check=True,
    )
    measures = json.loads(done.stdout)
    assert len({each["name"] for each in measures}) == len(measures) == len(LABELS)
    for each in measures:
        assert set(each) == {"name", "figure", "reference", "ratio", "aim", "met"}
        assert (each["aim"] is None) == (each["met"] is None)
        # None is a figure of its own where nothing blocks or moves.
        may_be_none = each["name"] in {browser.BLOCKING, browser.SHIFT}
        assert each["figure"] >= 0 if may_be_none else each["figure"] > 0
        assert each["ratio"] == pytest.approx(each["figure"] / each["reference"])
    assert running() == []


@pytest.mark.long
def test_500_searches_and_five_hostile_minutes_are_borne() -> None:
    with filled() as cluster:
        measures = list(overload.overload(cluster))
    assert [each for each in measures if not each.met] == []
    assert len(measures) == 2


def running() -> list[int]:
    """Processes of the bench: PostgreSQL works inside its data, the service is given it."""
    bench = str(DATA_DIR)
    return [
        each.pid
        for each in psutil.process_iter(["cwd", "environ"])
        if str(each.info["cwd"]).startswith(bench)
        or (each.info["environ"] or {}).get("MESURE23_DATA_DIR") == bench
    ]


def test_on_a_machine_twice_as_slow_times_alone_have_other_aims() -> None:
    there = {each["name"]: each for each in json.loads(STANDARD.read_text())["measures"]}
    of_others = [
        ratio_at_most(name, (1, 2 * there[name]["reference"]), 500) for name in BESIDE_OTHERS
    ]
    assert slowness(of_others) == pytest.approx(2)
    assert slowness([]) == slowness([replace(each, reference=1e-6) for each in of_others]) == 1
    page, late = (figure_at_most("page_milliseconds", (figure, 1), 30) for figure in (50, 70))
    size = figure_at_most("page_kilobytes", (50, 1), 30)
    ratio = ratio_at_most("list_milliseconds", (50, 1), 30)
    assert [
        (each.aim, each.met) for each in judged([page, late, size, ratio], ["page_milliseconds"], 2)
    ] == [
        (60, True),
        (60, False),
        (30, False),
        (30, False),
    ]


def test_of_each_time_that_is_aimed_at_the_aim_is_of_a_machine_or_of_a_browser() -> None:
    of_browser = {name for name, (_, beside, _) in LABELS.items() if beside == FOLIUM}
    aimed = {name for name, (*_, aim) in LABELS.items() if aim in (MOST_MS, MOST_S)}
    assert set(TIMES) == aimed - of_browser
    assert all(name.endswith(("_milliseconds", "_seconds")) for name in TIMES)
    assert {browser.FIRST_PAINT, browser.MAP_READY, browser.BLOCKING} <= aimed & of_browser
