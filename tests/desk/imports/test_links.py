"""A deposit link: whoever has it sends a list without an account, and learns nothing of others."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, func, select

from app.lists import links
from app.models import AuditEntry, Deposit, DepositLink, LinkReceipt, Role, Source, SourceFile
from app.operations.forgetting import forget_ended
from app.platform.database.sessions import read, write
from tests.desk.bureau import ORIGIN, Browser
from tests.desk.imports.conftest import HERE, Lists, count
from tests.serving import unnumbered
from tests.short_lists import ASE, CRIP, SHELTER, csv, run

NAME = "Liste des accueils secrets"
LINK = re.compile(r'value="https://bureau\.example\.org(/depot/[\w-]{43})"')


@pytest.fixture(scope="module")
def source(lists: Lists) -> UUID:
    """A list of the 93 that came once."""
    run(lists.runtime, csv(CRIP, SHELTER), f"{NAME}.csv", territory="93")
    with read(lists.databases.staff) as session:
        return session.scalars(select(Source.id)).one()


@pytest.fixture(autouse=True)
def _no_link_yet(lists: Lists) -> None:
    lists.clock.at = datetime.now(UTC)
    with write(lists.databases.staff) as session:
        session.execute(delete(DepositLink))


@pytest.fixture
def link(lists: Lists, source: UUID) -> str:
    """A link of that list."""
    return made(lists.signed_in(), source)


def ask(browser: Browser, source: UUID) -> httpx.Response:
    """Send the form that makes a link, as a page that was just read has it."""
    return browser.post(f"/gestion/sources/{source}/liens", {"lien": str(uuid4())})


def made(browser: Browser, source: UUID) -> str:
    answer = ask(browser, source)
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[1]


def send(lists: Lists, link: str, *files: tuple[str, bytes], **given: str) -> httpx.Response:
    """Send files by a link, from a browser of nobody."""
    several = [("fichier", each) for each in files]
    return lists.browser().ask("POST", link, {"Origin": ORIGIN}, data=given, files=several)


def latest(lists: Lists, source: UUID) -> Deposit:
    statement = (
        select(Deposit)
        .join(SourceFile, SourceFile.id == Deposit.file_id)
        .where(SourceFile.source_id == source)
        .order_by(SourceFile.received_at.desc())
    )
    with read(lists.databases.staff) as session:
        return session.scalars(statement).first() or Deposit()


@pytest.mark.slow
def test_a_list_that_comes_by_a_link_is_read_as_the_next_one_of_its_source(
    lists: Lists, source: UUID, link: str
) -> None:
    browser = lists.browser()
    page = browser.get(link)
    assert page.status_code == 200
    assert "Seine-Saint-Denis" in page.text
    assert NAME not in page.text
    assert not browser.cookies
    answer = send(lists, link, ("mai.csv", csv(CRIP, SHELTER, ASE)))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?recus=oui")
    assert "mai.csv" in browser.get(answer.headers["location"]).text
    lists.work()
    found = latest(lists, source)
    assert (found.state, found.whole, found.who) == ("ready", True, "link:deposit")
    curateur = lists.signed_in()
    assert "Un lien de dépôt" in curateur.get(HERE).text
    assert "<strong>1</strong> nouveau" in curateur.get(f"{HERE}/{found.file_id}").text
    assert "1 fichier, le dernier" in curateur.get(f"/gestion/sources/{source}").text


def test_a_page_that_is_loaded_again_makes_no_second_link(lists: Lists, source: UUID) -> None:
    curateur, path = lists.signed_in(), f"/gestion/sources/{source}"
    asked = re.search(r'name="lien" value="([^"]+)"', curateur.get(path).text)
    assert asked
    given = {"lien": asked[1]}
    first, again = (curateur.post(f"{path}/liens", given) for _ in range(2))
    link = LINK.search(first.text)
    assert link
    assert lists.browser().get(link[1]).status_code == 200
    assert (again.status_code, count(lists, DepositLink)) == (303, 1)
    said = curateur.get(again.headers["location"]).text
    assert "ne se montre qu’une fois" in said
    assert link[1] not in said
    # The page that shows a link asks for another one by its own form.
    assert asked[1] not in first.text.split("Créer un lien")[0].rpartition("<form")[2]
    assert curateur.post(f"{path}/liens", {"lien": "x"}).status_code == 422


def test_a_list_finds_the_source_of_its_link_whatever_that_is_called_by_now(
    lists: Lists, source: UUID, link: str
) -> None:
    with write(lists.databases.staff) as session:
        here = session.get_one(Source, source)
        before = here.name
        here.name = lists.vault.seal("source", source, "name", b"Accueils")
    assert send(lists, link, ("juin.csv", csv(CRIP, SHELTER, ASE, "\r\n"))).status_code == 303
    with write(lists.databases.staff) as session:
        assert session.scalars(select(Source.id)).all() == [source]
        session.get_one(Source, source).name = before
        found = session.scalars(
            select(SourceFile.source_id).order_by(SourceFile.received_at.desc())
        ).first()
    assert found == source
    lists.work()


def test_nobody_is_told_whether_the_same_bytes_came_before(
    lists: Lists, source: UUID, link: str
) -> None:
    data = csv(CRIP, ASE)
    lists.send(lists.signed_in(), data, name="du bureau.csv", source=NAME)
    lists.work()
    before = count(lists, Deposit)
    first, again = (send(lists, link, ("a.csv", each)) for each in (data, data))
    assert first.headers["location"] == again.headers["location"]
    assert count(lists, Deposit) == before
    assert lists.browser().get(link).text.count("a.csv") == 2
    other = made(lists.signed_in(), source)
    assert "a.csv" not in lists.browser().get(other).text
    assert "du bureau" not in lists.browser().get(link).text


def test_several_files_at_once_are_parts_and_a_part_says_so(
    lists: Lists, source: UUID, link: str
) -> None:
    send(lists, link, ("un.csv", csv(CRIP)), ("deux.csv", csv(ASE)))
    assert latest(lists, source).whole is False
    send(lists, link, ("part.csv", csv(SHELTER)), portee="partielle")
    assert latest(lists, source).whole is False
    send(lists, link, ("tout.csv", csv(SHELTER, CRIP)))
    assert latest(lists, source).whole is True


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "aucun fichier"),
        ([(f"{each}.csv", csv(CRIP)) for each in range(6)], "plus de 5 fichiers"),
        ([("liste.pdf", b"%PDF-1.7")], "Enregistrez la liste en .xlsx"),
        ([("grand.csv", b"x" * 20_000_001)], "Fichier refusé"),
    ],
)
def test_what_cannot_be_received_is_said_and_nothing_is(
    lists: Lists, link: str, files: list[tuple[str, bytes]], says: str
) -> None:
    before = count(lists, SourceFile)
    answer = send(lists, link, *files)
    assert answer.status_code in (413, 422)
    assert says in answer.text
    assert (count(lists, SourceFile), "Rien encore" in answer.text) == (before, True)


def test_a_link_brings_only_so_much_in_a_day(
    lists: Lists, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FILES_A_DAY", 2)
    before = count(lists, SourceFile)
    three = [(f"{each}.csv", csv(CRIP, f"N{each};CRIP;1 rue A;93000;Bobigny;;")) for each in "abc"]
    assert send(lists, link, *three).status_code == 429
    assert count(lists, SourceFile) == before
    assert send(lists, link, *three[:2]).status_code == 303
    assert send(lists, link, three[2]).status_code == 429
    # Once the day is full, not even a form without a file is read.
    assert send(lists, link).status_code == 429
    lists.clock.pass_by(days=1, minutes=1)
    assert send(lists, link, three[2]).status_code == 303


def test_a_link_ends_by_itself_or_when_somebody_closes_it_and_says_no_more(
    lists: Lists, source: UUID, link: str
) -> None:
    curateur = lists.signed_in()
    page = curateur.get(f"/gestion/sources/{source}").text
    assert link not in page
    close = re.search(rf"/gestion/sources/{source}/liens/[0-9a-f-]+/fermer", page)
    assert close
    assert curateur.post(close[0]).status_code == 303
    late = made(curateur, source)
    lists.clock.pass_by(days=30, minutes=1)
    unknown = f"/depot/{'x' * 43}"
    said = {unnumbered(lists.browser().get(each).text) for each in (link, late, unknown)}
    assert len(said) == 1
    ended = said.pop()
    assert "Lien terminé" in ended
    # Who sends has no account: the desk is not theirs to go back to.
    assert "Revenir au bureau" not in ended
    before = count(lists, SourceFile)
    for each in (link, late, unknown):
        assert send(lists, each, ("a.csv", csv(CRIP))).status_code == 404
    assert count(lists, SourceFile) == before


def test_a_form_of_another_site_sends_nothing_by_a_link(lists: Lists, link: str) -> None:
    before = count(lists, SourceFile)
    for headers in ({"Origin": "https://ailleurs.example"}, {}):
        files = [("fichier", ("a.csv", csv(CRIP)))]
        answer = lists.browser().ask("POST", link, headers, files=files)
        assert answer.status_code == 403
    assert count(lists, SourceFile) == before


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_who_follows_a_source_makes_and_closes_its_links(
    lists: Lists, source: UUID, role: Role
) -> None:
    allowed = role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
    browser, before = lists.signed_in(role), count(lists, DepositLink)
    answer = ask(browser, source)
    assert answer.status_code == (200 if allowed else 403)
    assert count(lists, DepositLink) == before + allowed
    assert ask(browser, uuid4()).status_code in (403, 404)
    made(lists.signed_in(), source)
    with read(lists.databases.staff) as session:
        last = session.scalars(select(DepositLink).order_by(DepositLink.made_at.desc())).first()
        assert last
    where = f"/gestion/sources/{source}/liens/{last.id}/fermer"
    assert browser.post(where).status_code == (303 if allowed else 403)


def test_a_referent_neither_makes_nor_closes_links_of_others(lists: Lists) -> None:
    lille = "Service de Lille;CRIP;3 rue Autre;59000;Lille;01 99 00 00 20;"
    run(lists.runtime, csv(lille), "Nord.csv", territory="59")
    with read(lists.databases.staff) as session:
        north = session.scalars(select(Source.id).where(Source.territory_code == "59")).one()
    made(lists.signed_in(), north)
    with read(lists.databases.staff) as session:
        link = session.scalars(select(DepositLink).where(DepositLink.source_id == north)).one()
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert ask(referent, north).status_code == 404
    assert referent.post(f"/gestion/sources/{north}/liens/{link.id}/fermer").status_code == 404
    with read(lists.databases.staff) as session:
        assert session.get_one(DepositLink, link.id).ends_at > lists.clock.at


def test_a_source_has_few_open_links(lists: Lists, source: UUID, link: str) -> None:
    curateur = lists.signed_in()
    for _ in range(links.MOST_OPEN - 1):
        made(curateur, source)
    answer = ask(curateur, source)
    assert answer.status_code == 409
    assert "Trop de liens ouverts" in answer.text
    assert link


def test_what_came_is_in_the_journal_and_ended_links_are_forgotten(
    lists: Lists, source: UUID, link: str
) -> None:
    send(lists, link, ("journal.csv", csv(CRIP, "Neuf;CRIP;1 rue A;93000;Bobigny;;")))
    with read(lists.databases.staff) as session:
        said = session.execute(
            select(AuditEntry.action, AuditEntry.who).order_by(AuditEntry.number.desc()).limit(2)
        ).all()
        receipts = session.scalars(select(func.count()).select_from(LinkReceipt)).one()
    assert [each.action for each in said] == ["list_deposited", "deposit_link_made"]
    assert said[0].who == "link:deposit"
    assert receipts
    lists.clock.pass_by(days=31)
    forget_ended(lists.databases.staff, lists.clock.at)
    assert (count(lists, DepositLink), count(lists, LinkReceipt)) == (0, 0)
