"""`bin/sbom` writes down what the service is made of, and not what its tests are."""

import json
import subprocess
from pathlib import Path

import pytest

from app.settings import ROOT


@pytest.mark.slow
def test_what_the_service_is_made_of_is_written_down(tmp_path: Path) -> None:
    subprocess.run([ROOT / "bin/sbom", tmp_path], check=True, capture_output=True, timeout=300)
    names = {}
    for file in ("python", "npm"):
        made = json.loads((tmp_path / f"{file}.json").read_text("utf-8"))
        assert made["bomFormat"] == "CycloneDX"
        names[file] = {each["name"] for each in made["components"]}
        assert all(each["version"] for each in made["components"])
    assert {"fastapi", "shapely", "psycopg"} <= names["python"]
    assert "pytest" not in names["python"]
    assert "leaflet" in names["npm"]
    assert "@biomejs/biome" not in names["npm"]
