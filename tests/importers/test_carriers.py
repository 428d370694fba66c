"""Who carries a service: a hospital hides nothing, and what may be a shelter hides."""

import pytest

from tests.importers.conftest import Read
from tests.importers.test_accommodation import row_of


@pytest.mark.parametrize(
    ("title", "carrier", "name"),
    [
        ("Porteur", "CHU de Lille", "Les Lilas"),
        ("Organisme porteur", "CHU Grenoble Alpes", "Les Lilas"),
        ("Structure porteuse", "CHU Amiens-Picardie", "Les Lilas"),
        ("Type de porteur", "CHU de Nantes", "Les Lilas"),
        ("Gestionnaire", "C.H.U. Rennes", "Les Lilas"),
        ("Gestionnaire", "CHRU Nancy", "Les Lilas"),
        ("Organisme gestionnaire", "CH de Valence", "Les Lilas"),
        ("Établissement de rattachement", "Centre hospitalier", "Les Lilas"),
        ("Porteur", "CHU", "Consultation jeunes victimes"),
        ("Type de porteur", "CHU", "UAPED"),
        ("Porteur", "CHU", "Unité mobile de pédiatrie"),
    ],
)
def test_a_hospital_that_carries_a_service_hides_nothing(
    read: Read, title: str, carrier: str, name: str
) -> None:
    assert row_of(read, Nom=name, **{title: carrier}).signs == ()


@pytest.mark.parametrize(
    ("title", "carrier", "name"),
    [
        ("Porteur", "CHU", "Les Lilas"),
        ("Porteur", "CHU Les Glycines", "Les Lilas"),
        ("Porteur", "CHU Les Glycines", "Consultation jeunes victimes"),
        ("Porteur", "CHU de femmes", "Consultation jeunes victimes"),
        ("Porteur", "CHU Lille, 20 places", "Les Lilas"),
        ("Porteur", "CHU de Lille (centre d'hébergement d'urgence)", "Les Lilas"),
        ("Porteur", "CHU Lille 115", "Les Lilas"),
        ("Porteur", "CHU de Lille", "CHU Les Glycines"),
        ("Porteur", "CHU de Lille", "MECS Les Lilas"),
        ("Lieu d'accueil", "CHU Lille", "Les Lilas"),
        ("Type d'accueil", "CHU", "Les Lilas"),
        ("Porteur du CHU d'urgence", "CHU", "Consultation jeunes victimes"),
    ],
)
def test_a_shelter_hides_the_line_whoever_carries_it(
    read: Read, title: str, carrier: str, name: str
) -> None:
    assert row_of(read, Nom=name, **{title: carrier}).signs
