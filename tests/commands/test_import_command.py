"""`mesure23 import` as people type it, beside a service that runs."""

import base64
import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.commands import import_
from app.platform.database.sessions import IMPORT_LOCK
from tests.commands.conftest import Command, Installation
from tests.meanwhile import until
from tests.short_lists import ASE, CRIP, csv

pytestmark = pytest.mark.slow

SHELTER = "Foyer fictif;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;"
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "ignored", "missing")


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    """The address of a running service, which the commands of this module attach to."""
    # A worker would wait as an import does, and would be taken for it.
    service, address = installation.serve("--no-worker")
    yield address
    assert service.poll() is None, "a command stopped the service"


@pytest.fixture
def list_of(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv(CRIP, ASE))
    return path


def page(address: str, path: str) -> str:
    with urllib.request.urlopen(f"{address}{path}", timeout=30) as answer:  # noqa: S310
        text: str = answer.read().decode()
        return text


def test_a_list_imported_beside_the_service_changes_its_page(
    installation: Installation, address: str, list_of: Path
) -> None:
    assert "CRIP d&#39;exemple" not in page(address, "/departements/93")
    command = ("import", list_of, "--territory", "93", "--json", "--no-geocode")
    imported = installation.start(*command)
    out, err = imported.communicate(timeout=120)
    assert imported.returncode == 0, err
    counts = json.loads(out)
    assert {name: counts[name] for name in COUNTS} == dict.fromkeys(COUNTS, 0) | {
        "read": 2,
        "created": 2,
    }
    assert "Colonnes reconnues d'après leurs titres" in err
    assert "Commune → city" in err
    assert "CRIP d&#39;exemple" in page(address, "/departements/93")


def test_a_dry_run_tells_and_writes_nothing(command: Command, address: str, tmp_path: Path) -> None:
    path = tmp_path / "essai.csv"
    path.write_bytes(csv("Essai d'exemple;CRIP;1 rue Y;93000;Bobigny;;"))
    arguments = ("import", path, "--territory", "93", "--dry-run")
    for _ in range(2):
        done = command(*arguments, "--json")
        assert (done.code, json.loads(done.out)["created"]) == (0, 1)
    assert "essai : rien n'est écrit" in command(*arguments).out
    assert "Essai d&#39;exemple" not in page(address, "/departements/93")


def test_lines_to_look_at_are_reported_and_written_to_the_report(
    command: Command, address: str, tmp_path: Path
) -> None:
    path, report = tmp_path / "rapport.csv", tmp_path / "out.csv"
    long = "Z" * 5_000
    lines = (
        SHELTER,
        "Sans commune;ASE;10 rue Cachée;;;;",
        CRIP,
        CRIP,
        f"{long};ASE;;;Nulle part;;",
    )
    path.write_bytes(csv(*lines))
    done = command("import", path, "--json", "--no-geocode", "--report", report)
    counts = json.loads(done.out)
    assert (done.code, counts["read"], counts["rejected"]) == (0, 5, 3)
    assert "ligne 3" in done.err
    assert "ligne 5" in done.err
    # Only the value that is wrong is shown, and not all of it.
    assert "Cachée" not in done.err
    assert "Foyer" not in done.err
    assert "Z" * 500 not in done.err
    written = report.read_bytes()
    assert written.count(b"\n") >= 4
    assert "Cachée" not in written.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("name", "data", "options", "sentence"),
    [
        ("vide.csv", b"", (), "est vide"),
        ("faux.xlsx", b"rien d'un classeur", (), "n'est pas ce que dit son nom"),
        ("titres.csv", csv(), (), "Aucune ligne"),
        ("liste.csv", csv(CRIP), ("--territory", "999"), "Le territoire « 999 » n'existe pas"),
        ("liste.csv", csv(CRIP), ("--mapping", "aucune"), "La correspondance « aucune »"),
        ("liste.csv", csv(CRIP), ("--report", "/nulle/part.csv"), "Rien n'a été importé"),
        ("absente.csv", None, (), "il n’existe pas à cet endroit"),
        (".", None, (), "c’est un dossier"),
    ],
)
def test_a_list_that_cannot_be_used_is_reported_in_one_sentence(
    command: Command,
    address: str,
    tmp_path: Path,
    name: str,
    data: bytes | None,
    options: tuple[str, ...],
    sentence: str,
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = command("import", tmp_path / name, "--json", *options)
    assert done.code == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_a_list_over_the_limit_is_refused_without_being_read(
    command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "grand.csv"
    with path.open("wb") as file:
        file.truncate(10**11)
    done = command("import", path)
    assert done.code == 2
    assert "pèse 100\u202f000,0 Mo ; la limite est de 20 Mo" in done.err


def test_a_geocoder_that_does_not_answer_is_reported_after_the_counts(
    command: Command, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.geocoder.ATTEMPTS", 1)
    path = tmp_path / "adresses.csv"
    path.write_bytes(csv("Antenne d'exemple;Association;8 rue Libre;93000;Bobigny;;"))
    done = command("import", path, "--json")
    assert done.code == 0
    assert json.loads(done.out)["created"] == 1
    assert "relancez plus tard « mesure23 geocode »" in done.err
    assert command("geocode").code == 1
    wrong = command("import", path, "--json", MESURE23_GEOCODER_URL="pas une adresse")
    assert (wrong.code, json.loads(wrong.out)["unchanged"]) == (0, 1)
    assert "Vérifiez MESURE23_GEOCODER_URL" in wrong.err


def test_lost_or_malformed_keys_are_reported_and_nothing_is_made_in_their_place(
    command: Command, address: str, list_of: Path, tmp_path: Path
) -> None:
    lost = command("import", list_of, XDG_CONFIG_HOME=str(tmp_path))
    assert lost.code == 1
    assert lost.err.startswith("La base contient des données scellées")
    assert list(tmp_path.iterdir()) == [list_of]
    for keys in ("k1:trop-court", f"k1{base64.b64encode(os.urandom(32)).decode()}"):
        malformed = command("import", list_of, MESURE23_KEYS=keys)
        assert malformed.code == 1
        assert malformed.err.startswith("Les clés de chiffrement sont mal écrites")
        assert keys[3:] not in malformed.err
    other = command(
        "import", list_of, MESURE23_KEYS=f"k9:{base64.b64encode(os.urandom(32)).decode()}"
    )
    assert other.code == 1
    assert "est introuvable" in other.err


@pytest.fixture
def heard() -> Iterator[None]:
    """Let what is started hear Ctrl-C: tests that run in the background of a script do not."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.usefixtures("heard")
def test_an_import_that_is_stopped_half_way_says_so_and_writes_no_actor(
    installation: Installation,
    command: Command,
    address: str,
    tmp_path: Path,
    number: int,
    code: int,
) -> None:
    path = tmp_path / "interrompue.csv"
    path.write_bytes(csv("Interrompue d'exemple;CRIP;1 rue Z;93000;Bobigny;;"))
    with psycopg.connect(command("db", "url").out.strip(), autocommit=True) as connection:
        # It waits where another import would make it wait, so it is stopped there.
        connection.execute("SELECT pg_advisory_lock(%s)", (IMPORT_LOCK,))
        imported = installation.start("import", path, "--territory", "93", "--no-geocode")
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until(lambda: connection.execute(waits).fetchone() != (0,), 60)
        imported.send_signal(number)
        out, err = imported.communicate(timeout=60)
    assert (imported.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert import_.WAITING in " ".join(err.split())
    assert import_.INTERRUPTED in " ".join(err.split())
    assert "Interrompue d&#39;exemple" not in page(address, "/departements/93")
