"""Sentences that ask for discretion in words of their own hold the address; others hold nothing."""

import pytest

from importers.discretion import asks_discretion
from importers.secrecy import forbids
from tests.importers.conftest import Read
from tests.importers.test_secrecy import one, said


@pytest.mark.parametrize(
    "text",
    [
        "Adresse à ne communiquer à personne", "ne diffuser sous aucun prétexte",
        "Ne transmettre qu'aux professionnels", "Personne ne doit connaître l'adresse",
        "Évitez de diffuser l'adresse", "merci de garder l'adresse pour vous",
        "adresse connue des seuls partenaires", "L'adresse n'est communiquée qu'aux familles",
        "adresse communiquée sur demande", "adresse donnée après entretien",
        "L'adresse ne sera donnée qu'au moment de l'admission", "Ne figure dans aucun annuaire",
        "ne doit en aucun cas être localisé", "lieu non localisable", "anonymat du lieu",
        "sécurité des jeunes : pas d'adresse", "sans adresse publique", "Document interne",
        "ne pas faire circuler", "Interdiction de publier", "Publication proscrite",
        "ne publiez pas", "NE PAS GÉOLOCALISER", "pas de géolocalisation", "Adresse à protéger",
        "Prière de ne point diffuser", "ne pas rendre l'adresse visible", "n'afficher que le nom",
        "cacher l'adresse svp", "victimes à protéger, discrétion", "la discrétion est de mise",
        "ne le donner qu'à la CRIP",
    ],
)  # fmt: skip
def test_a_sentence_that_may_ask_for_discretion_holds_the_address(read: Read, text: str) -> None:
    row = one(read, Infos=text)
    assert said(row) == [("mentions", "unread")]


@pytest.mark.parametrize(
    "text",
    [
        "Ne pas hésiter à appeler", "Aucune information n'est transmise aux parents",
        "La CRIP ne peut pas recevoir de public", "Ne reçoit pas de public",
        "sans donner votre nom",
        "Le service ne donne pas de consultation", "Domiciliation des personnes sans adresse",
        "En toute discrétion", "Accueil en toute discrétion et confidentialité",
        "Un lieu où parler sans être jugé", "Lieu neutre pour garder le lien",
        "ne remplace pas le 119", "Prévenir les violences, diffuser une culture de l'égalité",
        "adresse indiquée sur le site", "Permanence sur demande", "aucune adresse mail",
        "N'oubliez pas d'indiquer votre adresse", "Si vous ne connaissez pas l'adresse, appelez",
        "Adresse postale différente du siège", "les données ne sont jamais communiquées",
    ],
)  # fmt: skip
def test_what_services_write_of_their_work_holds_nothing(text: str) -> None:
    assert asks_discretion(text) is None
    assert forbids(text) is None


def test_searching_a_huge_cell_takes_linear_time() -> None:
    for piece in ("ne ", "adresse ", "a ", "adresse a ne ", "pas "):
        asks_discretion(piece * 60_000)
