"""What is sent of lists: several at once, the same bytes again, too large ones."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.lists.sources import find_or_make_source
from app.models import Source, SourceFile
from app.platform.database.sessions import write
from app.vault.digests import index_key
from tests.desk.bureau import ORIGIN
from tests.desk.imports.conftest import HERE, Lists, count
from tests.short_lists import APART, ASE, CRIP, csv


@pytest.mark.slow
def test_the_same_bytes_lead_to_the_deposit_that_has_them(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, CRIP, source="Deux fois")
    before = count(lists, SourceFile)
    again = lists.send(browser, (CRIP,), source="deux fois", name="autre nom.csv")
    assert again.headers["location"] == f"{page}?deja=oui"
    assert "déjà été déposé" in browser.get(again.headers["location"]).text
    assert count(lists, SourceFile) == before
    other = lists.send(browser, (CRIP,), source="Une autre")
    assert other.headers["location"] != page
    assert lists.send(browser, (CRIP, ASE), source="Deux fois").headers["location"] != page


def test_two_that_send_the_same_at_once_make_one_deposit(lists: Lists) -> None:
    browsers = [lists.signed_in() for _ in range(4)]
    found: list[str] = []

    def send(number: int) -> None:
        answer = lists.send(browsers[number], (ASE,), source="Ensemble")
        found.append(answer.headers["location"].partition("?")[0])

    threads = [Thread(target=send, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.slow
def test_what_was_given_up_is_taken_again(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, CRIP, source="Reprise")
    assert browser.post(f"{page}/annuler").status_code == 303
    assert lists.sent(browser, CRIP, source="Reprise") != page


@pytest.mark.slow
def test_a_file_of_twenty_megabytes_is_taken_and_a_larger_one_refused(lists: Lists) -> None:
    browser, before = lists.signed_in(), count(lists, SourceFile)
    large = csv(CRIP) + b"\r\n" * ((20_000_000 - len(csv(CRIP))) // 2)
    assert lists.send(browser, large, source="Grande").status_code == 303
    over = lists.send(browser, b"x" * 20_000_100, source="Trop grande")
    assert over.status_code == 422
    assert "la limite est de 20 Mo" in over.text
    assert count(lists, SourceFile) == before + 1
    headers = {"Origin": ORIGIN}
    for path, size in ((HERE, 100_100_000), (f"{HERE}/{uuid4()}/annuler", 20_000)):
        assert browser.ask("POST", path, headers, content=b"x" * size).status_code == 413


@pytest.mark.slow
def test_several_files_are_lists_of_their_own(lists: Lists) -> None:
    browser, before = lists.signed_in(), count(lists, SourceFile)
    files = [("fichier", (f"{name}.csv", csv(CRIP))) for name in ("janvier", "février")]
    fields = {"source": "Ensemble de fichiers", "territoire": "93", "portee": "partielle"}
    headers = {"Origin": ORIGIN}
    answer = browser.ask("POST", HERE, headers, data=fields, files=files)
    assert answer.headers["location"] == f"{HERE}?recues=2&ou=93"
    lists.work()
    text = browser.get(answer.headers["location"]).text
    assert "2 listes sont reçues" in text
    for name in ("janvier", "février"):
        assert f">Ensemble de fichiers, {name}</a>" in text
    large = [*files, ("fichier", ("mars.csv", b"x" * 20_000_100))]
    refused = browser.ask("POST", HERE, headers, data=fields, files=large)
    assert refused.status_code == 422
    assert "« mars.csv »" in refused.text
    many = [("fichier", (f"{n}.csv", csv(CRIP))) for n in range(6)]
    refused = browser.ask("POST", HERE, headers, data=fields, files=many)
    assert refused.status_code == 422
    assert "5 fichiers au plus" in refused.text
    assert count(lists, SourceFile) == before + 2


@pytest.mark.slow
def test_of_several_files_those_that_came_before_are_said_to_be_known(lists: Lists) -> None:
    browser = lists.signed_in()

    def send(*names: str) -> str:
        files = [("fichier", (f"{name}.csv", csv(CRIP))) for name in names]
        fields = {"source": "Déjà reçues", "territoire": "93", "portee": "partielle"}
        answer = browser.ask("POST", HERE, {"Origin": ORIGIN}, data=fields, files=files)
        lists.work()
        return browser.get(answer.headers["location"]).text

    assert "déjà été" not in send("un", "deux")
    before, some = count(lists, SourceFile), send("un", "trois")
    assert "1 liste est reçue" in some
    assert "1 fichier avait déjà été déposé" in some
    every = send("un", "deux", "trois")
    assert "3 fichiers avaient déjà été déposés" in every
    assert not re.search(r"listes? (est|sont) reçues?", every)
    assert count(lists, SourceFile) == before + 1


@pytest.mark.slow
def test_files_that_come_together_each_month_are_the_same_lists(lists: Lists) -> None:
    browser = lists.signed_in()

    def send(*names: str) -> set[str]:
        files = [("fichier", (name, csv(CRIP))) for name in names]
        fields = {"source": "Mensuelles", "territoire": "93", "portee": "partielle"}
        browser.ask("POST", HERE, {"Origin": ORIGIN}, data=fields, files=files)
        return set(re.findall(r">(Mensuelles, [^<]+)</a>", browser.get(HERE).text))

    assert send("ase_2026-07.csv", "Santé 2026-07.csv") == {"Mensuelles, ase", "Mensuelles, Santé"}
    assert send("ase_2026-08.csv", "Santé 2026-08.csv") == {"Mensuelles, ase", "Mensuelles, Santé"}
    # Of two that only their days tell apart none is the other.
    both = {"Mensuelles, pmi_2025", "Mensuelles, pmi_2026"}
    assert both < send("pmi_2025.csv", "pmi_2026.csv")
    # And none becomes so, whatever it comes with.
    assert "Mensuelles, pmi" not in send("pmi_2026.csv", "ase_2026-09.csv")
    both = {"Mensuelles, caf", "Mensuelles, mdph"}
    assert both < send("caf février 2026.csv", "mdph_1er Août 2026.csv")
    found = send("caf mars 2026.csv", "mdph du 12 de\u0301cembre 2026.csv", "caf 13 mai 2026.csv")
    assert {"Mensuelles, caf 13"} == {each for each in found - both if "caf" in each}
    assert {"Mensuelles, mdph"} == {each for each in found if "mdph" in each}
    # What is no day tells lists apart.
    send("Secteur v1.csv", "ase_2026-10.csv")
    parts = {"Mensuelles, Secteur v1", "Mensuelles, Secteur v2"}
    assert parts < send("Secteur v2.csv", "ase_2026-11.csv")
    # What a browser adds to a name that it has already is of no list.
    assert "Mensuelles, ase (1)" not in send("ase (1).csv", "Santé 2026-11 (12).csv")
    assert "Mensuelles, Santé (12)" not in send("ase (2).csv", "Santé (3).csv")
    # But of two of one name that come together.
    both = {"Mensuelles, accueil (1)", "Mensuelles, accueil (2)"}
    assert both < send("accueil (1).csv", "accueil (2).csv")


@pytest.mark.slow
def test_a_list_whose_name_says_its_month_is_the_same_next_month(lists: Lists) -> None:
    browser = lists.signed_in()
    first = lists.sent(browser, CRIP, source="Du mois – nov. 2026", portee="partielle")
    assert "<h1>Du mois</h1>" in browser.get(first).text
    # As a former release called it.
    with write(lists.databases.staff) as session:
        key = index_key(session, lists.vault)
        find_or_make_source(session, lists.vault, key, "Ancienne (octobre 2026)", "93")
    for named, called in (
        ("Du mois – déc. 2026", "Du mois"),
        ("Du mois", "Du mois"),
        ("Ancienne (nov. 2026)", "Ancienne (octobre 2026)"),
        ("2026", "2026"),
    ):
        page = lists.sent(browser, CRIP, source=named, portee="partielle")
        assert f"<h1>{called}</h1>" in browser.get(page).text


@pytest.mark.slow
def test_a_list_that_is_taken_for_a_known_one_but_for_its_month_is_said_to_be(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    first = lists.send(browser, (ASE,), source="Reconnaître").headers["location"]
    assert "deja" not in first
    lists.work()
    again = lists.send(browser, (ASE, CRIP), source="Reconnaître janvier").headers["location"]
    said = "Reconnue comme la source « Reconnaître »"
    # It is said as long as somebody looks how far it is read.
    assert f'data-at="{again}"' in browser.get(again).text
    lists.work()
    assert said in browser.get(again).text
    same = lists.send(browser, (ASE, APART), source="Reconnaître").headers["location"]
    assert said not in browser.get(same).text


def test_a_list_that_a_former_release_called_without_its_version_is_found(lists: Lists) -> None:
    browser = lists.signed_in()
    lists.sent(browser, CRIP, source="Versions, Secteur", portee="partielle")
    files = [("fichier", (name, csv(CRIP))) for name in ("Secteur_v3.csv", "Autre_v3.csv")]
    fields = {"source": "Versions", "territoire": "93", "portee": "partielle"}
    browser.ask("POST", HERE, {"Origin": ORIGIN}, data=fields, files=files)
    found = set(re.findall(r">(Versions, [^<]+)</a>", browser.get(HERE).text))
    assert found == {"Versions, Secteur", "Versions, Autre v3"}


@pytest.mark.slow
def test_who_deposits_does_not_wait_for_whoever_applies_another_list_of_the_source(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, CRIP, source="Occupée")
    source = select(SourceFile.source_id).where(SourceFile.id == lists.stored(page).file_id)
    with ThreadPoolExecutor(1) as pool:
        with write(lists.databases.staff) as session:
            # As whatever is written of a source holds it.
            here = select(Source.id).where(Source.id.in_(source))
            session.execute(here.with_for_update(read=True, key_share=True))
            sending = pool.submit(lists.send, browser, (CRIP, ASE), source="Occupée")
            wait([sending], timeout=30)
            assert sending.done()
        assert sending.result().status_code == 303


@pytest.mark.slow
def test_the_same_bytes_as_another_part_are_read_anew(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, CRIP, ASE, source="Autrement")
    other = lists.send(browser, (CRIP, ASE), source="Autrement", portee="partielle")
    address, _, how = other.headers["location"].partition("?")
    assert (address != page, how) == (True, "deja=autrement")
    lists.work()
    assert "déjà été déposé comme liste complète : il est relu comme liste partielle" in (
        browser.get(other.headers["location"]).text
    )
    again = lists.send(browser, (CRIP, ASE), source="Autrement", portee="partielle")
    assert again.headers["location"] == f"{address}?deja=oui"


def test_no_file_is_no_fault(lists: Lists) -> None:
    browser, given = lists.signed_in(), {"source": "x", "territoire": "93"}
    assert browser.post(HERE, data=given).status_code == 422
    empty = {"fichier": ("", b"")}
    assert browser.ask("POST", HERE, {"Origin": ORIGIN}, files=empty).status_code == 422
    odd = {"Origin": ORIGIN, "Content-Type": "multipart/form-data"}
    assert browser.ask("POST", HERE, odd, content=b"x").status_code == 422
