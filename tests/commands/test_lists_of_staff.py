"""What `hidden`, `missing`, `conflicts` and `proposals` list, as people and programs read it."""

import csv as csv_format
import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from tests.commands.conftest import Command, Installation
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow

HEAD = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Mail direct"
FORMULA = '=HYPERLINK("http://example.org")'
LISTS = ("hidden", "missing", "conflicts")
EMPTY = {
    "hidden": "Aucun acteur caché.",
    "missing": "Aucun acteur absent de sa liste.",
    "conflicts": "Aucun désaccord entre les listes.",
    "proposals": "Rien n'attend de décision.",
}


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[str]:
    """A database that is open for all commands of this module."""
    service, address = installation.serve("--no-worker")
    yield address
    assert service.poll() is None


def line(name: str, category: str, number: int, place: str, mail: str = "") -> str:
    return f"{name};{category};{number} rue Cachée;{place};01 99 00 00 {number};{mail};"


def test_an_empty_list_is_a_sentence_a_header_or_an_empty_array(
    command: Command, served: str
) -> None:
    for name in LISTS:
        done = command(name)
        assert (done.code, done.out.strip()) == (0, EMPTY[name])
        assert len(command(name, "--format", "csv").out.splitlines()) == 1
        assert json.loads(command(name, "--format", "json").out) == []
    assert command("hidden", "--contacts").out.strip() == "Aucun téléphone ni courriel retenu."
    assert EMPTY["proposals"] in command("proposals").out


@pytest.fixture(scope="module")
def filled(installation: Installation, served: str) -> str:
    """Homes of two départements, one under a formula; one in no list any more, one told twice."""
    paris, bobigny = "75011;Paris", "93000;Bobigny"
    homes = [line(FORMULA, "MECS", 10, bobigny), line("Les Pins", "MECS", 11, paris)]
    gone = [line("@Cour", "MECS", 12, bobigny), line("Cour", "Association", 13, paris)]
    offices = [line("Cidff", "Association", 14, bobigny, "contact@cidff.example") + "a.b@c.example"]
    changed = [homes[0].replace("00 10", "00 20"), homes[1].replace("00 11", "00 21")]
    with pytest.MonkeyPatch.context() as environment:
        for name, value in installation.settings.items():
            environment.setenv(name, value)
        with open_runtime(Settings()) as runtime:
            _send(runtime, "a.csv", *homes, *gone, *offices)
            _send(runtime, "a.csv", *homes, *offices)
            _send(runtime, "b.csv", *changed)
    return served


def _send(runtime: Runtime, name: str, *lines: str) -> None:
    run(runtime, "\r\n".join((HEAD, *lines)).encode(), name, territory=None)


@pytest.mark.parametrize("name", LISTS)
def test_a_file_opens_in_a_spreadsheet_with_one_header_and_no_formula(
    command: Command, filled: str, name: str
) -> None:
    out = command(name, "--format", "csv").out
    assert out.startswith("\ufeff")
    head, *rows = csv_format.reader(io.StringIO(out.removeprefix("\ufeff")), delimiter=";")
    assert head[:3] == ["Identifiant", "Nom", "Territoire"]
    assert rows
    assert head not in rows
    assert {len(row) for row in rows} == {len(head)}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    named = json.loads(command(name, "--format", "json").out)
    assert [list(each) for each in named] == [head] * len(rows)
    assert {each["Nom"] for each in named} >= {"Les Pins"} or name == "missing"


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_in_the_order_of_territories_and_of_one_alone(
    command: Command, filled: str, name: str
) -> None:
    def territories(*more: str) -> list[str]:
        found = json.loads(command(name, "--format", "json", *more).out)
        return [each["Territoire"] for each in found]

    every = territories()
    assert every == sorted(every)
    assert set(every) == {"75", "93"}
    assert set(territories("--territory", "Paris")) == {"75"}
    assert territories("--territory", "59") == []
    assert command(name, "--territory", "nulle part").code == 2


def test_people_read_names_in_their_order(command: Command, filled: str) -> None:
    found = json.loads(command("hidden", "--format", "json", "--territory", "93").out)
    assert [each["Nom"] for each in found] == ["@Cour", FORMULA]


def test_a_refusal_is_no_proposal_and_a_doubt_is_said(
    command: Command, filled: str, tmp_path: Path
) -> None:
    path = tmp_path / "accords.csv"
    answers = {"Zoé": "12/03/2026", "Refus": "X NON", "Autre": "vu : non", "Doute": "en attente"}
    rows = [
        f"Foyer {name};MECS;{number} rue Noire;93000;Bobigny;;;;{said}"
        for number, (name, said) in enumerate(answers.items(), 1)
    ]
    path.write_text("\r\n".join((f"{HEAD};Accord de publication", *rows)))
    assert command("import", path, "--no-geocode").code == 0
    heads = command("proposals", "--territory", "93").out.split("93 · ")[1:]
    asked = {each.splitlines()[0]: each for each in heads if "accord écrit" in each}
    assert list(asked) == ["Foyer Doute", "Foyer Zoé"]
    assert "douteuse" in asked["Foyer Doute"]
    assert "douteuse" not in asked["Foyer Zoé"]
    assert "« non » dans la colonne de l'accord" in command("hidden").out


def test_an_unknown_identifier_says_where_identifiers_are(command: Command, filled: str) -> None:
    done = command("protect", "inconnu", "--reason", "essai")
    assert done.code == 1
    assert "« mesure23 hidden » liste les identifiants" in done.err


def test_people_read_who_why_and_what_to_type(command: Command, filled: str) -> None:
    hidden = command("hidden").out
    assert f"93 · {FORMULA} · fiche " in hidden
    assert "     fiche neutre" in hidden
    assert "     - sa catégorie : " in hidden
    missing = command("missing", "--territory", "75").out
    assert missing.startswith("75 · Cour (fiche ")
    assert "absent de « a » depuis le " in missing
    assert missing.endswith("1 acteur absent.\n")
    conflicts = command("conflicts", "--territory", "75").out
    assert "75 · Les Pins (fiche " in conflicts
    assert "gardé : " in conflicts


def test_what_is_kept_back_is_listed_with_the_command_that_shows_it(
    command: Command, filled: str
) -> None:
    out = command("hidden", "--contacts").out
    assert "93 · Cidff : a.b@c.example\n     → mesure23 unprotect " in out
    (each,) = json.loads(command("hidden", "--contacts", "--format", "json").out)
    arguments = each["Commande"].split()[1:-2]
    done = command(*[part.strip('"') for part in arguments], "--reason", "accord")
    assert done.code == 0, done.err
    assert "contact@cidff.example n'y est plus" in done.out
    assert command("hidden", "--contacts").out.strip() == "Aucun téléphone ni courriel retenu."


def test_a_file_is_classified_as_planned_before(
    command: Command, filled: str, tmp_path: Path
) -> None:
    path, wanted = tmp_path / "l.csv", tmp_path / "classer.csv"
    path.write_bytes(csv("Lieu d'exemple;inconnue;3 rue X;93000;Bobigny;;"))
    assert command("import", path, "--no-geocode").code == 0
    out = command("hidden", "--format", "csv").out.removeprefix("\ufeff")
    head, *rows = csv_format.reader(io.StringIO(out), delimiter=";")
    chosen = {"Lieu d'exemple": "Association", "Les Pins": "Association"}
    filled_in = [[*row[:-1], chosen.get(row[1], "")] for row in rows]
    with wanted.open("w", newline="") as file:
        csv_format.writer(file, delimiter=";").writerows([head, *filled_in])
    planned = command("classify", "--file", wanted, "--plan").out
    assert "1 fiche sur 2 publiées" in planned
    assert command("classify", "--file", wanted, "--plan").out == planned
    done = command("classify", "--file", wanted)
    assert done.code == 0, done.err
    assert "« Lieu d'exemple »" in done.out
    assert "Les Pins" not in done.out
    assert done.out.count("Cachée en tout ou partie") == 1


@pytest.mark.parametrize(
    ("name", "encoding", "separator"),
    [
        ("c.csv", "cp1252", ";"),
        ("c.csv", "utf-8-sig", ","),
        ("c.txt", "utf-16", "\t"),
        ("c.xlsx", "", ""),
    ],
)
def test_a_file_to_classify_is_read_as_spreadsheets_save_it(
    command: Command, filled: str, tmp_path: Path, name: str, encoding: str, separator: str
) -> None:
    path, none = tmp_path / name, "0" * 15 + "a"
    rows = [("IDENTIFIANT", "Nom", "classer"), (none, "Été", "Maison d'été"), (none[:-1], "B", "")]
    if encoding:
        path.write_text("\n".join(map(separator.join, rows)), encoding=encoding)
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    done = command("classify", "--file", path, "--plan")
    assert done.code == 1
    assert f"1 refusé :\n  {none}, « Maison d'été » : « Maison d'été » n'est pas" in done.err


def test_an_answer_to_a_pair_is_asked_for(command: Command, filled: str) -> None:
    none = "00000000-0000-0000-0000-000000000000"
    assert "--yes (un seul acteur), --no" in command("same", none).err
    assert "--yes (un seul acteur), --no" in command("same", none, "--yes", "--undo").err
    assert "n’existe pas" in command("same", none, "--no").err
    assert "rien à défaire" in command("same", none, "--undo").err
