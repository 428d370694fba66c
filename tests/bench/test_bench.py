import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psutil
import pytest

from app.models import Actor
from bench.actors import ACTORS, COLUMNS, IN_TERRITORY, TERRITORY, Place, actors
from bench.database import DATA_DIR

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    Place("23096", "Guéret", "23", 1.87, 46.17),
    Place("75056", "Paris", "75", 2.347, 48.859),
    Place("48095", "Mende", "48", 3.5, 44.52),
]


def test_actors_are_the_same_at_every_run_and_spread_as_people_are() -> None:
    rows = list(actors(PLACES))
    assert rows[:200] == [row for row, _ in zip(actors(PLACES), range(200), strict=False)]
    counts = Counter(row[COLUMNS.index("territory_code")] for row in rows)
    assert len(rows) == ACTORS
    assert counts[TERRITORY] == IN_TERRITORY
    assert counts["75"] > 100 * counts["48"] > 0
    assert len({row[COLUMNS.index("public_id")] for row in rows}) == ACTORS


def test_every_column_that_must_be_known_is_made() -> None:
    columns = Actor.__table__.columns
    needed = {c.name for c in columns if not c.nullable and c.server_default is None}
    assert needed <= set(COLUMNS) <= set(columns.keys())
    assert {len(row) for row, _ in zip(actors(PLACES), range(50), strict=False)} == {len(COLUMNS)}


@pytest.mark.slow
def test_bench_prints_json_and_leaves_nothing_running() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    measures = json.loads(done.stdout)
    assert len(measures) == 2
    for each in measures:
        assert set(each) == {"name", "figure", "reference", "ratio", "aim", "met"}
        assert each["figure"] > 0
        assert each["ratio"] == pytest.approx(each["figure"] / each["reference"])
    assert running() == []


def running() -> list[int]:
    """Processes of the bench: PostgreSQL works inside its data, the service is told where it is."""
    bench = str(DATA_DIR)
    return [
        each.pid
        for each in psutil.process_iter(["cwd", "environ"])
        if str(each.info["cwd"]).startswith(bench)
        or (each.info["environ"] or {}).get("MESURE23_DATA_DIR") == bench
    ]
