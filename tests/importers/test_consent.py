"""What a line says of consent: kept as written, and a refusal or a doubt hides."""

import pytest

from importers.secrecy import weigh_consent
from tests.importers.conftest import Read
from tests.importers.test_secrecy import one, said


@pytest.mark.parametrize(
    ("title", "cell", "refused"),
    [
        ("Accord de publication", "12/03/2026", False),
        ("Accord de publication", "oui", False),
        ("Accord de publication", "12/03/2026 sous réserve du CA", True),
        ("Accord de publication", "NON", True),
        ("Accord de publication", "demandé, sans réponse", True),
        ("Accord de publication", "?", True),
        ("Publication (O/N)", "N", True),
        ("Publication (O/N)", "O", False),
        ("Diffusion", "restreinte", True),
        ("À masquer", "oui", True),
        ("Refus de diffusion", "oui", True),
        ("Autorisation de mise en ligne", "en attente", True),
        ("Accord de publication (oui/non)", "oui", False),
        ("Accord de publication", "cf. convention", True),
        ("Accord de publication", "NC", True),
        ("Accord de publication", "à revoir avec le CA", True),
        ("Accord de publication", "accord oral, signature prévue", True),
        ("Accord de publication", "ok après le 01/01/2027", True),
        ("Accord de publication", "-", False),
        ("Accord RGPD", "non", True),
        ("RGPD", "refus", True),
        ("Peut être mis en ligne ?", "NON", True),
        ("Mise en ligne", "oui", False),
        ("Niveau de confidentialité", "élevé", True),
        ("Niveau de confidentialité", "faible", False),
        ("Visibilité", "interne", True),
        ("Statut de diffusion", "restreinte", True),
        ("Carto", "non", True),
        ("OK carto", "KO", True),
        ("À publier sur le site (O/N)", "N", True),
        ("Communicable au public", "non", True),
        ("Adresse communicable", "non", True),
        ("Données sensibles", "oui", True),
        ("Données sensibles", "non", False),
        ("Afficher adresse", "non", True),
        ("Publier", "jamais", True),
        ("À flouter", "oui", True),
        ("Peut-on publier ?", "surtout pas", True),
    ],
)
def test_what_a_line_says_of_consent_is_kept_as_written(
    read: Read, title: str, cell: str, refused: bool
) -> None:
    row = one(read, **{title: cell})
    assert row.consent == f"{title} : {cell}"
    assert said(row) == ([("secret", "consent")] if refused else [])


def test_several_columns_of_consent_are_all_kept(read: Read) -> None:
    row = one(read, **{"Accord de publication": "oui", "Refus de diffusion": "adresse"})
    assert row.consent == "Accord de publication : oui\nRefus de diffusion : adresse"


@pytest.mark.parametrize(
    ("said", "weight"),
    [
        ("Accord de publication : oui", "yes"),
        ("Accord de publication : 12/03/2026", "yes"),
        ("accord du 12/03/2026, écrit dans une liste", "yes"),
        ("Accord de publication : NON", "no"),
        ("Accord de publication : X NON", "no"),
        ("Accord de publication : oui X non", "doubt"),
        ("Publication (O/N) : N", "no"),
        ("RGPD : refus", "no"),
        ("RGPD : refus du 12/03/2026", "no"),
        ("Accord : vu avec la directrice : non", "no"),
        ("Refus de diffusion : oui", "no"),
        ("Désaccord : non", "doubt"),
        ("Accord : en attente", "doubt"),
        ("Accord : ?", "doubt"),
        ("Accord : Mme Exemple", "doubt"),
        ("Accord : oui, pas l'adresse", "doubt"),
        ("Accord : non\nDate d'accord : 12/03/2026", "doubt"),
        ("Accord : non\nRefus de diffusion : oui", "no"),
    ],
)
def test_a_consent_agrees_refuses_or_is_doubtful(said: str, weight: str) -> None:
    assert weigh_consent(said) == weight
