"""Whoever sends guesses of a value that was erased reads of none whether it is right."""

import pytest

from app.lists import columns
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.vault.digests import index_key
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import numbered
from tests.desk.imports.test_erased_elsewhere import with_owner
from tests.desk.imports.test_review_secrecy import main_of
from tests.operations.erasing import erase, value_marks
from tests.short_lists import HEADER

pytestmark = pytest.mark.slow


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
