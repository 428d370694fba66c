"""The Nu HTML checker has nothing to say of any page, as the server sends it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.platform.database.engines import Databases
from tests.outside.conftest import Peers
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.slow

# Each kind of page, and each of its states that another template or macro writes.
PAGES = (
    "/",
    "/departements",
    "/departements/93",
    "/departements/48",
    "/departements/971?fond=sans",
    "/departements/93?q=zzzz&categorie=police",
    "/departements/93?categorie=ase&age=15&ouvert=maintenant&tri=-nom",
    "/departements/999",
    "/autour",
    "/autour?dans=93&dans=75",
    "/autour?lieu=93066",
    "/autour?lieu=93066&rayon=tout&vue=carte",
    "/autour?lieu=48.94,2.36&rayon=5",
    "/autour?lieu=93066&loin=93001&ecart=5&sans=75",
    "/autour?cadre=2.3,48.8,2.5,49",
    "/autour?lieu=93066&eloigner=saint-denis",
    "/autour?lieu=93066&s=2&loin=93001",
    *(f"/autour?lieu=93066&s={number}" for number in range(1, 7)),
    "/departements/48?s=3",
    "/autour?ou=zzzz",
    "/autour?ou=saint-denis",
    "/autour?lieu=zzzz",
    "/table",
    "/table?territoire=93&tri=-commune&impression=trop",
    "/table?lieu=93066&q=zzzz",
    "/donnees",
    "/integrer",
    "/integrer?dans=93&s=2",
    "/integrer?ou=zzzz",
    "/integration/93",
    "/integration/93?s=2&vue=carte",
    "/integration/autour",
    "/integration/autour?lieu=93066&q=zzzz",
    "/integration/999",
    "/integration/carte/inconnue",
    "/mentions-legales",
    "/confidentialite",
    "/accessibilite",
    "/nulle/part",
)

# The standard has links that nothing is painted before; this checker knows style sheets alone.
EXPECTED = '<link rel="expect" href="#contenu" blocking="render">'
ABOUT_EXPECTED = "A “link” element with a “blocking” attribute must have a “rel” attribute"


@pytest.fixture(scope="module")
def client(demo: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A reader of the demonstration that asks for pages."""
    offline = offline_settings(tmp_path_factory.mktemp("markup"))
    app = create_app(offline.model_copy(update={"rate_limit": 0}), demo)
    with (
        serving(app) as address,
        httpx.Client(
            base_url=address, timeout=60, trust_env=False, headers={"Accept": "text/html"}
        ) as reader,
    ):
        yield reader


def sheets(client: httpx.Client) -> list[str]:
    """Return the sheet of an actor, and that of one that is hidden."""
    listed = client.get("/departements/93").text
    found = re.findall(r'card__name"><a href="(/acteurs/[^"]+)', listed)
    neutral = next(each for each in found if "/lieu-d-accueil" in each)
    return [found[0], neutral]


def findings(peers: Peers, files: list[Path]) -> list[dict[str, Any]]:
    """Return all that the checker has to say of some files, remarks included."""
    jar = peers.packages / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    said: list[dict[str, Any]] = json.loads(ran.stderr)["messages"]
    return [each for each in said if not _is_about_expected(each)]


def _is_about_expected(said: dict[str, Any]) -> bool:
    return said["message"].startswith(ABOUT_EXPECTED) and EXPECTED in said.get("extract", "")


def test_it_has_nothing_to_say(peers: Peers, client: httpx.Client, tmp_path: Path) -> None:
    asked = [*PAGES, *sheets(client)]
    answers = {path: client.get(path, follow_redirects=True) for path in asked}
    answers["under a wrong name"] = client.get("/", headers={"Host": "ailleurs.example"})
    files: dict[str, str] = {}
    for number, (path, answer) in enumerate(answers.items()):
        assert "<!DOCTYPE html>" in answer.text, path
        assert answer.status_code in (200, 404, 410, 421, 422), path
        file = tmp_path / f"{number:02}.html"
        file.write_text(answer.text, encoding="utf-8")
        files[file.as_uri().replace("file:///", "file:/")] = path
    said = findings(peers, sorted(tmp_path.iterdir()))
    seen = {(files[each["url"]], each["message"], each.get("extract", "")) for each in said}
    assert not seen


def test_it_finds_what_is_wrong(peers: Peers, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="fr"><title>A</title><p hx-get="/">B<section></section>'
    )
    said = " ".join(each["message"] for each in findings(peers, [page]))
    assert "hx-get" in said
    assert "heading" in said
