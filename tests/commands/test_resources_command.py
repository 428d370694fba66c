"""`mesure23 resources …` as people type it: a plan, a question, and back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Command, Installation
from tests.short_lists import SHELTER, csv

pytestmark = pytest.mark.slow

UNDO = re.compile(r"mesure23 resources undo ([0-9a-f-]{36})$", re.MULTILINE)
REPORT = {"titre": "Rapport d’exemple", "type": "rapport", "annee": 2021, "couleur": "bleu"}


@pytest.fixture(scope="module", autouse=True)
def _service(installation: Installation) -> Iterator[None]:
    service, _ = installation.serve("--no-worker")
    yield
    assert service.poll() is None, "a command stopped the service"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of one document and one line that cannot be used."""
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps([REPORT, {"titre": ""}]), encoding="utf-8")
    return path


def test_a_catalogue_is_planned_applied_and_undone(command: Command, catalogue: Path) -> None:
    counted = "« catalogue.json » : 2 lignes, 1 nouvelle, 0 mises à jour"
    tried = command("resources", "import", str(catalogue), "--dry-run")
    assert counted in tried.out
    assert "Non repris : couleur." in tried.out
    assert "inutilisable : « sans titre »\n      Le titre manque." in tried.out
    done = command("resources", "import", str(catalogue), "--yes")
    assert "C'est fait : 1 ressource écrite.\n  1 à relire." in done.out
    (import_id,) = UNDO.findall(done.out)
    same = command("resources", "import", str(catalogue), "--yes")
    assert "Rien à écrire." in same.out
    undone = command("resources", "undo", import_id)
    assert "C'est défait : 1 ressource." in undone.out


def test_what_is_there_and_names_a_hidden_home_is_not_printed(
    command: Command, tmp_path: Path
) -> None:
    homes = tmp_path / "liste.csv"
    homes.write_bytes(csv(SHELTER))
    command("import", str(homes), "--territory", "93", "--no-geocode")
    path = tmp_path / "catalogue.json"
    named = {"titre": "Sentinelle", "type": "guide", "doi": "10.1234/essai"}
    named |= {"resume": "Le foyer est au 10, r. Cachée."}
    path.write_text(json.dumps([named]), encoding="utf-8")
    command("resources", "import", str(path), "--yes")
    other = {"titre": "Autre titre", "type": "guide", "doi": "10.1234/essai", "resume": "Rien."}
    path.write_text(json.dumps([other]), encoding="utf-8")
    done = command("resources", "import", str(path), "--yes")
    assert "n° 1, mise à jour : « Autre titre »\n      Ce qui est déjà là nomme" in done.out
    assert "Cachée" not in done.out
    assert "Sentinelle" not in done.out


def test_of_what_changes_the_new_words_alone_are_printed(command: Command, tmp_path: Path) -> None:
    path, title = tmp_path / "catalogue.json", {"titre": "Deux résumés", "type": "guide"}
    for summary in ("Un premier résumé.", "Un second résumé."):
        path.write_text(json.dumps([title | {"resume": summary}]), encoding="utf-8")
        done = command("resources", "import", str(path), "--yes")
    assert "      Résumé : Un second résumé." in done.out
    assert "premier" not in done.out


def test_what_is_no_catalogue_is_refused_in_a_sentence(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{", encoding="utf-8")
    refused = command("resources", "import", str(path))
    assert refused.code == 2
    said = "« x.json » n'est pas un catalogue de ressources : ce n'est pas du JSON valable."
    assert refused.err == f"{said}\n"
