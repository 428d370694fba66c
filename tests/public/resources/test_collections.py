"""Collections: what the desk put in an order, of what visitors may read."""

import re
from html import unescape

import httpx
import pytest

TITLE = re.compile(r'<h2 class="resource-card__title"><a [^>]*>([^<]+)</a>')


def test_a_collection_has_its_order_and_says_why(client: httpx.Client) -> None:
    html = client.get("/ressources/collections/retour-de-fugue").text
    assert TITLE.findall(html) == ["Recueillir la parole", "Retour de fugue"]
    assert "À lire d’abord." in unescape(html)
    assert "Réservé" not in html


def test_collections_are_offered_with_what_may_be_read(client: httpx.Client) -> None:
    for path in ("/ressources/collections", "/ressources"):
        html = client.get(path).text
        assert 'href="/ressources/collections/retour-de-fugue"' in html
        assert "En travaux" not in html
    assert "2 ressources" in client.get("/ressources/collections").text.replace("\xa0", " ")
    assert "/collections/" not in client.get("/ressources?q=fugue").text


@pytest.mark.parametrize("slug", ["en-travaux", "nulle-part", "retour-de-fugue%00"])
def test_what_is_no_published_collection_is_unknown(client: httpx.Client, slug: str) -> None:
    assert client.get(f"/ressources/collections/{slug}").status_code == 404
