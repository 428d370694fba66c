"""Whoever sends guesses of a value that was erased reads of none whether it is right."""

import io
import re
from collections.abc import Iterable, Iterator
from html import escape

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.lists import columns
from app.models import Role, SourceFile
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read, write
from app.vault.digests import index_key
from geo.text import fold
from tests.desk.bureau import Browser
from tests.desk.imports.choosing import choose, menus_of, opened_page
from tests.desk.imports.choosing import sent as chosen_list
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.disputing import numbered
from tests.desk.imports.owning import part
from tests.desk.imports.test_erased_elsewhere import with_owner
from tests.desk.imports.test_guessing_elsewhere import FILLED, WAYS, of_source
from tests.desk.imports.test_links import made, send
from tests.desk.imports.test_review_secrecy import main_of
from tests.operations.erasing import erase, everything, value_marks
from tests.serving import unnumbered
from tests.short_lists import CRIP, HEADER, csv, run

pytestmark = pytest.mark.slow
# Of each two one is erased: a phone, a mailbox, a name.
GUESSES = {
    "phone": ("06 12 34 56 11", "06 12 34 56 12"),
    "mail": ("c.perdue@example.org", "c.trouve@example.org"),
    "name": ("Claire Perdue", "Claire Trouve"),
}
# Unlike each other: none of a list may be one of another list.
_WORDS = "Gage Tertre Brume Vallon Orpin Lichen Merle Chaume Quartz Fjord Zephyr Dune"
_MORE = " Pinson Grès Hublot Ruche Sillon Kiosque"
WORDS = iter((_WORDS + _MORE).split())
# What leads to one, and how many others wait at the desk.
_OWN = re.compile(
    r'/gestion/(?:acteurs|sources)/[\w-]+|aria-labelledby="ensuite">.+?</section>', re.DOTALL
)


def erase_value(lists: Lists, cluster: Cluster, value: str) -> None:
    with write(lists.databases.staff) as session:
        # A database in which nothing was digested yet has none.
        index_key(session, lists.vault)
    runtime = with_owner(lists, cluster)
    erase(runtime, value_marks(runtime, value))


def read_anew(lists: Lists, page: str) -> bool:
    """Let a list be read again, as whoever chooses its columns does."""
    found = lists.stored(page)
    with write(lists.databases.staff) as session:
        return columns.read_anew(session, found.file_id, found.at)


def test_of_a_refused_list_the_columns_read_the_same_whether_it_holds_an_erased_value(
    lists: Lists, cluster: Cluster
) -> None:
    erase_value(lists, cluster, "06 12 34 56 01")
    browser, said = lists.signed_in(Role.REFERENT_DEPARTEMENT), []
    for phone in ("06 12 34 56 01", "06 12 34 56 02"):
        data = f"{HEADER}\r\n;ASE;1 rue Refus;93000;Bobigny;{phone};".encode("cp1252")
        answer = lists.send(browser, data, source=f"R {phone}", portee="partielle")
        lists.work()
        page = answer.headers["location"].partition("?")[0]
        assert lists.state(page) == "refused"
        shown = [browser.get(page), browser.get(f"{page}/colonnes")]
        assert read_anew(lists, page)
        lists.work()
        assert lists.state(page) == "refused"
        shown += [browser.get(page), browser.get(f"{page}/colonnes")]
        said.append([main_of(each).replace(phone, "…") for each in shown])
    assert said[0] == said[1]


def test_a_curateur_reads_each_line_of_a_list_once_in_its_counts(
    lists: Lists, cluster: Cluster
) -> None:
    erase_value(lists, cluster, "06 12 34 56 03")
    lines = [
        f";Service compté {n};ASE;{n + 1} rue Compte;93000;Bobigny;06 12 34 56 0{n};;"
        for n in (3, 4)
    ]
    answer = lists.send(lists.signed_in(), numbered(*lines), source="Compte", portee="partielle")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    for browser in (lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)):
        assert "2 lignes lues" in browser.get(page).text


def guessing(guess: str, own: str) -> bytes:
    """A list that says a guess wherever a cell or a title may: the last line is of nobody."""
    phone, mail = (guess if sign in guess else "" for sign in ("06", "@"))
    head = f"{HEADER};Présentation;Rappel {guess}"
    place = f"1 rue {own};93000;Bobigny;{phone};{mail}"
    lines = (
        f"{own};ASE;{place};Voir {guess}, le soir;{guess}",
        f"Halte du {own};{guess};2 rue {own};93000;Bobigny;;;;x",
        f";ASE;3 rue {own};93000;Bobigny;;;{guess};{guess}",
    )
    return "\r\n".join((head, *lines)).encode("cp1252")


def answers(browser: Browser, page: str) -> Iterator[str]:
    """All that is said of a list that waits."""
    for way in (*FILLED, *WAYS, "/relire?resultat=rejected", "/colonnes"):
        yield main_of(browser.get(f"{page}{way}"))
    opened = browser.post(
        f"{page}/colonnes/cellules", {"vu": seen_in(browser.get(f"{page}/colonnes").text)}
    )
    assert opened.status_code == 200
    yield main_of(opened)
    for line in re.findall(r'id="l-([0-9a-f-]{36})"', browser.get(f"{page}/relire").text):
        yield main_of(browser.post(f"{page}/relire/{line}"))
    book = load_workbook(io.BytesIO(browser.post(f"{page}/inutilisables").content))
    yield "\n".join(f"{cell.value}" for sheet in book for row in sheet for cell in row)


def without(texts: Iterable[str], *said: str) -> list[str]:
    """What answers say but for what they were asked, in an order of their own."""
    found = []
    for text in texts:
        for each in said:
            for written in (each, escape(each), fold(each)):
                text = text.replace(written, "…")
        found.append(_OWN.sub("…", unnumbered(text)))
    return found


@pytest.mark.parametrize("about", GUESSES)
@pytest.mark.parametrize("role", [Role.REFERENT_DEPARTEMENT, Role.CURATEUR])
def test_a_list_reads_the_same_whether_it_holds_an_erased_value_or_another(
    lists: Lists, cluster: Cluster, role: Role, about: str
) -> None:
    erase_value(lists, cluster, GUESSES[about][0])
    browser, said = lists.signed_in(role), []
    for guess in GUESSES[about]:
        own = next(WORDS)
        answer = lists.send(browser, guessing(guess, own), source=own, portee="partielle")
        lists.work()
        page = answer.headers["location"].partition("?")[0]
        assert lists.state(page) == "ready"
        waits = list(answers(browser, page))
        assert guess in "".join(waits)
        if rest := part(lists, browser, page):
            waits += [main_of(browser.get(f"{rest}{way}")) for way in WAYS]
            part(lists, lists.signed_in(), rest)
        # Whether its bytes are stored still is a curateur's to know.
        ways = WAYS if role is Role.CURATEUR else (*WAYS, "/colonnes")
        once_applied = [main_of(browser.get(f"{page}{way}")) for way in ways]
        once_applied += of_source(lists, browser, page)
        assert guess not in "".join(once_applied)
        said.append(without([*waits, *once_applied], guess, own))
    for erased, other in zip(*said, strict=True):
        assert erased == other
    assert GUESSES[about][0] not in everything(with_owner(lists, cluster))


@pytest.mark.parametrize("about", GUESSES)
def test_what_is_chosen_of_a_list_that_waits_reads_the_same_whatever_was_erased(
    lists: Lists, cluster: Cluster, about: str
) -> None:
    erase_value(lists, cluster, GUESSES[about][0])
    browser, said = lists.signed_in(Role.REFERENT_DEPARTEMENT), []
    for guess in GUESSES[about]:
        own = next(WORDS)
        word = guess if about == "name" else "Mot inconnu"
        data = f"Nom;Catégorie;Commune;Rappel {guess}\r\n{own};{word};Bobigny;le soir\r\n".encode()
        page = chosen_list(lists, browser, data, own)
        words = {f"category:{fold(word)}": "association"}
        title = fold(f"Rappel {guess}") if about != "mail" else "colonne d"
        choose(browser, page, {title: "description"}, words=words)
        lists.work()
        shown = [browser.get(page), browser.get(f"{page}/colonnes"), opened_page(browser, page)]
        assert menus_of(shown[-1].text)[title] == "description"
        part(lists, browser, page)
        (source, *lines) = of_source(lists, browser, page)
        # The next list says that its column is gone, and asks for no other one.
        bare = f"Nom;Catégorie;Commune\r\n{own};Association;Bobigny\r\n".encode()
        later = browser.get(chosen_list(lists, browser, bare, own))
        assert "celle qui était lue comme description" in later.text
        texts = [main_of(each) for each in (*shown, later)]
        said.append(without([*texts, source, *lines], guess, own))
        lists.apply(browser, later.url.path, verifie="true", effacer="true")
        lists.work()
    for erased, other in zip(*said, strict=True):
        assert erased == other
    assert GUESSES[about][0] not in everything(with_owner(lists, cluster))


def test_who_sends_by_a_link_reads_the_same_whatever_was_erased(
    lists: Lists, cluster: Cluster
) -> None:
    erase_value(lists, cluster, GUESSES["name"][0])
    run(lists.runtime, csv(CRIP), "Par lien.csv", territory="93")
    with read(lists.databases.staff) as session:
        newest = select(SourceFile.source_id).order_by(SourceFile.received_at.desc()).limit(1)
        source = session.scalars(newest).one()
    said = []
    for guess in GUESSES["name"]:
        link = made(lists.signed_in(), source)
        sent = send(lists, link, ("liste.csv", guessing(guess, "Lien")))
        lists.work()
        shown = [main_of(lists.browser().get(link)), sent.headers["location"]]
        said.append(without(shown, guess, link))
    assert said[0] == said[1]
