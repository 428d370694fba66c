"""Settings with which no command can work: each is reported in a sentence that names it."""

import base64
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.main import get_command

from app import cli
from app.platform.cluster.server import Cluster
from app.settings import Settings
from app.vault.sealing import make_keys_file, parse_keys
from tests.commands.conftest import Command, Installation


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"database_url": "staff"}, "mais pas MESURE23_PUBLIC_DATABASE_URL"),
        (
            {"database_url": "staff", "public_database_url": "public"},
            "Exécutez « mesure23 release »",
        ),
        ({"database_url": "pas une adresse"}, "MESURE23_DATABASE_URL n'est pas l'adresse"),
        ({"database_url": "mysql://u:secret@h/b"}, "MESURE23_DATABASE_URL n'est pas l'adresse"),
        (
            {
                "database_url": "postgresql://u:secret@127.0.0.1:9/b",
                "public_database_url": "public",
            },
            "La base de données ne répond pas",
        ),
        ({"env": "production"}, "MESURE23_KEYS ou MESURE23_KEYS_FILE"),
        ({"env": "production"}, "Il manque : MESURE23_DATABASE_URL"),
        (
            {"env": "production", "keys": f"k1:{base64.b64encode(bytes(32)).decode()}"},
            "MESURE23_PUBLIC_DATABASE_URL (la même, identifiant des pages publiques).",
        ),
        ({"trusted_proxies": "10.0.0.1/8"}, "MESURE23_TRUSTED_PROXIES"),
        ({"rate_limit": "-1"}, "MESURE23_RATE_LIMIT"),
        ({"proconnect_url": "https://idp.example"}, "MESURE23_PROCONNECT_CLIENT_SECRET"),
        ({"finess_url": "ftp://registre.example/f"}, "MESURE23_FINESS_URL"),
        ({"tiles": "foo"}, "Réglage invalide : MESURE23_TILES."),
        ({"env": "nulle part", "pool_size": "beaucoup"}, "MESURE23_ENV, MESURE23_POOL_SIZE"),
        ({"pool_size": "0", "geocoder_timeout": "0"}, "MESURE23_POOL_SIZE, MESURE23_GEOCODER_T"),
        ({"database_url": "postgresql://u:secret@h:port/b"}, "MESURE23_DATABASE_URL n'est pas"),
        ({"database_url": "postgresql://u:secret@[::1/b"}, "MESURE23_DATABASE_URL n'est pas"),
        ({"database_url": "postgresql://u:secret@h/b?no=1"}, "MESURE23_DATABASE_URL n'est pas"),
        ({"keys": "secret"}, "Les clés de chiffrement sont mal écrites"),
        ({"keys_file": sys.executable}, "Les clés de chiffrement sont mal écrites"),
    ],
)
def test_settings_that_cannot_work_are_reported_in_a_sentence(
    command: Command,
    cluster: Cluster,
    installation: Installation,
    settings: dict[str, str],
    sentence: str,
) -> None:
    # A database without any table of ours.
    there = cluster.url(cluster.superuser, "postgres")
    given = {
        f"MESURE23_{name.upper()}": there if value in {"staff", "public"} else value
        for name, value in settings.items()
    }
    done = command("geocode", **given)
    assert done.code == 1
    assert sentence in done.err
    assert "secret" not in done.err
    assert not (installation.home / "var" / "postgres").exists()


# What commands cannot do without.
ARGUMENTS = {
    "import": (__file__,),
    "competence sectors": (__file__, "--territory", "93"),
    "protect": ("x", "--reason", "essai"),
    "unprotect": ("x", "--reason", "essai"),
    "classify": ("x", "ase"),
    "same": ("0b6f8a1e-5d2c-4f7b-9a3d-2c1e0f9b8a7d", "--no"),
    "erase": ("x", "--reason", "essai", "--yes"),
    "embed create": ("--origin", "https://www.exemple.fr", "--name", "Exemple", "--france"),
    "embed show": ("x",),
    "embed revoke": ("x", "--reason", "essai"),
    "registers update": ("annuaire", "--file", __file__),
    "user create": ("camille@example.org", "--name", "Camille Exemple"),
    "user invite": ("camille@example.org",),
    "user export": ("camille@example.org",),
    "user delete": ("camille@example.org", "--yes"),
    "user exclude": ("camille@example.org",),
    "audit export": ("jours",),
    "keys forget": ("x",),
    "backup accept": ("--reason", "essai"),
    "resources import": (__file__,),
    "resources undo": ("0b6f8a1e-5d2c-4f7b-9a3d-2c1e0f9b8a7d",),
}


def every_command(group: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield commands as they are typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))
        else:
            yield " ".join((*path, name))


@pytest.mark.parametrize("name", [*every_command(get_command(cli.load()))])
def test_every_command_says_which_setting_is_wrong(
    command: Command, installation: Installation, name: str
) -> None:
    result = command(*name.split(), *ARGUMENTS.get(name, ()), MESURE23_POOL_SIZE="beaucoup")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Réglage invalide : MESURE23_POOL_SIZE.")
    assert not (installation.home / "var" / "postgres").exists()


@pytest.mark.parametrize(
    ("tiles", "accepted"),
    [
        ("offered", True),
        ("ign", True),
        ("none", True),
        ("https://tuiles.exemple.fr/{z}/{x}/{y}.png", True),
        ("https://{s}.exemple.fr:8443/tuiles?z={z}&x={x}&y={y}", True),
        ("http://localhost:8080/{z}/{x}/{y}{r}.png", True),
        ("foo", False),
        ("://{z}/{x}/{y}", False),
        ("https://{z}/{x}/{y}", False),
        ("ftp://exemple.fr/{z}/{x}/{y}", False),
        ("https://exemple.fr/{z}/{x}.png", False),
        ("https://exemple.fr/{z}/{x}/{y}?key={cle}", False),
        ("https://exemple.fr; script-src *;/{z}/{x}/{y}", False),
    ],
)
def test_tiles_are_a_known_name_or_a_template(tiles: str, accepted: bool) -> None:
    if accepted:
        assert Settings(tiles=tiles).tiles == tiles
    else:
        with pytest.raises(ValidationError, match="tiles"):
            Settings(tiles=tiles)


def test_commands_that_start_at_once_make_one_keys_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, keys_file=tmp_path / "secret" / "keys")
    with ThreadPoolExecutor(8) as pool:
        texts = [
            path.read_text() for path in pool.map(lambda _: make_keys_file(settings), "12345678")
        ]
    assert len(set(texts)) == 1
    (environment,) = (tmp_path / "secret").iterdir()
    assert environment.stat().st_mode & 0o777 == 0o600
    assert parse_keys(texts[0]).primary in texts[0]
