"""Files that are no list, or too much of one: each is refused in a French sentence, and no more."""

import io
import zipfile

import pytest

from tests.desk.imports.conftest import Lists
from tests.short_lists import CRIP, HEADER
from tests.workbooks import ods, xls, xlsx


def bomb() -> bytes:
    out = io.BytesIO(xlsx(HEADER.split(";"), CRIP.split(";")))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(45):
            part.write(b"0" * 10_000_000)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("vide.csv", b"", "est vide"),
        ("vide.xlsx", b"", "est vide"),
        ("programme.xlsx", b"MZ\x90\x00" + b"\x00" * 5_000, "n’est pas ce que dit son nom"),
        ("programme.csv", b"MZ\x90\x00" + bytes(range(256)) * 20, "n’est pas ce que dit son nom"),
        ("une-colonne.csv", b"Adresse\n1 rue A\n2 rue B\n", "Aucune ligne de titres"),
        ("noms.csv", b"Nom\nFoyer A\nFoyer B\n", "Aucune ligne"),
        (
            "sans-categorie.csv",
            b"Nom;Code postal;Commune\nLieu A;93000;Bobigny\n",
            "Ajoutez une colonne « Catégorie » (ASE, CRIP, Association…).",
        ),
        ("texte.docx", b"PK\x03\x04 rien", "n’est pas d’un format lu ici"),
    ],
)
def test_what_is_no_list_is_refused_in_words(
    lists: Lists, name: str, data: bytes, said: str
) -> None:
    browser = lists.signed_in()
    page = lists.send(browser, data, name=name, source=name).headers["location"]
    lists.work()
    assert lists.state(page) == "refused"
    text = browser.get(page).text
    assert said in text
    assert "Foyer A" not in text


@pytest.mark.slow
def test_a_zip_bomb_and_a_million_lines_are_refused(lists: Lists) -> None:
    browser = lists.signed_in()
    million = (HEADER + "\n").encode() + b"a;b;c;93000;d;;\n" * 1_000_000
    for name, data, said in (
        ("bombe.xlsx", bomb(), "dépasse la limite une fois ouvert"),
        ("million.csv", million, "a plus de 100 000 lignes"),
    ):
        page = lists.send(browser, data, name=name, source=name).headers["location"]
        lists.work()
        assert lists.state(page) == "refused"
        assert said in browser.get(page).text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1"])
def test_a_list_is_read_whatever_its_encoding(lists: Lists, encoding: str) -> None:
    browser = lists.signed_in()
    line = f"Écoute d’été {encoding};Association;1 rue Été;93000;Bobigny;;"
    if encoding == "latin-1":
        line = line.replace("’", "'")
    data = f"{HEADER}\r\n{line}\r\n".encode(encoding)
    page = lists.send(browser, data, source=f"En {encoding}").headers["location"]
    lists.work()
    assert lists.state(page) == "ready"
    assert (lists.stored(page).counts or {})["created"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["liste.xlsx", "liste.ods", "liste.xls"])
def test_a_workbook_is_read(lists: Lists, name: str) -> None:
    browser = lists.signed_in()
    rows = [HEADER.split(";"), CRIP.split(";")]
    make = {"xlsx": xlsx, "ods": ods, "xls": xls}[name.rpartition(".")[2]]
    page = lists.send(browser, make(*rows), name=name, source=name).headers["location"]
    lists.work()
    assert lists.state(page) == "ready"
