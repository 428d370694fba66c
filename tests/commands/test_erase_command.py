"""`mesure23 erase` and `mesure23 purge` as people type them: what they say, ask and refuse."""

import io
import re
from pathlib import Path

import pytest

from app import cli
from tests.commands.conftest import Command, Installation
from tests.short_lists import CRIP, csv

pytestmark = pytest.mark.slow

PHONE = "06 12 34 56 78"
PERSON = f"Association libre;Association;99 rue Autre;93300;Aubervilliers;{PHONE};"
WHY = ("--reason", "demande du 2 novembre")


@pytest.fixture(scope="module", autouse=True)
def service(installation: Installation) -> None:
    """A service that holds the database open, with its territories."""
    installation.serve("--no-worker")


@pytest.fixture
def listed(command: Command, tmp_path: Path) -> Path:
    path = tmp_path / "liste libre.csv"
    path.write_bytes(csv(CRIP, PERSON))
    assert command("import", path, "--territory", "93").code == 0
    return path


def quotes(text: str) -> bool:
    return "12345678" in re.sub(r"\D", "", text)


def test_a_value_is_planned_confirmed_erased_and_refused_again(
    command: Command, listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    (folder / "novembre.dump").touch()
    planned = command("erase", "--value", PHONE, "--plan")
    assert planned.code == 0, planned.err
    assert "1 ligne de liste" in planned.out
    assert "« liste libre », ligne 3" in planned.out

    monkeypatch.setattr("sys.stdin", io.StringIO())
    asked = command("erase", "--value", PHONE, *WHY)
    assert asked.code == 1
    assert "Effacer pour de bon ?" in asked.out
    assert asked.err.strip() == cli.ABANDONED
    monkeypatch.setattr("sys.stdin", io.StringIO("non\n"))
    assert command("erase", "--value", PHONE, *WHY).err.strip() == cli.ABANDONED
    monkeypatch.setattr("sys.stdin", io.StringIO("OUI\n"))

    done = command("erase", "--value", PHONE, *WHY, MESURE23_BACKUP_DIR=str(folder))
    assert done.code == 0, done.err
    assert re.search(r"^  novembre\.dump \(du .*, à détruire avant le .*\)$", done.out, re.M)

    again = command("erase", "--value", PHONE, "--yes", *WHY)
    assert again.code == 1
    assert "C'est déjà effacé" in again.err
    back = command("import", listed, "--territory", "93")
    assert "une valeur de cette ligne a été effacée" in back.err
    reported = command("doctor")
    assert "novembre.dump" in reported.out
    for each in (planned, asked, done, again, back, reported):
        assert not quotes(each.out + each.err)


def test_an_actor_is_erased_by_its_id(command: Command, listed: Path) -> None:
    hidden = command("protect", "0123456789abcdef", *WHY)
    assert hidden.code == 1
    unknown = command("erase", "0123456789abcdef", "--yes", *WHY)
    assert (unknown.code, unknown.err) == (1, hidden.err)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "l'un des deux"),
        (("abc", "--value", PHONE), "l'un des deux"),
        (("--value", PHONE), "--reason"),
        (("--value", "Paris", "--plan"), "trop générale"),
        (("--value", "07 00 00 00 07", "--plan"), "ne se trouve nulle part"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    command: Command, given: tuple[str, ...], said: str
) -> None:
    done = command("erase", *given)
    assert done.code == 1
    assert said in done.err, done.err[-1500:]
    assert not quotes(done.out + done.err)


def test_purge_says_what_it_would_do_and_finds_nothing(command: Command) -> None:
    planned = command("purge", "--plan")
    assert planned.code == 0
    assert "les 2 dernières versions de la liste" in planned.out
    assert "0 ligne de 0 fichier reçu" in planned.out
    assert command("purge").code == 0


def test_new_keys_seal_the_register_again(command: Command, listed: Path) -> None:
    assert command("erase", "--value", PHONE, "--yes", *WHY).code in (0, 1)
    rotated = command("keys", "rotate")
    assert rotated.code == 0, rotated.err
    former = [line for line in rotated.out.splitlines() if "(ancienne)" in line]
    assert len(former) == 1
    assert "aucune valeur" in former[0]
