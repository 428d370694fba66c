"""A name in capitals is written as French writes it, and says the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import fold
from importers.registers.names import readable


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("MAISON D'ENFANTS LES MARMOUSETS", "Maison d'enfants Les Marmousets"),
        ("MAISON D ENFANTS LE LOGIS", "Maison d'enfants Le Logis"),
        (
            "POUPONNIERE A CARACTERE SOCIAL ARC EN CIEL",
            "Pouponnière à caractère social Arc en Ciel",
        ),
        ("CENTRE PARENTAL / LES GIGOGNES", "Centre parental / Les Gigognes"),
        ("CENTRE HOSPITALIER DE LA HAUTE COTE D OR", "Centre hospitalier de la Haute Cote d'Or"),
        ("CMP ENFANTS BOURG-EN-BRESSE", "CMP enfants Bourg-en-Bresse"),
        ("MECS LES FILAOS", "MECS Les Filaos"),
        ("C.M.P.P. DE L'OISE", "C.M.P.P. de l'Oise"),
        ("CENTRE JEAN XXIII", "Centre Jean XXIII"),
        ("CEGIDD DU CHU", "CeGIDD du CHU"),
        ("UNITE A2, BATIMENT A", "Unité A2, Batiment A"),
        ("ACCUEIL EXTERNALISÉ SAED ST VINCENT", "Accueil externalisé SAED St Vincent"),
        ("12 RUE DE GEX", "12 rue de Gex"),
        ("9 Rue Alexandre Bérard", "9 Rue Alexandre Bérard"),
        ("  CENTRE   DE SOINS ", "Centre de soins"),
        ("", ""),
        ("12", "12"),
    ],
)
def test_a_name_is_readable(capitals: str, written: str) -> None:
    assert readable(capitals) == written


LETTERS = st.text("ABDEILMNSTUVX ÉÀÇ'-./&\"0129’", max_size=40)


@given(LETTERS)
def test_it_says_the_same_words(text: str) -> None:
    assert fold(readable(text)) == fold(text)


@given(LETTERS)
def test_what_was_written_once_stays(text: str) -> None:
    once = readable(text)
    if not once.isupper():
        assert readable(once) == once
