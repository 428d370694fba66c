"""Who shares something with a home is not public with it, though the home's entry is illegible."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.runtime.staff import Runtime
from tests.planted import FILES, Planted
from tests.registers.test_named_twice import bring_file, public

HOME = Planted(
    "930000492", "Les Ormelins", "10 rue Cachée", "93000", "Bobigny", "93008",
    sort="177", phone="01 99 00 00 10", siret="73282932000074",
)  # fmt: skip
AT_ITS_ADDRESS = Planted(
    "930000500", "Centre Témoin", "10 R CACHEE", "93000", "Bobigny", "93008",
    phone="01 99 00 00 55",
)  # fmt: skip
WITH_ITS_PHONE = Planted(
    "930000518", "Centre Ami", "1 rue du Témoin", "93000", "Bobigny", "93008",
    phone="01.99.00.00.10",
)  # fmt: skip


def damaged(entry: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name in entry["adresse"][0]:
            entry["adresse"][0][name] = value
        elif name in entry["informationsGeneralesEGE"]:
            entry["informationsGeneralesEGE"][name] = value
        else:
            entry[name] = value


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"nomEgeLong": ["LES ORMELINS"]},
        {"etatObjet": None},
        {"cogCommune": 93008},
        {"numFinessEge": 930000492},
        {"categorieentiteGeographiqueExercice": 177},
    ],
    ids=str,
)
def test_a_neighbour_of_a_home_that_finess_writes_otherwise_is_held(
    runtime: Runtime, tmp_path: Path, changes: dict[str, Any]
) -> None:
    whole = json.loads(FILES["finess"]([HOME, AT_ITS_ADDRESS, WITH_ITS_PHONE]))
    damaged(whole["pmej"][0]["ege"][0], changes)
    bring_file(runtime, "finess", tmp_path / "finess-2026-10-06.json", json.dumps(whole))
    seen = public(runtime)
    for secret in ("ormelins", "cachee", "99000010", "930000492"):
        assert secret not in seen
    for known in ("centre temoin", "centre ami", "99000055"):
        assert known in seen
