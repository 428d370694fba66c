"""The page of a resource, of each form, of a former edition, and of one that was withdrawn."""

import json
import re
from html import unescape

import httpx
import pytest

from app.platform.database.engines import Databases
from app.resources.stored import columns_of
from tests.makers import add_resource
from tests.public.resources.conftest import SITE
from tests.resource_contents import sheet
from tests.resource_world import WITHDRAWN
from tests.serving import unnumbered

TAG = re.compile(r"</?time[^>]*>")


def page(client: httpx.Client, public_id: str) -> str:
    """Return the page of a resource, by its short address."""
    return client.get(f"/ressources/{public_id}", follow_redirects=True).text


def words(html: str) -> str:
    """Return a page with its days as text."""
    return unescape(TAG.sub("", html)).replace("\xa0", " ")


def test_the_short_address_and_an_old_slug_lead_to_the_plain_one(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    plain = f"/ressources/{ids['sheet']}/fiche"
    for path in (f"/ressources/{ids['sheet']}", f"/ressources/{ids['sheet']}/ancien"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (308, plain)
    assert client.get(plain).status_code == 200


def test_a_sheet_says_what_to_do_step_by_step(client: httpx.Client, ids: dict[str, str]) -> None:
    html = page(client, ids["sheet"])
    for said in (
        "Exemple, non validé",
        "Tout de suite",
        "À ne jamais faire",
        "<strong>Accueillir</strong> sans reproche.",
        "Dans l’heure",
        'href="tel:119"',
        "<h3>Ensuite</h3>",
        "Qui appeler ici",
    ):
        assert said in unescape(html)
    assert html.index("Accueillir") < html.index("Prévenir la cellule")


def test_a_number_that_the_service_has_lost_is_no_button(
    client: httpx.Client, world: tuple[Databases, dict[str, str]]
) -> None:
    columns = columns_of(sheet(title="Numéro perdu"))
    columns["content"]["numbers"] = ["119", "9999"]
    with world[0].staff.begin() as connection:
        public_id = add_resource(connection, **columns)
    html = page(client, public_id)
    assert 'class="calls__number">119<' in html
    assert ">9999<" not in html


def test_a_source_leads_to_a_resource_that_visitors_may_read_and_tells_of_no_other(
    client: httpx.Client, ids: dict[str, str], citing: str
) -> None:
    html = unescape(page(client, citing))
    assert f'<a href="/ressources/{ids["document"]}/rapport">Source lue</a>' in html
    assert "<li>Source réservée</li>" in html
    assert '<a href="https://exemple.fr/ailleurs" rel="noopener noreferrer">' in html
    assert ids["professional"] not in html


def test_a_validated_sheet_says_by_whom_and_when(client: httpx.Client, ids: dict[str, str]) -> None:
    html = unescape(page(client, ids["validated"]))
    assert "Validée par Conseil, le 02/01/2026" in html
    assert "non validé" not in html
    assert "À revoir le 24 décembre 2026" in words(html)


def test_a_practice_says_how_far_it_was_evaluated(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    assert "Preuve : prometteuse (Observatoire d’exemple, 02/05/2024)" in unescape(
        page(client, ids["practice"])
    )
    assert "n’a pas été évaluée" in unescape(page(client, ids["unproven"]))


def test_a_practice_names_the_actors_that_visitors_may_see(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    html = unescape(page(client, ids["practice"]))
    assert '<a href="/acteurs/0123456789abcdef/asso">Association d’exemple</a>' in html


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("document", "Lire chez l’éditeur"),
        ("without", "L’adresse de ce document n’est pas connue"),
        ("dead", "Cette adresse ne répond plus depuis le 1er octobre 2026"),
        ("training", "École d’exemple"),
        ("study", "30/06/2027"),
        ("document", "Retour de fugue"),
    ],
)
def test_a_page_says_what_one_needs_to_know(
    client: httpx.Client, ids: dict[str, str], word: str, said: str
) -> None:
    assert said in words(page(client, ids[word]))


def test_a_program_that_cites_takes_it_from_its_page(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    html = page(client, ids["document"])
    assert '<meta name="citation_title" content="Repérer une exploitation sexuelle">' in html
    assert '<meta name="DC.identifier" content="doi:10.1234/exemple.5">' in html
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert data is not None
    assert json.loads(data[1])["@id"] == f"{SITE}/ressources/{ids['document']}/rapport"
    assert "(consulté le 10/06/2026)" in html
    record = client.get(f"/ressources/{ids['document']}/citation.ris")
    assert record.text.startswith("TY  - RPRT\r\n")
    assert record.headers["content-type"].startswith("application/x-research-info-systems")


def test_a_former_edition_says_that_it_is_one(client: httpx.Client, ids: dict[str, str]) -> None:
    html = unescape(client.get(f"/ressources/{ids['document']}/versions/1").text)
    assert "Repérer, premier titre" in html
    assert "Version du 1er mars 2025, remplacée le 2 janvier 2026" in words(html)
    assert '<meta name="robots" content="noindex">' in html
    assert f'rel="canonical" href="{SITE}/ressources/{ids["document"]}/rapport"' in html
    assert "citation_title" not in html
    present = client.get(f"/ressources/{ids['document']}/versions/2")
    assert present.status_code == 302
    assert client.get(f"/ressources/{ids['document']}/versions/3").status_code == 404


def test_what_was_withdrawn_leaves_its_title_and_the_day(client: httpx.Client) -> None:
    for path in (f"/ressources/{WITHDRAWN}", f"/ressources/{WITHDRAWN}/guide"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Guide retiré" in answer.text
        assert "4 mai 2026" in words(answer.text)
        assert "noindex" in answer.text
    assert client.get(f"/ressources/{WITHDRAWN}/citation.ris").status_code == 404


def test_what_is_for_professionals_is_answered_as_what_never_was(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    for end in ("", "/document", "/versions/1", "/citation.ris"):
        hidden = client.get(f"/ressources/{ids['professional']}{end}")
        never = client.get(f"/ressources/{'0' * 16}{end}")
        assert hidden.status_code == never.status_code == 404
        text = unnumbered(hidden.text).replace(ids["professional"], "0" * 16)
        assert text == unnumbered(never.text)


@pytest.mark.parametrize("end", ["versions/0", "versions/99999999999999999999", "versions/un"])
def test_a_number_that_is_none_is_refused(
    client: httpx.Client, ids: dict[str, str], end: str
) -> None:
    assert client.get(f"/ressources/{ids['document']}/{end}").status_code in (404, 422)
