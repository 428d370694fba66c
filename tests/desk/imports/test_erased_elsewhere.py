"""Whoever sends guesses of who was erased elsewhere reads of none whether it is right."""

from dataclasses import replace

import pytest

from app.models import Role, SourceFile
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named
from tests.operations.erasing import actor_marks, erase
from tests.short_lists import csv, ids, run

pytestmark = pytest.mark.slow

OF_LILLE = "Association du Nord {0};Association;{0} rue Autre;59000;Lille;01 99 00 01 0{0};"
SAID = "a été effacé à la demande"


def erased(lists: Lists, cluster: Cluster, number: int) -> str:
    """A line of an actor of another territory, which was erased."""
    line = OF_LILLE.format(number)
    run(lists.runtime, csv(line), source=f"Du Nord {number}", territory="59")
    runtime = replace(
        lists.runtime,
        owner_url=cluster.url(cluster.superuser, lists.databases.staff.url.database or ""),
    )
    erase(runtime, actor_marks(runtime, ids(runtime)[line.partition(";")[0]]))
    return line


@pytest.mark.parametrize(("number", "others"), [(1, [OF_LILLE.format(8)]), (2, [])])
def test_a_guess_of_who_was_erased_elsewhere_reads_as_any_other_line_of_there(
    lists: Lists, cluster: Cluster, number: int, others: list[str]
) -> None:
    guess, source = erased(lists, cluster, number), f"Devinée {number}"
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named(source, 2), *others, guess, source=source)
    text = browser.get(page).text
    assert SAID not in text
    assert "ligne inutilisable" not in text
    assert "2 lignes lues" in text
    assert "Corriger la ligne" not in browser.get(f"{page}/relire").text
    assert browser.post(f"{page}/inutilisables").status_code == 404
    assert SAID in lists.signed_in().get(page).text


def test_once_it_is_applied_the_page_of_its_source_tells_a_curateur_alone(
    lists: Lists, cluster: Cluster
) -> None:
    guess, source = erased(lists, cluster, 3), "Devinée, appliquée"
    curateur = lists.signed_in()
    page = lists.applied(curateur, *named("Appliqué", 2), OF_LILLE.format(9), guess, source=source)
    deposit = lists.stored(page).file_id
    with read(lists.databases.staff) as session:
        of_source = f"/gestion/sources/{session.get_one(SourceFile, deposit).source_id}/{deposit}"
    text = curateur.get(of_source).text
    assert SAID in text
    assert SAID in curateur.get(f"{of_source}?devenir=rejected").text
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for way in ("", "?devenir=rejected", "?devenir=elsewhere"):
        text = browser.get(f"{of_source}{way}").text
        assert source in text
        assert SAID not in text
        assert ">inutilisable<" not in text
