"""Whoever sends guesses of who was erased elsewhere reads of none whether it is right."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.lists.deposits import sealed_page
from app.lists.history import ELSEWHERE
from app.lists.line_territories import NOBODYS
from app.models import Deposit, DepositLine, Role, SourceFile, SourceRow
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import finess, numbered
from tests.desk.imports.owning import part
from tests.desk.imports.reviewing import NAMELESS, named
from tests.desk.imports.test_guessing_elsewhere import BECAME, FILLED, WAYS, of_source
from tests.desk.imports.test_review_secrecy import main_of
from tests.operations.erasing import actor_marks, erase, value_marks
from tests.short_lists import csv, ids, run

pytestmark = pytest.mark.slow

OF_LILLE = "Association du Nord {0};Association;{0} rue Autre;59000;Lille;01 99 00 01 0{0};"
SAID = "a été effacé à la demande"
EMPTIED = "a été effacée à la demande"


def erased(lists: Lists, cluster: Cluster, number: int) -> str:
    """A line of an actor of another territory, which was erased."""
    line = OF_LILLE.format(number)
    run(lists.runtime, csv(line), source=f"Du Nord {number}", territory="59")
    erase_actor(lists, cluster, line.partition(";")[0])
    return line


def with_owner(lists: Lists, cluster: Cluster) -> Runtime:
    owner = cluster.url(cluster.superuser, lists.databases.staff.url.database or "")
    return replace(lists.runtime, owner_url=owner)


def erase_actor(lists: Lists, cluster: Cluster, name: str) -> None:
    runtime = with_owner(lists, cluster)
    erase(runtime, actor_marks(runtime, ids(runtime)[name]))


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


def test_what_is_left_to_a_curateur_does_not_tell_who_was_erased_elsewhere(
    lists: Lists, cluster: Cluster
) -> None:
    known = OF_LILLE.format(6)
    run(lists.runtime, csv(known), source="Du Nord 6", territory="59")
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    guesses = (erased(lists, cluster, 4), known, OF_LILLE.format(5))
    # Their other lines resemble nobody: who may be somebody else waits.
    for word, guess in zip(("Gage", "Lande", "Tertre"), guesses, strict=True):
        page = lists.sent(browser, *named(word, 2), guess, source=f"Devinée, {word}")
        rest = part(lists, browser, page)
        assert "Un curateur décide du reste" in browser.get(page).text
        assert SAID not in browser.get(page).text + browser.get(rest).text
        assert (SAID in lists.signed_in().get(rest).text) is (word == "Gage")


def test_a_guess_that_gives_itself_ones_own_territory_reads_as_one_of_any_actor_elsewhere(
    lists: Lists, cluster: Cluster
) -> None:
    browser, said = lists.signed_in(Role.REFERENT_DEPARTEMENT), []
    for n in range(2):
        number, name, own = finess(), f"Ailleurs effacé {n}", f"G {n}"
        known = f"{number};{name};ASE;{n + 1} rue Ôtée;59000;Lille;;;"
        run(lists.runtime, numbered(known), source=f"A effacé {n}", territory="59")
        if n:
            erase_actor(lists, cluster, name)
        guess = f"{number};{name};ASE;{n + 1} rue Ici;93000;Bobigny;;;"
        line = f";Service effacé;ASE;1 rue {own};93000;Bobigny;;;"
        answer = lists.send(browser, numbered(guess, line), source=own, portee="partielle")
        lists.work()
        page = answer.headers["location"].partition("?")[0]
        shown = [main_of(browser.get(f"{page}{way}")) for way in FILLED]
        rest = part(lists, browser, page)
        assert (SAID in lists.signed_in().get(rest).text) is bool(n)
        shown += [main_of(browser.get(f"{page}{way}")) for way in WAYS]
        shown += [main_of(browser.get(f"{rest}{way}")) for way in WAYS]
        shown += of_source(lists, browser, page)
        led = re.search(r'/gestion/acteurs/(\w+)">Service effacé<', shown[-1 - len(BECAME) + 1])
        names = (own, name, f"{n + 1} rue", led[1] if led else own)
        for each in names:
            shown = [text.replace(each, "…") for text in shown]
        said.append(shown)
    assert said[0] == said[1]


def test_of_who_was_erased_in_their_own_territory_a_referent_is_told_as_little(
    lists: Lists, cluster: Cluster
) -> None:
    line = "Association d’ici;Association;7 rue Autre;93000;Bobigny;01 99 00 01 07;"
    run(lists.runtime, csv(line.replace("’", "'")), source="D’ici")
    erase_actor(lists, cluster, "Association d'ici")
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Ici", 2), line.replace("’", "'"), source="D’ici encore")
    text = browser.get(page).text
    assert SAID not in text
    assert "3 lignes lues" in text
    rest = part(lists, browser, page)
    assert "Un curateur décide de" in browser.get(page).text
    assert SAID in lists.signed_in().get(rest).text


def test_the_page_of_a_source_counts_a_guess_of_who_was_erased_as_any_other_line(
    lists: Lists, cluster: Cluster
) -> None:
    browser, said = lists.signed_in(Role.REFERENT_DEPARTEMENT), []
    for n in range(2):
        number, name, own = finess(), f"Sans mission {n}", f"H {n}"
        known = f"{number};{name};ASE;{n + 1} rue Nue;59000;Lille;;;"
        if n:
            run(lists.runtime, numbered(known), source="A sans mission", territory="59")
            erase_actor(lists, cluster, name)
        line = f";Service compté;ASE;1 rue {own};93000;Bobigny;;;"
        guess = known.replace(";ASE;", ";;")
        answer = lists.send(browser, numbered(guess, line), source=own, portee="partielle")
        lists.work()
        page = answer.headers["location"].partition("?")[0]
        part(lists, lists.signed_in(), page)
        (counted, *_) = of_source(lists, browser, page)
        assert 'data-title="Inutilisables" class="desk-number">0<' in counted
        assert 'data-title="Sans catégorie" class="desk-number">1<' in counted
        (whole, *_) = of_source(lists, lists.signed_in(), page)
        assert f'data-title="Inutilisables" class="desk-number">{n}<' in whole
        said.append(counted.replace(own, "…"))
    assert said[0] == said[1]


def test_of_a_file_that_a_former_release_applied_unusable_lines_are_a_curateurs(
    lists: Lists, cluster: Cluster
) -> None:
    guess = erased(lists, cluster, 7)
    page = lists.applied(
        lists.signed_in(), *named("Jadis", 2), NAMELESS, guess, source="Devinée jadis"
    )
    browser, file = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.stored(page).file_id
    assert ">inutilisable<" in "".join(of_source(lists, browser, page))
    with write(lists.databases.staff) as session:
        here = (SourceRow.source_file_id == file, SourceRow.outcome == ELSEWHERE)
        session.execute(update(SourceRow).where(*here).values(outcome="rejected"))
        summary = session.get_one(SourceFile, file).summary or {}
        summary = {name: count for name, count in summary.items() if name != "erased"}
        session.get_one(SourceFile, file).summary = summary
    shown = "".join(of_source(lists, browser, page))
    assert "Jadis 0" in shown
    assert SAID not in shown
    assert ">inutilisable<" not in shown
    assert SAID in "".join(of_source(lists, lists.signed_in(), page))


def test_a_guess_of_an_erased_value_reads_as_a_line_of_any_actor_elsewhere(
    lists: Lists, cluster: Cluster
) -> None:
    browser, said = lists.signed_in(Role.REFERENT_DEPARTEMENT), []
    known = finess(), "Ailleurs de la valeur", "59000;Lille"
    elsewhere = f"{known[0]};{known[1]};ASE;1 rue Val;{known[2]};;;"
    run(lists.runtime, numbered(elsewhere), source="Val", territory="59")
    runtime = with_owner(lists, cluster)
    erase(runtime, value_marks(runtime, "06 12 34 56 78"))
    guesses = (
        f"{known[0]};{known[1]};ASE;1 rue Val;93000;Bobigny;;;",
        ";Service nouveau;ASE;1 rue Val;93000;Bobigny;06 12 34 56 78;;",
    )
    for n, guess in enumerate(guesses):
        line = f";Service à côté {n};ASE;{n} rue Valeur;93000;Bobigny;;;"
        answer = lists.send(browser, numbered(guess, line), source=f"K {n}", portee="partielle")
        lists.work()
        page = answer.headers["location"].partition("?")[0]
        shown = [main_of(browser.get(f"{page}{way}")) for way in FILLED]
        assert (EMPTIED in lists.signed_in().get(page).text) is bool(n)
        rest = part(lists, browser, page)
        assert "Service nouveau" not in lists.actors()
        shown += [main_of(browser.get(f"{page}{way}")) for way in WAYS]
        shown += [main_of(browser.get(f"{rest}{way}")) for way in WAYS]
        shown += of_source(lists, browser, page)
        # The bytes of what says so are kept no more once it is applied.
        refused = main_of(browser.get(f"{page}/colonnes"))
        shown.append(refused.partition("Si vous signalez")[0])
        assert EMPTIED not in "".join(shown)
        for each in (f"K {n}", f"à côté {n}", f"{n} rue"):
            shown = [text.replace(each, "…") for text in shown]
        said.append([re.sub(r"/gestion/acteurs/\w+", "…", text) for text in shown])
    assert said[0] == said[1]


def test_of_a_list_that_a_former_release_checked_unusable_lines_are_a_curateurs(
    lists: Lists, cluster: Cluster
) -> None:
    run(lists.runtime, csv("Relu jadis;Association;7 rue Jadis;93000;Bobigny;;"), source="Jadis")
    erase_actor(lists, cluster, "Relu jadis")
    guess = "Relu jadis;Association;7 rue Jadis;93000;Bobigny;;"
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Vieux", 2), NAMELESS, guess, source="Relue jadis")
    assert "Corriger la ligne" in browser.get(f"{page}/relire").text
    ways = ("", "/relire", "/relire?resultat=rejected")

    def said() -> str:
        return "".join(browser.get(f"{page}{way}").text for way in ways)

    as_a_former_release(lists, page)
    for state in ("ready", "applied"):
        assert lists.state(page) == state
        assert SAID not in said()
        assert "inutilisable" not in browser.get(page).text
        assert "Corriger la ligne" not in said()
        assert "4 lignes lues" in browser.get(page).text
        assert SAID in lists.signed_in().get(page).text
        if state == "ready":
            part(lists, lists.signed_in(), page)
            as_a_former_release(lists, page)


def as_a_former_release(lists: Lists, page: str) -> None:
    """Let a list stand as it did where an erased actor was told in the territory of its line."""
    file, content = lists.stored(page).file_id, lists.content(page)
    for each in content["problems"]:
        each["territory"] = "93"
    counts = content["counts"]["93"]
    counts["unchanged"] -= 1
    counts["rejected"] += 1
    with write(lists.databases.staff) as session:
        deposit = session.get_one(Deposit, file)
        deposit.content = sealed_page(lists.vault, file, content)
        deposit.counts = {
            name: count for name, count in (deposit.counts or {}).items() if name != "erased"
        }
        here = (DepositLine.file_id == file, DepositLine.territory == NOBODYS)
        session.execute(update(DepositLine).where(*here).values(territory="93"))
