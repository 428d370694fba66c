"""The lists that were deposited, page by page: none of them falls off."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.lists.sources import find_or_make_source
from app.models import Deposit, Role, SourceFile
from app.platform.database.sessions import write
from app.vault.digests import index_key
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import HERE, Lists
from tests.short_lists import ASE, CRIP

MANY = 60
ROW = re.compile(rf'<a href="({HERE}/[0-9a-f-]{{36}})">')


def waiting(lists: Lists, source: str, year: int) -> list[str]:
    """Addresses of many lists that are to be applied, the oldest first."""
    files = [uuid4() for _ in range(MANY)]
    with write(lists.databases.staff) as session:
        key = index_key(session, lists.vault)
        of = find_or_make_source(session, lists.vault, key, source, "93")
        for number, each in enumerate(files):
            came = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number)
            name = lists.vault.seal("source_file", each, "name", b"liste.csv")
            given = {"sha256": bytes(32), "size": 1, "status": "received", "name": name}
            file = SourceFile(id=each, source_id=of, who=str(uuid4()), received_at=came, **given)
            session.add(file)
            session.flush()
            session.add(Deposit(file_id=each, state="ready", who="", whole=True))
    return [f"{HERE}/{each}" for each in files]


def pages(browser: Browser, where: str = HERE) -> list[list[str]]:
    """The addresses of lists on each page, as its links lead from one to the next."""
    found = []
    while where:
        text = browser.get(where).text
        found.append(ROW.findall(text.split('id="deposees"')[1]))
        follows = re.search(r'rel="next" href="([^"]+)"', text)
        where = follows[1].replace("&amp;", "&") if follows else ""
    return found


@pytest.mark.slow
def test_every_list_is_on_some_page_and_whoever_waits_longest_stands_first(lists: Lists) -> None:
    browser = lists.signed_in()
    applied = lists.applied(browser, CRIP, source="Appliquée il y a longtemps")
    old = waiting(lists, "De chaque mois", 2020)
    found = pages(browser)
    assert found[0][:50] == old[:50]
    shown = [each for page in found for each in page]
    assert shown[:MANY] == old
    assert applied in shown[MANY:]
    assert f">{len(set(shown))}</span></h2>" in browser.get(HERE).text


def test_lists_of_one_territory_are_shown_alone_and_those_just_sent_are_among_them(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    waiting(lists, "D’un autre", 2024)
    (theirs,) = pages(browser, f"{HERE}?ou=59")
    assert theirs == []
    assert "Aucune liste de ce territoire" in browser.get(f"{HERE}?ou=59").text
    one = lists.sent(browser, ASE, source="Du Nord", territoire="59")
    assert pages(browser, f"{HERE}?ou=59") == [[one]]
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert pages(referent, f"{HERE}?ou=59") == [[]]


def test_a_list_that_is_worked_on_stands_before_those_that_wait(lists: Lists) -> None:
    browser = lists.signed_in()
    waiting(lists, "Qui attendent", 2025)
    sent = lists.send(browser, (ASE,), source="Vient d’être envoyée").headers["location"]
    assert pages(browser)[0][0] == sent
    lists.work()


def test_a_file_of_a_source_leads_to_the_page_on_which_it_is_undone(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.applied(browser, CRIP, source="À reprendre")
    source = source_of(lists, page)
    text = browser.get(f"/gestion/sources/{source}").text
    assert f'<a href="{page}">appliqué' in text
    file = browser.get(f"/gestion/sources/{source}/{page.rpartition('/')[2]}").text
    assert f'<a href="{page}">' in file


def source_of(lists: Lists, page: str) -> UUID:
    with write(lists.databases.staff) as session:
        return session.get_one(SourceFile, UUID(page.rpartition("/")[2])).source_id
