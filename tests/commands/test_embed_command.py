"""`mesure23 embed …` as people type it, beside a service that runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Command, Installation
from tests.embeds.samples import image

pytestmark = pytest.mark.slow

ID = re.compile(r"^Carte enregistrée : ([0-9a-f]{24})$", re.MULTILINE)
CREATE = ("embed", "create", "--name", "Exemple", "--origin", "https://www.exemple.fr")


@pytest.fixture(scope="module", autouse=True)
def address(installation: Installation) -> Iterator[str]:
    """The address of a running service, which has territories and whose pages commands change."""
    service, address = installation.serve("--no-worker")
    yield address
    assert service.poll() is None, "a command stopped the service"


def test_an_embed_is_created_listed_shown_and_revoked(command: Command, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_bytes(image("PNG"))
    created = command(
        *(*CREATE, "--territory", "93", "--filters", "categorie=ase&ouvert=24h"),
        *("--origin", "HTTPS://Exemple.FR/", "--logo", logo, "--colour", "#14508C"),
        *("--contact", "carte@exemple.fr", "--no-list"),
        MESURE23_PUBLIC_URL="https://carte.example",
    )
    assert created.code == 0, created.err
    (embed_id,) = ID.findall(created.out)
    assert f'<iframe src="https://carte.example/integration/carte/{embed_id}"' in created.out
    assert "https://www.exemple.fr, https://exemple.fr\n" in created.out

    assert re.search(rf"^{embed_id}  active  .*  Exemple .*$", command("embed", "list").out, re.M)
    shown = command("embed", "show", embed_id).out
    assert "Seine-Saint-Denis ; " in shown
    for said in ("Jour et nuit", "liste=non&couleur=14508c", "carte@exemple.fr", "<iframe src="):
        assert said in shown

    revoke = ("embed", "revoke", embed_id, "--reason", "le site a fermé")
    assert "Retirée : « Exemple »" in command(*revoke).out
    again = command(*revoke)
    assert again.code == 0
    assert "était déjà retirée" in again.out
    assert f"{embed_id}  retirée " in command("embed", "list").out
    shown = command("embed", "show", embed_id).out
    assert "le site a fermé" in shown
    assert "<iframe" not in shown


def test_without_its_own_address_the_service_says_what_to_set(command: Command) -> None:
    created = command(*CREATE, "--territory", "69m", "--territory", "69")
    assert created.code == 0, created.err
    assert "MESURE23_PUBLIC_URL" in created.out
    assert "<iframe" not in created.out
    shown = command("embed", "show", ID.findall(created.out)[0]).out
    assert "Métropole de Lyon" in shown


def test_colours_that_are_hard_to_read_are_said_and_kept(command: Command) -> None:
    created = command(*CREATE, "--france", "--ink", "eeeeee", "--paper", "ffffff")
    assert created.code == 0
    assert "Attention : " in created.err
    assert "se lit mal" in created.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--territory, soit --place, soit --france"),
        (("--territory", "93", "--place", "93066"), "--territory, soit --place, soit --france"),
        (("--territory", "93", "--radius", "10"), "--radius ne va qu'avec --place"),
        (("--territory", "999"), "« 999 »"),
        (("--place", "99999"), "« 99999 »"),
        (("--place", "93066", "--radius", "7"), "« rayon »"),
        (("--territory", "93", "--filters", "territoire=75"), "--filters"),
        (("--territory", "93", "--filters", "categorie=abolie"), "« categorie »"),
        (("--territory", "93", "--filters", "page=2"), "« page »"),
        (("--territory", "93", "--colour", "bleu"), "« couleur »"),
        (("--territory", "93", "--origin", "https://*.exemple.fr"), "tous les sous-domaines"),
        (("--territory", "93", "--origin", "https://*.fr", "--subdomains"), "nom d’hôte entier"),
        (("--territory", "93", "--contact", "javascript:alert(1)"), "le contact est une adresse"),
        (("--territory", "93", "--logo", __file__), "logo"),
    ],
)
def test_what_cannot_be_registered_is_one_sentence(
    command: Command, arguments: tuple[str, ...], said: str
) -> None:
    done = command(*CREATE, *arguments)
    assert done.code == 1
    assert said in done.err
    assert ID.search(done.out) is None


@pytest.mark.parametrize("act", [("show",), ("revoke", "--reason", "x")])
def test_an_unknown_id_is_said(command: Command, act: tuple[str, ...]) -> None:
    done = command("embed", *act, "0" * 24)
    assert done.code == 1
    assert "Aucune carte intégrée" in done.err
