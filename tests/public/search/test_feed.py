"""Who is new of a search, as a feed: whom visitors read, and nobody who is protected or gone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import httpx
import pytest

from app.alerting import news
from app.main import create_app
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from tests.makers import add_actor, decide
from tests.serving import serving, settings_in
from tests.short_lists import APART, SHELTER, csv, ids, run

SITE = "https://carte.exemple"
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Followed:
    """A service, its clock, and what a program reads of a search."""

    client: httpx.Client
    runtime: Runtime
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def feed(self, asked: str = "") -> ElementTree.Element:
        answer = self.client.get(f"/acteurs.atom{asked}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/atom+xml")
        return ElementTree.fromstring(answer.content)  # noqa: S314 - our own

    def names(self, asked: str = "") -> list[str | None]:
        entries = self.feed(asked).iter(f"{ATOM}entry")
        return [each.findtext(f"{ATOM}title") for each in entries]

    def passes(self) -> None:
        """Let the worker look, and the minute go by for which pages are cached."""
        self.at += timedelta(minutes=2)
        with write(self.runtime.staff) as session:
            news.note(session, self.at)
        self.at += timedelta(minutes=2)

    def appears(self, name: str, **columns: object) -> None:
        with self.runtime.staff.begin() as connection:
            add_actor(connection, name=name, **columns)
        self.passes()


@pytest.fixture(scope="module")
def followed(module_runtime: Runtime) -> Iterator[Followed]:
    run(module_runtime, csv(SHELTER, APART))
    settings = settings_in(module_runtime.settings.data_dir)
    settings = settings.model_copy(update={"public_url": SITE, "rate_limit": 0})
    app = create_app(settings, module_runtime.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        found = Followed(client, module_runtime)
        app.state.site = replace(app.state.site, now=lambda: found.at)
        found.passes()
        yield found


def test_who_appears_comes_first_with_its_page_and_what_it_is(followed: Followed) -> None:
    followed.appears("Première antenne", slug="premiere")
    followed.appears("Seconde antenne", slug="seconde")
    assert followed.names("?q=antenne") == ["Seconde antenne", "Première antenne"]
    root = followed.feed("?territoire=93&q=antenne")
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").startswith(f"{SITE}/acteurs/")
    assert (entry.findtext(f"{ATOM}id") or "").startswith("tag:carte.exemple,2026:acteurs/")
    assert entry.findtext(f"{ATOM}summary") == "Association, Seine-Saint-Denis."
    links = {each.get("rel"): each.get("href") for each in root.findall(f"{ATOM}link")}
    assert links["self"] == f"{SITE}/acteurs.atom?territoire=93&q=antenne"
    assert links["alternate"] == f"{SITE}/departements/93?q=antenne"
    assert "antenne" not in (root.findtext(f"{ATOM}title") or "")


def test_nobody_protected_is_news_nor_who_disappears_or_comes_back(followed: Followed) -> None:
    run(followed.runtime, csv("Antenne du jour;Association;7 rue Tierce;93300;Aubervilliers;;"))
    followed.passes()
    assert "Antenne du jour" in followed.names()
    known = followed.names()
    actor = ids(followed.runtime)["Antenne du jour"]
    decide(followed.runtime, acts.protect, actor, who="essai", why="Foyer d’exemple.")
    followed.passes()
    found = followed.names()
    assert found == [each for each in known if each != "Antenne du jour"]
    assert not [each for each in found if each and "Lieu d" in each]
    text = followed.client.get("/acteurs.atom").text
    assert actor not in text
    assert "Cachée" not in text
    archive = "UPDATE actor SET status = '{}' WHERE name = 'Première antenne'"
    followed.appears("Première antenne", slug="premiere-bis")
    for status, there in (("archived", False), ("published", True)):
        with followed.runtime.staff.begin() as connection:
            connection.exec_driver_sql(archive.format(status))
        followed.passes()
        assert ("Première antenne" in followed.names()) == there


def test_a_feed_is_of_the_search_of_its_page_whatever_the_hour_or_the_order(
    followed: Followed,
) -> None:
    followed.appears("Permanence ouverte", slug="ouverte")
    plain = followed.names("?territoire=93")
    assert "Permanence ouverte" in plain
    for more in ("&horaires=maintenant", "&tri=nom", "&page=2", "&suivi=75", "&vue=carte"):
        assert followed.names(f"?territoire=93{more}") == plain, more
    assert followed.names("?territoire=974") == []
    assert followed.client.get("/acteurs.atom?territoire=02A").status_code in (303, 404)
    assert followed.client.get("/acteurs.atom?territoire=999").status_code == 404
    assert followed.client.get("/acteurs.atom?categorie=inconnue").status_code == 422


@pytest.mark.slow
def test_pages_of_a_search_lead_to_its_feed(followed: Followed) -> None:
    page = unescape(followed.client.get("/departements/93?q=antenne&vue=carte").text)
    assert page.count('href="/acteurs.atom?territoire=93&q=antenne"') == 2
    assert '<link rel="alternate" type="application/atom+xml" href="/acteurs.atom?' in page


def test_who_asks_for_it_again_within_a_minute_is_given_the_same(followed: Followed) -> None:
    first = followed.client.get("/acteurs.atom?territoire=93")
    again = {"If-None-Match": first.headers["etag"]}
    assert followed.client.get("/acteurs.atom?territoire=93", headers=again).status_code == 304
