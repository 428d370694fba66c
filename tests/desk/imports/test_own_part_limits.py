"""What a référent's own part of a list must not do: hide or show somebody by a line that its record
says already, publish nothing to try who is hidden, give up what is a curateur's.
"""

from threading import Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import select, text, update

from app.jobs import depositing
from app.models import Source, SourceFile
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.owning import home, left_lines, levels, office, part
from tests.desk.imports.reviewing import named, press, row_of
from tests.short_lists import csv, run


@pytest.mark.slow
def test_a_home_s_line_that_its_record_says_already_waits_where_it_hides_somebody(
    lists: Lists, browser: Browser
) -> None:
    number = "01 96 00 00 77"
    believed = home("Foyer des Aulnes", "40 rue Tue", "01 96 00 00 70")
    run(lists.runtime, csv(believed), source="Haute")
    run(lists.runtime, csv(believed, *named("Aulne", 5)), source="Basse")
    last = select(SourceFile.source_id).order_by(SourceFile.received_at.desc()).limit(1)
    with write(lists.databases.staff) as session:
        lower = Source.id == last.scalar_subquery()
        session.execute(update(Source).where(lower).values(rank=1))
    beside = office("Conseil du quartier", "41 rue Autre", number)
    run(lists.runtime, csv(beside), source="Autre")
    heard = home("Foyer des Aulnes", "40 rue Tue", number)
    changed = named("Aulne", 5)
    changed[0] = changed[0].rstrip(";") + ";01 96 00 00 71;"
    page = lists.sent(browser, heard, *changed, source="Basse")
    rest = part(lists, browser, page)
    assert rest
    assert levels(lists)["Conseil du quartier"] is None
    lists.apply(lists.signed_in(), rest, verifie="true")
    lists.work()
    assert lists.state(rest) == "applied"
    assert levels(lists)["Conseil du quartier"] == "held"


@pytest.mark.slow
def test_drafts_wait_for_a_curateur(lists: Lists, browser: Browser) -> None:
    """Written and shown to nobody, a draft would tell at no price who is hidden beside it."""
    drafts = named("Ébauche")
    run(lists.runtime, csv(*drafts), source="Ébauchée", draft=True)
    changed = [each.rstrip(";") + ";01 96 00 00 72;" for each in drafts]
    page = lists.sent(browser, *changed, *named("Écrite"), source="Ébauchée")
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {2, 3, 4}
    assert "Écrite 0" in lists.actors()


@pytest.mark.slow
def test_what_is_left_to_a_curateur_is_not_a_referents_to_give_up(
    lists: Lists, browser: Browser
) -> None:
    page = lists.sent(browser, *named("Laissée"), home("Foyer laissé", "43 rue Tue"), source="L.")
    rest = part(lists, browser, page)
    assert "Abandonner" not in browser.get(rest).text
    assert browser.post(f"{rest}/annuler").status_code == 403
    assert lists.state(rest) == "ready"
    curateur = lists.signed_in()
    assert "Abandonner" in curateur.get(rest).text
    assert curateur.post(f"{rest}/annuler").status_code == 303
    assert lists.state(rest) == "cancelled"


@pytest.mark.slow
def test_a_job_that_was_stopped_writes_nothing_where_somebody_applies_less_meanwhile(
    lists: Lists, browser: Browser
) -> None:
    source, curateur = "Reprise", lists.signed_in()
    page = lists.sent(curateur, *named(source), home("Foyer repris", "44 rue Tue"), source=source)
    lists.apply(curateur, page)
    deposit = lists.stored(page).file_id
    first = Thread(target=depositing.apply, args=(lists.runtime, deposit))
    with write(lists.databases.staff) as session:
        hold(session, IMPORT_LOCK)
        first.start()
        _wait_for_a_lock(lists)
        assert curateur.post(f"{page}/annuler").status_code == 303
        assert lists.apply(browser, page).status_code == 303
    first.join()
    assert lists.state(page) == "applying"
    assert "Foyer repris" not in lists.actors()
    lists.work()
    assert lists.state(page) == "applied"
    assert f"{source} 0" in lists.actors()
    assert "Foyer repris" not in lists.actors()


def _wait_for_a_lock(lists: Lists) -> None:
    statement = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    until = monotonic() + 30
    while monotonic() < until:
        with read(lists.databases.staff) as session:
            if session.scalar(statement):
                return
        sleep(0.05)
    raise AssertionError("the first job waits for no lock")


@pytest.mark.slow
def test_what_a_curateur_accepted_stays_so_in_what_is_left(lists: Lists, browser: Browser) -> None:
    curateur = lists.signed_in()
    far = [f"Lillois {n};ASE;{n} rue Loin;59000;Lille;01 98 00 76 0{n};" for n in range(2)]
    page = lists.sent(curateur, *named("Mixte"), *far, source="Mixte")
    press(curateur, page, "Lillois 0", "accepter")
    press(curateur, page, "Mixte 0", "accepter")
    rest = part(lists, browser, page)
    assert "Mixte 0" in lists.actors()
    assert left_lines(lists, rest) == {5, 6}
    assert "Acceptée" in row_of(curateur, rest, "Lillois 0")
    assert "Acceptée" not in row_of(curateur, rest, "Lillois 1")


@pytest.mark.slow
def test_what_a_referent_accepted_of_a_protection_is_decided_anew(
    lists: Lists, browser: Browser
) -> None:
    number = "01 96 00 00 78"
    run(lists.runtime, csv(home("Foyer redemandé", "17 rue Tue", number)), source="Foyers")
    beside = office("Bureau redemandé", "45 rue Autre", number)
    page = lists.sent(browser, *named("Redemandé"), beside, source="Redemandé")
    press(browser, page, "Bureau redemandé", "accepter")
    assert "Acceptée" in row_of(browser, page, "Bureau redemandé")
    rest = part(lists, browser, page)
    assert left_lines(lists, rest) == {5}
    assert "Acceptée" not in row_of(lists.signed_in(), rest, "Bureau redemandé")
