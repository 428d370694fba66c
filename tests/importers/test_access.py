"""Whether disabled people can come in, and how and by whom one is referred, as lists say it."""

import pytest

from importers.access import read_access
from tests.importers.conftest import Read

PUBLIC = {
    "referral_public": ["Comment orienter (public)", "Modalités d'orientation (grand public)"],
    "referrers_public": ["Qui peut orienter (public)", "Prescripteurs – grand public"],
}
SEALED = {
    "referral": ["Comment orienter", "Modalités de saisine", "Procédure d'admission"],
    "referrers": ["Qui peut orienter", "Prescripteurs", "Orienteur"],
}


def given(read: Read, title: str, cell: str) -> dict[str, str | None]:
    """Return what an actor has of these fields, without those that it has not."""
    [row] = read(f"Nom;Catégorie;Ville;{title}\nASE;ASE;Lille;{cell}\n").rows
    names = ("access", "access_text", *SEALED, *PUBLIC)
    return {name: getattr(row, name) for name in names if getattr(row, name)}


@pytest.mark.parametrize(
    ("cell", "answer", "words"),
    [
        ("Oui", "yes", None),
        ("x", "yes", None),
        ("Accessible PMR", "yes", None),
        ("Oui, rampe à l'entrée", "yes", "Oui, rampe à l'entrée"),
        ("NON", "no", None),
        ("non accessible", "no", None),
        ("Inaccessible en fauteuil", "no", "Inaccessible en fauteuil"),
        ("Non (3 marches)", "no", "Non (3 marches)"),
        ("Partiellement", "partly", None),
        ("Oui sauf l'étage", "partly", "Oui sauf l'étage"),
        ("rez-de-chaussée seulement", "partly", "rez-de-chaussée seulement"),
        ("Ascenseur", None, None),
        ("Métro Jaurès, bus 26", None, None),
        ("1 marche à l'entrée", None, None),
        ("0 marche", None, None),
        ("Aucun obstacle", None, None),
        ("N° 12, rampe", None, None),
        ("n'est pas encore accessible", "no", "n'est pas encore accessible"),
        ("difficilement accessible", "partly", "difficilement accessible"),
        ("Le bâtiment est accessible", "yes", "Le bâtiment est accessible"),
        ("0", "no", None),
        ("oui ?", None, None),
        ("Non renseigné", None, None),
        ("à vérifier", None, None),
        ("", None, None),
    ],
)
def test_a_cell_says_yes_no_or_partly(cell: str, answer: str | None, words: str | None) -> None:
    assert read_access(cell) == (answer, words)


@pytest.mark.parametrize("title", ["Accessibilité", "PMR", "Accessibilité PMR (oui/non)"])
def test_its_column_is_known(read: Read, title: str) -> None:
    assert given(read, title, "oui") == {"access": "yes"}


@pytest.mark.parametrize(
    ("field", "title"), [(field, each) for field, titles in SEALED.items() for each in titles]
)
def test_how_and_by_whom_is_for_professionals(read: Read, field: str, title: str) -> None:
    assert given(read, title, "par écrit") == {field: "par écrit"}


@pytest.mark.parametrize(
    ("field", "title"), [(field, each) for field, titles in PUBLIC.items() for each in titles]
)
def test_a_title_gives_it_to_the_public(read: Read, field: str, title: str) -> None:
    assert given(read, title, "par écrit") == {field: "par écrit"}


@pytest.mark.parametrize(
    "title",
    [
        "Comment orienter (non public)",
        "Comment orienter, pas public",
        "Qui peut orienter (réservé aux professionnels)",
        "Comment orienter le public",
        "Public qui peut orienter",
    ],
)
def test_no_other_title_does(read: Read, title: str) -> None:
    assert not given(read, title, "par écrit").keys() & PUBLIC.keys()


@pytest.mark.parametrize(
    "cell",
    ["appeler Mme Petit au 06 11 22 33 44", "écrire à j.petit@exemple.fr", "Ne pas diffuser"],
)
def test_words_that_name_a_person_or_refuse_are_not_public(read: Read, cell: str) -> None:
    for title in ("Comment orienter (public)", "Qui peut orienter (public)", "Accessibilité"):
        assert not given(read, title, cell)


@pytest.mark.parametrize("title", ["Modalités d'admission", "Comment orienter", "Accessibilité"])
def test_words_of_a_home_hide_under_these_titles_as_under_any_other(read: Read, title: str) -> None:
    text = f"Nom;Catégorie;Ville;{title}\nTilleuls;Association;Lille;Foyer de l'enfance\n"
    [row], [other] = read(text).rows, read(text.replace(title, "Divers")).rows
    assert other.signs
    assert {sign.word for sign in other.signs} <= {sign.word for sign in row.signs}
    # This title names what an actor is, as "Modalité" above any column does.
    named = title.startswith("Modalités")
    assert ("houses" in {sign.says for sign in row.signs}) == named
