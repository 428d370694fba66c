"""Files of resources, ours and others', and what their lines say."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cataloguing.import_deciding import decide
from app.cataloguing.import_errors import NoCatalogue, TooManyResources
from app.cataloguing.import_lines import fields_by_title, left_of, read_line
from app.cataloguing.import_plan import Plan
from app.cataloguing.importing import MOST
from app.cataloguing.reading_json import read_json
from app.files.as_csv import write_csv
from app.platform.database.sessions import write
from app.resources.columns import columns
from app.resources.fields import FIELDS
from app.resources.forms import Form
from app.runtime.staff import Runtime
from geo.text import fold
from importers.errors import EmptyFile, FileTooLarge, UnreadableList
from tests.cataloguing.catalogues import LIMIT, REPORT, catalogue, previewed, table
from tests.makers_resources import make_resource
from tests.resource_contents import SITE, document, published

KNOWN = {"93": "Seine-Saint-Denis", "971": "Guadeloupe"}


def values(**cells: Any) -> dict[str, Any]:
    line = read_line(1, {"titre": "Exemple", **cells}, KNOWN)
    assert line.wrong == ()
    return line.values


def test_a_catalogue_says_what_the_table_of_fields_takes() -> None:
    line = read_line(4, REPORT, KNOWN)
    assert (line.number, line.key, line.title) == (4, "rapport", "Rapport d’exemple")
    assert line.values == {
        "title": "Rapport d’exemple",
        "bodies": ["Organisme d’exemple", "Observatoire d’exemple"],
        "year": 2021,
        "type": "etude",
        "themes": ["reperage"],
        "publics": ["professionnels", "decideurs"],
        "reach": "national",
        "territories": [],
        "languages": ["fr"],
        "method": "étude de 101 dossiers",
        "url": "https://exemple.fr/rapport",
        "summary": "Ce rapport d’exemple dit quels signes inquiètent.",
    }
    assert line.suggested == {"nature": "recherche"}
    assert line.note == "https://exemple.fr/liste · Daté de mai."


@pytest.mark.parametrize(
    ("said", "reach", "territories"),
    [
        ("FR", "national", []),
        ("FR métropolitaine", "metropole", []),
        ("Europe", "europe", []),
        ("international", "international", []),
        ("93", "territories", ["93"]),
        ("971", "territories", ["971"]),
        ("Seine Saint-Denis", "territories", ["93"]),
        ("GUADELOUPE ; 93", "territories", ["971", "93"]),
    ],
)
def test_a_territory_is_a_reach_a_code_or_a_name(
    said: str, reach: str, territories: list[str]
) -> None:
    found = values(territoire=said)
    assert (found["reach"], found["territories"]) == (reach, territories)


def test_what_a_line_does_not_say_is_no_value() -> None:
    assert values(annee=None, themes=[], url="", langue=None) == {"title": "Exemple"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"titre": ""}, "Le titre manque."),
        ({"annee": "avant 2020"}, "Année : Un nombre entre 1800 et 2100 est attendu."),
        ({"date": "21/12/0021"}, "Publié le : Un jour entre 1800 et 2100 est attendu."),
        ({"organismes": list(map(str, range(61)))}, "Organismes : 60 noms au plus"),
        ({"type": "roman"}, "Type : « roman » n’est pas dans cette liste."),
        ({"territoire": "Vaucluse"}, "Portée : « Vaucluse » n’est pas un code connu ici."),
        ({"territoire": "2A"}, "Territoires : « 2A » n’est pas un code connu ici."),
        (
            {"type": "rapor"},
            "Type : « rapor » n’est pas dans cette liste. Peut-être « Rapport »\N{NO-BREAK SPACE}?",
        ),
        ({"themes": "fuge"}, "Thèmes : « fuge » n’est pas dans cette liste. Peut-être « Fugue"),
        ({"genre": "ducument"}, "Genre : « ducument » n’est pas dans cette liste. Peut-être « Doc"),
        ({"relation": {"synthese du": "x"}}, "Relation : « synthese du » n’est pas dans cette"),
        ({"territoire": "Sène-Saint-Dnis"}, "Portée : « Sène-Saint-Dnis » n’est pas un code connu"),
        ({"url": "voir le site"}, "Adresse : Cette adresse n’est pas valable."),
        ({"relation": {"ressemble à": "x"}}, "Relation : « ressemble à » n’est pas"),
        ({"themes": [["reperage"]]}, "Thèmes : Un texte est attendu ici"),
        ({"titre": {"fr": "Exemple"}}, "Titre : "),
    ],
)
def test_what_cannot_be_used_is_said(cells: dict[str, Any], said: str) -> None:
    wrong = read_line(1, {"titre": "Exemple", **cells}, KNOWN).wrong
    assert any(each.startswith(said) for each in wrong), wrong


def test_a_word_that_is_like_none_of_its_list_has_no_near_one() -> None:
    for cells in ({"type": "roman"}, {"type": "x" * 5_000}, {"territoire": "Vaucluse"}):
        (wrong,) = read_line(1, {"titre": "Exemple", **cells}, KNOWN).wrong
        assert "Peut-être" not in wrong


def test_a_territory_that_is_written_otherwise_has_a_near_one() -> None:
    (wrong,) = read_line(1, {"titre": "Exemple", "territoire": "Sène-Saint-Dnis"}, KNOWN).wrong
    assert wrong.endswith("Peut-être « Seine-Saint-Denis »\N{NO-BREAK SPACE}?")


@pytest.mark.parametrize("title", ["personnes", "preuve", "validee_par", "validations"])
def test_persons_proofs_and_validations_are_taken_from_no_list(title: str) -> None:
    assert values(**{title: "Une personne"}) == {"title": "Exemple"}


def test_each_title_of_the_table_leads_to_its_own_field() -> None:
    for field in FIELDS:
        for title in field.titles:
            found = fields_by_title().get(fold(title), field)
            assert found is field, title


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff\xfe{",
        b"[1]",
        b'{"autre": []}',
        b'{"documents": {}}',
        b'[{"annee": NaN}]',
        b"[" * 100_000,
        b'{"documents": null}',
    ],
)
def test_what_is_no_catalogue_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(NoCatalogue, match="n'est pas un catalogue"):
        read_json(data, "x.json")


def test_signs_that_nobody_sees_stand_in_no_value(runtime: Runtime) -> None:
    given = "Ra\u202epport \ud800\x00d’exemple"
    data = json.dumps([{"titre": given, "type": "rapport", "id": "\ud800x", "\ud801y": "z"}])
    made = previewed(runtime, data.encode())
    assert made.lines[0].line.title == "Rapport d’exemple"
    assert made.model_dump_json()


def test_a_table_is_read_below_its_titles(runtime: Runtime) -> None:
    data = table(
        ["Notre liste", None],
        [],
        ["Titre", "Type", "Année", "Thèmes", "Couleur"],
        ["Guide d’exemple", "Guide", 2022, "Repérage | Fugue et disparition", "bleu"],
        [None, None, None],
        ["Avis d’exemple", "avis", 2020.0, "reperage ; fugue", ""],
    )
    made = previewed(runtime, data, "liste.xlsx")
    assert [each.line.number for each in made.lines] == [4, 6]
    assert [each.line.values["themes"] for each in made.lines] == [["reperage", "fugue"]] * 2
    assert [each.line.values["year"] for each in made.lines] == [2022, 2020]
    assert made.left == ("Couleur",)


def test_a_table_without_titles_is_refused(runtime: Runtime) -> None:
    with pytest.raises(NoCatalogue, match="Titre"):
        previewed(runtime, table(["Nom", "Adresse"], ["Un service", "1 rue X"]), "liste.xlsx")


def test_an_empty_or_large_file_is_refused(runtime: Runtime) -> None:
    with pytest.raises(EmptyFile):
        previewed(runtime, b"  ")
    with pytest.raises(FileTooLarge):
        previewed(runtime, b" " * LIMIT + b"[]")
    with pytest.raises(UnreadableList):
        previewed(runtime, b"%PDF-1.7", "liste.pdf")


def test_too_many_lines_are_refused(runtime: Runtime) -> None:
    with pytest.raises(TooManyResources):
        previewed(runtime, catalogue(*({} for _ in range(MOST + 1))))


TITLES = sorted({title for field in FIELDS for title in (*field.titles, field.label)})
WORDS = st.text(max_size=20) | st.sampled_from(["FR", "93", "fiche", "loi", "10.1234/a", "119"])
CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(WORDS, each, max_size=2),
    max_leaves=4,
)
ROWS = st.dictionaries(st.sampled_from([*TITLES, "id", "page", "relation"]) | WORDS, CELLS)


@pytest.mark.slow
@given(st.lists(ROWS, max_size=4))
def test_whatever_a_catalogue_says_makes_a_plan_that_can_be_sealed(
    rows: list[dict[str, Any]],
) -> None:
    lines = [read_line(number, cells, KNOWN) for number, cells in enumerate(rows, 1)]
    made = Plan(name="x.json", lines=decide(lines, ()), left=left_of(rows))
    sealed = made.model_dump_json().encode()
    assert Plan.model_validate_json(sealed) == made
    again = decide([each.line for each in Plan.model_validate_json(sealed).lines], ())
    assert [each.basis for each in again] == [each.basis for each in made.lines]


def test_our_own_csv_of_which_each_record_is_a_line_changes_nothing(runtime: Runtime) -> None:
    said = {"title": "-18 ans", "summary": "- Repérer\n- Orienter\n\nPour tous."}
    with write(runtime.staff) as session:
        public_id = make_resource(session, runtime.vault, Form.DOCUMENT, **said)
    of_file, file = columns(SITE), BytesIO()
    resource = published(document(**said), public_id=public_id)
    write_csv([each.name for each in of_file], [[[each.value(resource) for each in of_file]]], file)
    (line,) = previewed(runtime, file.getvalue(), "ressources.csv").lines
    assert line.changes == ()
