"""What was erased is known again in any spelling, and nothing else is."""

import io
import zipfile

import pytest

from app.lists.forgetting import may_hold
from app.records.erased import GONE, Erased, mark
from tests import effort

KEY = b"k" * 32
ERASED: dict[str, set[bytes]] = {}
for value in (
    ("phone", "612345678"),
    ("mail", "prenom.nom@exemple.fr"),
    ("words 2", "dupont jean"),
    ("id", "7d9f2a34-0000-4000-8000-000000000001"),
):
    purpose, found = mark(KEY, value)
    ERASED.setdefault(purpose, set()).add(found)


@pytest.fixture
def erased() -> Erased:
    return Erased(KEY, ERASED)


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "0612345678",
        "612345678",
        "+33612345678",
        "+33 (0)6.12.34.56.78",
        "0033 6 12 34 56 78",
        "06\u00a012\u202f34-56-78",
        "06/12/34/56/78",
        "Prenom.Nom@Exemple.FR",
        "prenom.nom @ exemple.fr",
        "prenom.nom (at) exemple.fr",
        "Jean DUPONT",
        "dupont  jéan",
        "Dupont-Jean",
    ],
)
def test_a_value_goes_in_every_spelling(erased: Erased, text: str) -> None:
    assert erased.text(text) == GONE
    assert erased.text(f"Écrire à « {text} », le matin.") == f"Écrire à « {GONE} », le matin."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06 12 34 56 79",
        "1061234567 8",
        "106123456789",
        "06 12 34",
        "nom@exemple.fr",
        "autre.prenom.nom@exemple.fr",
        "Jeanne Dupont",
        "Jean et Dupont",
        "119",
    ],
)
def test_nothing_else_goes(erased: Erased, text: str) -> None:
    assert erased.text(text) == text


def test_a_phone_goes_between_others(erased: Erased) -> None:
    text = "93000 06 12 34 56 78 06 99 99 99 99 / 01 02 03 04 05"
    assert erased.text(text) == f"93000 {GONE} 06 99 99 99 99 / 01 02 03 04 05"


def test_a_mailbox_goes_out_of_the_name_of_a_file(erased: Erased) -> None:
    assert erased.text("liste prenom.nom@exemple.fr.csv") == f"liste {GONE}.csv"


def test_words_in_two_cells_of_a_line_leave_both(erased: Erased) -> None:
    assert erased.cells(["CRIP", "DUPONT", "Jean", ""]) == ["CRIP", GONE, GONE, ""]


def test_a_field_loses_a_value_and_a_change_keeps_its_shape(erased: Erased) -> None:
    phones = ["+33612345678", "+33102030405"]
    stored = {
        "raw": ["06 12 34 56 78", "x"],
        "read": {"phones": phones, "website": "Jean Dupont", "name": "Jean Dupont"},
        "phones": [phones, [], None],
        "causes": [{"what": "7d9f2a34-0000-4000-8000-000000000001", "why": "beside"}],
    }
    assert erased.json(stored) == {
        "raw": [GONE, "x"],
        "read": {"phones": phones[1:], "website": None, "name": GONE},
        "phones": [phones[1:], [], None],
        "causes": [{"what": "", "why": "beside"}],
    }


def test_an_address_leaves_with_its_point() -> None:
    purpose, found = mark(KEY, ("words 4", "12 des lilas rue"))
    erased = Erased(KEY, {purpose: {found}})
    read = {"address": "12 rue des Lilas", "street": "12 rue des Lilas", "lon": 2.4, "lat": 48.9}
    assert erased.json(read) == dict.fromkeys(read)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["a", "a.", "a@", "a@bb.", "1 ", "a-b@c-d.", "(at)"])
def test_searching_a_huge_text_takes_linear_time(erased: Erased, piece: str) -> None:
    with effort.at_most(15):
        erased.text(piece * (100_000 // len(piece)))


@pytest.mark.parametrize("piece", ["<", " ", "< "])
def test_searching_a_huge_sheet_takes_linear_time(erased: Erased, piece: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("sheet1.xml", piece * (200_000 // len(piece)))
    with effort.at_most(15):
        assert not may_hold(packed.getvalue(), erased)


def test_a_value_of_which_some_letters_are_bold_is_found_in_a_workbook(erased: Erased) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as workbook:
        workbook.writestr("sharedStrings.xml", "<r><t>06 12 34</t></r>\n  <r><b/><t>56 78</t></r>")
    assert may_hold(packed.getvalue(), erased)


def test_a_value_written_with_entities_is_found_in_a_workbook() -> None:
    purpose, found = mark(KEY, ("words 3", "abri ete l"))
    erased = Erased(KEY, {purpose: {found}})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as workbook:
        workbook.writestr("sharedStrings.xml", "<t>L&apos;abri</t><t>&#233;t&#xe9;</t>")
    assert may_hold(packed.getvalue(), erased)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-16"])
def test_a_value_is_found_in_a_file_of_any_encoding(erased: Erased, encoding: str) -> None:
    text = "Nom;Téléphone\nÉquipe;{}\n" if encoding == "cp1252" else "Nom;Tel\nEquipe;{}\n"
    assert may_hold(text.format("06 12 34 56 78").encode(encoding), erased)
    assert not may_hold(text.format("06 12 34 56 79").encode(encoding), erased)
