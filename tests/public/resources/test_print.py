"""A resource on paper: tagged, in French, with the code that leads to the edition in force."""

import io
import subprocess
from typing import Any

import httpx
import pypdf
import pytest

from app.platform.database.engines import Databases
from app.resources.stored import columns_of
from tests.makers import add_resource
from tests.public.resources.conftest import SITE
from tests.resource_contents import sheet
from tests.resource_world import WITHDRAWN

pytestmark = pytest.mark.slow


def printed(client: httpx.Client, public_id: str) -> httpx.Response:
    return client.get(f"/ressources/{public_id}/fiche.pdf")


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text[:500]
    command = ("pdftotext", "-raw", "-", "-")
    said = subprocess.run(command, input=answer.content, capture_output=True, check=True).stdout
    return " ".join(said.decode().split())


def test_a_sheet_says_its_steps_its_lines_and_that_nobody_validated_it(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    said = text_of(printed(client, ids["sheet"]))
    parts = (
        *("Retour de fugue", "Exemple, non validé", "119", "Tout de suite", "Mettre à l’abri"),
        *(
            "À ne jamais faire",
            "Que faire Qui ouvre",
            "Accueillir sans reproche.",
            "Prévenir la cellule",
        ),
    )
    places = [said.index(each) for each in parts]
    assert places == sorted(places)
    assert "**" not in said


def test_a_number_that_the_service_has_lost_is_left_out(
    client: httpx.Client, world: tuple[Databases, dict[str, str]]
) -> None:
    columns = columns_of(sheet(title="Numéro perdu"))
    columns["content"]["numbers"] = ["119", "9999"]
    with world[0].staff.begin() as connection:
        public_id = add_resource(connection, **columns)
    said = text_of(printed(client, public_id))
    assert "119" in said.split()
    assert "9999" not in said.split()


def test_a_source_has_an_address_on_paper(
    client: httpx.Client, ids: dict[str, str], citing: str
) -> None:
    said = "".join(text_of(printed(client, citing)).split())
    assert f"Sourcelue,{SITE}/ressources/{ids['document']}" in said
    assert "Sourceailleurs,https://exemple.fr/ailleurs" in said
    assert ids["professional"] not in said


def test_it_is_tagged_french_and_its_code_leads_to_the_resource(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    answer = printed(client, ids["sheet"])
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert f"Code QR : {SITE}/ressources/{ids['sheet']}" in str(list(_alternatives(root)))


def _alternatives(element: Any) -> Any:
    """Yield the words for images of a structure that readers of the screen go by."""
    waiting = [element["/StructTreeRoot"]["/K"]]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict) and "/S" in each:
            if "/Alt" in each:
                yield each["/Alt"]
            waiting.append(each.get("/K", []))


@pytest.mark.parametrize("name", ["validated", "document", "practice", "training", "study"])
def test_every_form_has_one(client: httpx.Client, ids: dict[str, str], name: str) -> None:
    said = text_of(printed(client, ids[name]))
    assert "Imprimé le" in said
    assert "Danger immédiat : 17" in said


def test_neither_its_name_nor_its_title_says_what_it_is_about(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    answer = printed(client, ids["sheet"])
    assert "fugue" not in answer.headers["content-disposition"]
    assert "noindex" in answer.headers["x-robots-tag"]
    assert pypdf.PdfReader(io.BytesIO(answer.content)).metadata.title == "Ressource"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["professional", "withdrawn", "nobody"])
def test_what_visitors_cannot_read_has_none(
    client: httpx.Client, ids: dict[str, str], name: str
) -> None:
    asked = ids | {"withdrawn": WITHDRAWN, "nobody": "0" * 16}
    assert printed(client, asked[name]).status_code == 404


def test_the_page_leads_to_it(client: httpx.Client, ids: dict[str, str]) -> None:
    page = client.get(f"/ressources/{ids['sheet']}", follow_redirects=True).text
    assert f'href="/ressources/{ids["sheet"]}/fiche.pdf"' in page


def test_a_selection_is_printed_as_its_page_shows_it(client: httpx.Client) -> None:
    said = text_of(client.get("/ressources/fiche.pdf?genre=pratique"))
    assert "Pratique" in said
    assert "2 ressources" in said
    places = [said.index(each) for each in ("Maraude numérique", "Café des parents")]
    page = client.get("/ressources?genre=pratique").text
    shown = [page.index(each) for each in ("Maraude numérique", "Café des parents")]
    assert (places == sorted(places)) == (shown == sorted(shown))
    assert "Prometteuse" in said
    assert "Non évaluée" in said


def test_a_selection_with_words_is_printed_without_what_is_for_professionals(
    client: httpx.Client,
) -> None:
    assert "Rapport" in text_of(client.get("/ressources/fiche.pdf?q=rapport"))
    assert "professionnels" not in text_of(client.get("/ressources/fiche.pdf?genre=document"))


def test_where_nothing_is_found_it_leads_to_the_page(client: httpx.Client) -> None:
    answer = client.get("/ressources/fiche.pdf?q=zzzz")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ressources?q=zzzz")
    assert client.get("/ressources/fiche.pdf?genre=livre").status_code == 422


def test_the_list_leads_to_its_print(client: httpx.Client) -> None:
    page = client.get("/ressources?genre=pratique").text
    assert 'href="/ressources/fiche.pdf?genre=pratique"' in page
