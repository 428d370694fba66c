"""Who is special for the sexual exploitation of minors, as a list declares it."""

import pytest

from importers.vocabulary import SPECIALITY
from tests.importers.conftest import Read

HEADER = "Nom;Catégorie;Commune;Téléphone"
LINE = "Le Nid;Association;Lille;03 20 00 00 00"


@pytest.mark.parametrize(
    ("title", "cell", "declared"),
    [
        ("Spécialité", "Prostitution des mineurs", True),
        ("Spécialisé", "exploitation sexuelle", True),
        ("Spécialités", "traite des êtres humains ; addictions", True),
        ("Missions", "Écoute, accompagnement des victimes de proxénétisme", True),
        ("Exploitation sexuelle", "oui", True),
        ("Prostitution des mineurs", "X", True),
        ("Exploitation sexuelle", "non", False),
        ("Exploitation sexuelle", "", False),
        ("Exploitation sexuelle", "en projet", False),
        ("Spécialité", "pas de prostitution", False),
        ("Spécialité", "prostitution ?", False),
        ("Spécialité", "autisme", False),
        ("Missions", "Traite les demandes d'aide", False),
    ],
)
def test_a_list_declares_a_speciality_or_does_not(
    read: Read, title: str, cell: str, declared: bool
) -> None:
    [row] = read(f'{HEADER};{title}\n{LINE};"{cell}"\n').rows
    assert (SPECIALITY in row.functions) == declared
    # Beside it stays what an association does.
    assert len(row.functions) >= (2 if title != "Missions" and declared else 1)
