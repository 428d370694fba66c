"""Whoever reads a list line by line learns of no actor that they may not read."""

import re

import httpx
import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.models import AuditEntry, DepositLine, Role
from app.platform.database.sessions import read
from app.records import acts
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named
from tests.makers import decide
from tests.short_lists import HEADER, csv, ids, run

WHY = {"who": "essai", "why": "essai"}
NUMBERED = f"FINESS;{HEADER}"


def main_of(answer: httpx.Response) -> str:
    """What a page says, without what differs from one list to another."""
    text = answer.text.partition("<main")[2]
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|<time.+?</time>|value=\"20\d\d-[^\"]+\"", "", text)


def numbered(*lines: str) -> bytes:
    return "\r\n".join((NUMBERED, *lines)).encode("cp1252")


def press(lists: Lists, browser: Browser, page: str, deed: str) -> httpx.Response:
    """Decide of the first line."""
    found = re.search(r'id="l-([0-9a-f-]+)"', browser.get(f"{page}/relire").text)
    assert found
    return lists.answer(browser, page, f"{deed}.{found[1]}")


@pytest.mark.slow
def test_a_referent_does_not_learn_of_a_home_by_guessing_its_address_or_phone(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Foyer lillois;MECS;61 rue Devinée;59000;Lille;01 98 00 61 00;"))
    run(lists.runtime, csv("Maison tue;MECS;62 rue Devinée;93000;Bobigny;01 98 00 62 00;"))
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    guesses = (
        "Antenne libre;Association;99 rue Devinée;93000;Bobigny;01 98 00 69 00;",
        "Antenne libre;Association;62 rue Devinée;93000;Bobigny;01 98 00 69 00;",
        "Antenne libre;Association;99 rue Devinée;93000;Bobigny;01 98 00 61 00;",
        "Antenne libre;Association;99 rue Devinée;93000;Bobigny;01 98 00 62 00;",
    )
    queries = (
        "",
        "?resultat=created",
        "?resultat=doubtful",
        "?etat=none",
        "?categorie=association",
    )
    pages = [lists.sent(referent, each, source="Devinée") for each in guesses]
    for query in (*queries, "?commune=93008"):
        said = {main_of(referent.get(f"{page}/relire{query}")) for page in pages}
        assert len(said) == 1, query
    text = referent.get(f"{pages[1]}/relire").text
    assert "Antenne libre" in text
    assert "caché" not in text.partition("<main")[2]
    assert "caché" in lists.signed_in().get(f"{pages[1]}/relire").text
    assert len({main_of(referent.get(page)) for page in pages}) == 1


@pytest.mark.slow
def test_a_referent_does_not_learn_of_a_home_by_moving_an_actor_of_their_own_beside_it(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Foyer caennais;MECS;71 rue Sondée;59000;Lille;01 98 00 71 00;"))
    run(lists.runtime, csv("Maison muette;MECS;72 rue Sondée;93000;Bobigny;01 98 00 72 00;"))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    own = "Antenne à soi;Association;79 rue Sondée;93000;Bobigny;01 98 00 79 00;"
    lists.applied(curateur, own, *named("Repère"), source="Sondée")
    guesses = (
        own.replace("01 98 00 79 00", "01 98 00 78 00"),
        own.replace("79 rue", "72 rue").replace("01 98 00 79 00", "01 98 00 78 00"),
        own.replace("01 98 00 79 00", "01 98 00 71 00"),
        own.replace("01 98 00 79 00", "01 98 00 72 00"),
        own.replace("01 98 00 79 00", "01 98 00 72 00x"),
    )
    pages = [lists.sent(referent, each, *named("Repère"), source="Sondée") for each in guesses]

    def said(page: str, query: str) -> str:
        """A page without what was guessed, which its reader wrote."""
        text = main_of(referent.get(f"{page}{query}"))
        return re.sub(r"01 98 00 7\d 00x?|7\d rue Sondée", "…", text)

    here = ("", "?resultat=updated", "?resultat=created", "?resultat=doubtful", "?etat=none")
    more = ("?categorie=association", "?commune=93008", "?champ=phones", "?champ=level")
    one, moved, other, same, odd = pages
    for query in ("", *(f"/relire{each}" for each in (*here, *more, "?champ=causes"))):
        assert said(other, query) == said(same, query) == said(one, query), query
    assert "01 98 00 72 00" in referent.get(f"{same}/relire").text
    assert "accepter." in referent.get(f"{same}/relire").text
    for page in (moved, same):
        text = referent.get(f"{page}/relire").text + referent.get(page).text
        for word in ("caché", "masqué", "Protection", "protection change"):
            assert word not in text.partition("<main")[2], word
        assert "caché" in curateur.get(f"{page}/relire").text
    assert "01 98 00 72 00x" not in referent.get(odd).text


@pytest.mark.slow
def test_a_new_line_that_may_be_a_hidden_actor_reads_as_any_new_one(lists: Lists) -> None:
    run(lists.runtime, csv("Les Embruns;MECS;1 rue Dune;93000;Bobigny;;"))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    double = "LES EMBRUNS (ADSEA);Association;5 place du Port;93000;Bobigny;;"
    page = lists.sent(referent, double, source="Doublée")
    assert "Peut-être en double" in curateur.get(f"{page}/relire").text
    assert "ouble (" not in referent.get(f"{page}/relire").text
    assert "Peut-être en double" not in referent.get(f"{page}/relire").text
    assert "LES EMBRUNS" in referent.get(f"{page}/relire?resultat=created").text
    assert "LES EMBRUNS" not in referent.get(f"{page}/relire?resultat=doubtful").text


@pytest.mark.slow
def test_whom_a_new_line_may_be_is_told_to_a_curateur_alone(lists: Lists) -> None:
    known = "Point d’écoute;Association;6 rue Dite;93000;Bobigny;01 98 00 73 00;"
    run(lists.runtime, csv(known))
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(referent, known.replace("écoute", "écoute jeunes"), source="Dite")
    assert "Peut-être le même acteur" in curateur.get(f"{page}/relire").text
    for where in (page, f"{page}/relire"):
        assert "Peut-être le même acteur" not in referent.get(where).text
        assert "en double</h2>" not in referent.get(where).text


@pytest.mark.slow
def test_of_an_actor_of_another_territory_a_referent_reads_and_decides_nothing(
    lists: Lists,
) -> None:
    body = "930000484;Ailleurs;Association;64 rue Loin;59000;Lille;01 98 00 64 00;"
    run(lists.runtime, numbered(body), territory="59")
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    moved = "930000484;Ici;MECS;65 rue Loin;93000;Bobigny;01 98 00 65 00;"
    page = lists.send(referent, numbered(moved), source="Nouée").headers["location"]
    lists.work()
    with read(lists.databases.staff) as session:
        here = DepositLine.file_id == lists.stored(page).file_id
        (line,) = session.scalars(select(DepositLine).where(here))
        assert line.outcome == "updated"
        assert line.actor_id
    for query in ("", "?resultat=updated", "?champ=phones", "?champ=category", "?etat=reserved"):
        text = referent.get(f"{page}/relire{query}").text.partition("<main")[2]
        assert 'id="l-' not in text, query
    assert 'value="phones"' not in text
    assert "1 ligne inchangée, ou d’un autre territoire, n’est pas montrée" in text
    for deed in ("accepter", "refuser", "plus-tard"):
        lists.answer(referent, page, f"{deed}.{line.id}")
        with read(lists.databases.staff) as session:
            assert session.scalar(select(DepositLine.decision).where(here)) is None
    assert "Elle change" in curateur.get(f"{page}/relire").text


@pytest.mark.slow
def test_only_a_curateur_decides_of_a_line_that_changes_a_protection(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    some = [
        f"Tourné {n};ASE;{n + 1} rue Tour;93300;Aubervilliers;01 98 00 66 0{n};" for n in range(3)
    ]
    lists.applied(curateur, *some, source="Tournée")
    turned = some[0].replace(";ASE;", ";MECS;")
    page = lists.sent(curateur, turned, *some[1:], source="Tournée")
    here = DepositLine.file_id == lists.stored(page).file_id

    def decision() -> str | None:
        with read(lists.databases.staff) as session:
            (line,) = session.scalars(select(DepositLine).where(here))
            assert line.turns
            return line.decision

    press(lists, referent, page, "refuser")
    assert decision() is None
    press(lists, curateur, page, "accepter")
    press(lists, referent, page, "annuler")
    assert decision() == "accept"


@pytest.mark.slow
def test_the_cells_of_a_masked_actor_are_shown_once_its_sheet_is_open(lists: Lists) -> None:
    browser = lists.signed_in()
    some = [
        f"Cellule {n};ASE;{n + 1} rue Celle;93300;Aubervilliers;01 98 00 67 0{n};" for n in range(3)
    ]
    lists.applied(browser, *some, source="Cellule")
    decide(lists.runtime, acts.protect, ids(lists.runtime)["Cellule 0"], **WHY)
    changed = some[0].replace("01 98 00 67 00", "01 98 00 67 10")
    page = lists.sent(browser, changed, *some[1:], source="Cellule")
    found = re.search(
        rf'formaction="({page}/relire/[0-9a-f-]+)[?"]', browser.get(f"{page}/relire").text
    )
    assert found
    answer = browser.post(found[1])
    assert answer.status_code == 303
    sheet, _, why = answer.headers["location"].partition("?")
    assert why == "pour=ligne"
    browser.post(f"{sheet}/ouvrir", data={})
    assert "01 98 00 67 10" in browser.post(found[1]).text
    with read(lists.databases.staff) as session:
        noted = select(AuditEntry.action).where(AuditEntry.subject == page.rpartition("/")[2])
        assert list(session.scalars(noted)).count(Action.LINE_READ.value) == 1
