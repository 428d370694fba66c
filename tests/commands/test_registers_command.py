"""`mesure23 registers`: planned, applied, described; what cannot be read changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Command, Installation
from tests.registers.register_server import register_server, says

pytestmark = pytest.mark.slow

COURT = {
    "id": "un-tribunal",
    "nom": "Tribunal judiciaire de Bobigny",
    "pivot": [{"type_service_local": "tgi", "code_insee_commune": ["93008", "93066"]}],
    "telephone": [{"valeur": "01 99 00 00 01", "description": ""}],
    "adresse": [
        {
            "type_adresse": "Adresse",
            "numero_voie": "1 rue de l’Exemple",
            "code_postal": "93000",
            "nom_commune": "Bobigny",
            "pays": "France",
            "longitude": "2.4397",
            "latitude": "48.9085",
        }
    ],
    "plage_ouverture": [],
    "date_modification": "24/10/2024 09:10:17",
    "statut_de_diffusion": "true",
}


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[str]:
    """A database that is open for all commands of this module."""
    service, address = installation.serve("--no-worker")
    yield address
    assert service.poll() is None


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registers") / "annuaire.json"
    path.write_text(json.dumps({"service": [COURT]}), encoding="utf-8")
    return path


def test_a_register_is_planned_then_applied_and_described(
    command: Command, served: str, directory: Path
) -> None:
    assert "jamais chargé" in command("registers", "status").out
    planned = command("registers", "update", "annuaire", "--file", str(directory), "--plan")
    assert planned.code == 0
    assert "1 créé" in planned.out
    assert "jamais chargé" in command("registers", "status").out
    done = command("registers", "update", "annuaire", "--file", str(directory))
    assert "l'édition du 24/10/2024 est en place" in done.out
    status = command("registers", "status").out
    assert "édition du 24/10/2024" in status
    assert "le public les lit tous" in status
    assert "rien n'a été laissé de côté" in status
    again = command("registers", "update", "annuaire", "--file", str(directory))
    assert "dont 1 sans changement" in again.out
    gaps = command("competence", "check", "--territory", "93", "--format", "csv").out
    assert "93066" not in [line.split('"')[5] for line in gaps.splitlines() if "Procureur" in line]
    assert "93001" in [line.split('"')[5] for line in gaps.splitlines() if "Procureur" in line]


def test_a_file_that_cannot_be_read_changes_nothing_and_status_says_why(
    command: Command, served: str, directory: Path
) -> None:
    cut = directory.with_name("coupe.json")
    cut.write_bytes(directory.read_bytes()[:-40])
    failed = command("registers", "update", "annuaire", "--file", str(cut))
    assert failed.code == 2
    assert "coupe.json" in failed.err
    assert len(failed.err.strip().splitlines()) == 1
    assert "dernier essai" in command("registers", "status").out


@pytest.mark.parametrize("content", ["Nom;Adresse\nUn;Deux\n", "", None])
def test_the_name_of_a_file_is_stored_nowhere(
    command: Command, served: str, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "MECS Les Ormelins.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    failed = command("registers", "update", "ror", "--file", str(path))
    assert failed.code == 2
    assert "Ormelins" in failed.err
    status = command("registers", "status").out
    assert "dernier essai" in status
    assert "Ormelins" not in status


def test_what_says_who_is_competent_is_planned_applied_and_described(
    command: Command, served: str, directory: Path, tmp_path: Path
) -> None:
    command("registers", "update", "annuaire", "--file", str(directory), "--accept")
    path = tmp_path / "tribunaux-2026-10-06.csv"
    path.write_text("Commune;TJ\n93008;TJ BOBIGNY\n93066;TJ de Nulle-Part\n", encoding="utf-8")
    given = ("registers", "update", "tribunaux", "--file", str(path))
    planned = command(*given, "--plan")
    assert planned.code == 0
    assert "2 communes, dont 2 nouvelles" in planned.out
    assert "sans fiche dans l'annuaire : 1 commune, dont 93066" in planned.out
    assert "Nulle-Part" not in planned.out
    assert "l'édition du 06/10/2026 est en place" in command(*given).out
    status = command("registers", "status").out
    assert "Tribunaux compétents par commune (tribunaux), Ministère de la Justice" in status
    assert "2 communes" in status
    checked = command("competence", "check", "--territory", "93").out
    assert "Procureur de la République : 1 commune où deux sources diffèrent" in checked
    assert "  93 : Saint-Denis (93066)" in checked
    again = command(*given)
    assert "0 nouvelle, 0 modifiée ; 0 disparue" in again.out
    twice = path.with_name("deux.csv")
    twice.write_text("Commune;TJ\n93008;TJ Lyon\n93008;TJ Paris\n", encoding="utf-8")
    failed = command("registers", "update", "tribunaux", "--file", str(twice))
    assert (failed.code, len(failed.err.strip().splitlines())) == (2, 1)
    assert "93008" in failed.err
    assert "dernier essai" in command("registers", "status").out
    command(*given)


def test_a_file_that_does_not_say_its_day_asks_for_it(
    command: Command, served: str, tmp_path: Path
) -> None:
    path = tmp_path / "brigades.csv"
    path.write_text("Code commune;Institution\n93008;PN\n", encoding="utf-8")
    given = ("registers", "update", "forces", "--file", str(path))
    refused = command(*given)
    assert (refused.code, len(refused.err.strip().splitlines())) == (1, 1)
    assert "--day" in refused.err
    assert "en place" not in refused.out
    planned = command(*given, "--plan")
    assert planned.code == 0
    assert "ni le fichier ni son nom" in planned.out
    assert "--day" in planned.out
    assert "ni le fichier" not in command("registers", "status").out
    assert "l'édition du 06/10/2026 est en place" in command(*given, "--day", "06/10/2026").out
    older = command(*given, "--day", "2026-09-01")
    assert older.code == 1
    assert "plus ancienne" in older.err
    assert "plus ancienne" in command(*given, "--day", "2026-09-01", "--plan").out
    assert "pas encore passé" in command(*given, "--day", "2999-01-01").err
    assert "--file" in command("registers", "update", "forces", "--day", "2026-10-06").err
    assert command(*given, "--accept").code == 0
    assert "ce jour est celui du chargement" in command("registers", "status").out


def test_sectors_of_a_council_are_planned_and_taken(
    command: Command, served: str, tmp_path: Path
) -> None:
    path = tmp_path / "secteurs.csv"
    path.write_text("Commune;MDS\nBobigny;MDS Bobigny\nLille;MDS X\n", encoding="utf-8")
    planned = command("competence", "sectors", str(path), "--territory", "93", "--plan")
    assert "rien n’est écrit" in planned.out
    assert "Ligne 3" in planned.err or "ligne 3" in planned.err
    done = command("competence", "sectors", str(path), "--territory", "93")
    assert done.code == 0
    assert "1 commune de 1 secteur : 1 nouvelle" in done.out


def test_a_register_that_nobody_knows_and_a_file_that_is_not_there_are_one_sentence(
    command: Command, served: str
) -> None:
    unknown = command("registers", "update", "sirene", "--file", "x")
    assert (unknown.code, len(unknown.err.strip().splitlines())) == (1, 1)
    assert "annuaire" in unknown.err
    absent = command("registers", "update", "annuaire", "--file", "/nulle/part.json")
    assert absent.code == 2
    assert "/nulle/part.json" in absent.err


def test_what_is_downloaded_is_applied_once_and_asked_for_again_only_when_it_is_new(
    command: Command, served: str, installation: Installation
) -> None:
    body = json.dumps({"service": [COURT | {"date_modification": "25/10/2024 09:10:17"}]}).encode()
    with register_server() as server:
        server.answers = [says(200, body, ETag='"a"'), says(304)]
        done = command("registers", "update", "annuaire", MESURE23_ANNUAIRE_URL=server.url)
        assert "l'édition du 25/10/2024 est en place" in done.out
        again = command("registers", "update", "annuaire", MESURE23_ANNUAIRE_URL=server.url)
        assert (again.code, again.out.strip()) == (
            0,
            "Annuaire de l’administration : rien de nouveau.",
        )
        assert server.asked[1]["If-None-Match"] == '"a"'
    folder = Path(installation.settings["MESURE23_DATA_DIR"]) / "registers" / "annuaire"
    assert [each for each in folder.iterdir() if b"Bobigny" in each.read_bytes()] == []


def test_what_is_downloaded_does_not_stay_whether_it_is_planned_or_refused(
    command: Command, served: str, installation: Installation
) -> None:
    folder = Path(installation.settings["MESURE23_DATA_DIR"]) / "registers" / "annuaire"
    older = json.dumps({"service": [COURT | {"date_modification": "01/01/2020 09:10:17"}]}).encode()
    for body, options in (
        (older, ["--plan"]),
        (older, []),
        (b'{"service": [{"id": "Bobigny"', []),
    ):
        with register_server() as server:
            server.answers = [says(200, body)]
            command("registers", "update", "annuaire", *options, MESURE23_ANNUAIRE_URL=server.url)
        assert [each for each in folder.iterdir() if b"Bobigny" in each.read_bytes()] == []
    assert "sur le disque" not in command("registers", "status").out
    (folder / "register.partial").write_bytes(b"Bobigny" * 1_000)
    assert "7 ko d'un téléchargement" in command("registers", "status").out
    (folder / "register.partial").unlink()


def test_a_register_without_an_address_says_where_its_file_is(
    command: Command, served: str
) -> None:
    failed = command("registers", "update", "finess")
    assert failed.code == 1
    assert "MESURE23_FINESS_URL" in failed.err
    assert "--file" in command("registers", "update", "--file", "x").err


def test_a_register_that_fails_stops_no_other(command: Command, served: str) -> None:
    body = json.dumps({"service": [COURT | {"date_modification": "26/10/2024 09:10:17"}]}).encode()
    with register_server() as server, register_server() as gone:
        server.answers, gone.answers = [says(200, body)], [says(404)]
        done = command(
            *("registers", "update"), MESURE23_ANNUAIRE_URL=server.url, MESURE23_FINESS_URL=gone.url
        )
    assert done.code == 1
    assert "FINESS" in done.err
    assert "l'édition du 26/10/2024 est en place" in done.out
    described = command("registers", "status").out
    assert "dernier essai" in described.partition("Annuaire")[0]
    assert "dernier essai" not in described.partition("Annuaire")[2]


def test_who_is_closed_is_listed_and_no_number_of_somebody_hidden_is_sent(
    command: Command, served: str, tmp_path: Path
) -> None:
    path = tmp_path / "sirets.csv"
    path.write_bytes(
        "Nom;Catégorie;Adresse;Code postal;Commune;SIRET\r\n"
        "Service fermé;Association;1 rue Haute;93000;Bobigny;73282932000074\r\n"
        "Foyer caché;MECS;10 rue Cachée;93000;Bobigny;35600000000048\r\n"
        "Bureau;Association;5 rue Autre;93300;Aubervilliers;35600000000048\r\n".encode("cp1252")
    )
    assert command("import", path, "--territory", "93").code == 0
    closed = {"siret": "73282932000074", "etat_administratif": "F", "date_fermeture": "2026-03-31"}
    body = json.dumps({"results": [{"siege": closed, "matching_etablissements": []}]}).encode()
    with register_server() as server:
        server.answers = [says(200, body)]
        done = command("registers", "closures", MESURE23_CLOSURES_URL=server.url)
        assert "Service fermé" in done.out
        assert "fermé depuis le 31/03/2026" in done.out
        assert "73282932000074" in server.paths[0]
        assert not [each for each in server.paths if "35600000000048" in each]
        server.answers = [says(200, body)]
        command("registers", "closures", MESURE23_CLOSURES_URL=server.url)
    waits = command("proposals").out
    assert waits.count("fermé depuis le 31/03/2026") == 1
    given = waits.partition("--closed ")[2].split()[0]
    assert "Service fermé" in command("proposals", "--closed", given).out
    assert "fermé depuis" not in command("proposals").out
    assert command("proposals", "--closed", given).code == 1
    assert "Rouvert" in command("proposals", "--reopen", given).out
    assert "fermé depuis le 31/03/2026" in command("proposals").out
    assert command("proposals", "--refuse", given).code == 0
    assert "fermé depuis" not in command("proposals").out


def test_commands_of_registers_print_and_send_nothing_of_a_home(
    command: Command, served: str, tmp_path: Path
) -> None:
    path = tmp_path / "secrets.csv"
    path.write_bytes(
        "FINESS;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;SIRET\r\n"
        ";Service ouvert;Association;3 rue Haute;93000;Bobigny;0199000003;73282932000074\r\n"
        "930000492;Les Quatre Vents;MECS;10 rue Cachée;93000;Bobigny;0199000010;35600000000048\r\n"
        ";Bureau;Association;10 rue Cachée;93000;Bobigny;0199000010;35600000000048\r\n"
        ";Association Les Quatre Vents;Association;5 rue Autre;93000;Bobigny;;55208131766522\r\n"
        "".encode("cp1252")
    )
    assert command("import", path, "--territory", "93").code == 0
    body = json.dumps({"results": []}).encode()
    with register_server() as server:
        server.answers = [says(200, body)]
        done = [
            command("registers", "closures", "--format", form, MESURE23_CLOSURES_URL=server.url)
            for form in ("table", "csv")
        ]
        sent = " ".join([*server.paths, *map(str, server.asked)])
    done += [command("registers", "status"), command("competence", "check", "--format", "csv")]
    assert [each.code for each in done] == [0] * 4
    assert "73282932000074" in sent
    printed = " ".join(each.out + each.err for each in done)
    for secret in (
        "Quatre Vents",
        "Cachée",
        "0199000010",
        "35600000000048",
        "930000492",
        "55208131766522",
    ):
        assert secret not in printed + sent
