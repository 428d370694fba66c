"""In the queue of pairs nobody loses their place, nor what they chose; empty, it says why."""

import re
from uuid import UUID

import pytest
from sqlalchemy import func, update

from app.desk.duplicates import routes
from app.models import Proposal, Role
from app.platform.database.sessions import read, write
from app.records.doubles import doubles, find_double, find_put_off
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_duplicates import (
    HEAD,
    NAME,
    PAGE,
    answer,
    back,
    doubtful,
    only,
    pair,
    proposed,
    seen_in,
    waits,
)
from tests.desk.actors.test_sheet import journal
from tests.desk.bureau import Browser
from tests.short_lists import run

EMPTY = "Aucune paire n’attend"


@pytest.fixture(scope="module")
def three(desk: Desk) -> list[UUID]:
    """Three pairs that wait."""
    return [pair(desk, number) for number in (51, 52, 53)]


def order(browser: Browser, query: str = "") -> list[str]:
    """Return the pairs of a page of the queue."""
    return re.findall(r'id="p-([0-9a-f-]{36})"', browser.get(f"{PAGE}{query}").text)


def fields(text: str, proposal: object) -> dict[str, str]:
    """Return what the form of a pair sends without its reader."""
    form = text.split(f'action="{PAGE}/{proposal}"', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_a_page_that_is_no_more_shows_the_last_one(
    desk: Desk, three: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 2)
    browser = desk.signed_in()
    last = order(browser, "?page=2")
    assert last
    assert order(browser, "?page=9") == last
    assert EMPTY not in browser.get(f"{PAGE}?page=9").text


@pytest.mark.slow
def test_an_answer_and_its_undoing_lead_back_to_the_page_that_was_read(
    desk: Desk, three: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    browser, narrowed = desk.signed_in(), "territoire=93&categorie=association&page=2"
    text = browser.get(f"{PAGE}?{narrowed}").text
    (proposal,) = order(browser, f"?{narrowed}")
    sent = fields(text, proposal) | {"reponse": "plus-tard"}
    done = browser.post(f"{PAGE}/{proposal}", data=sent).headers["location"]
    assert done.startswith(f"{PAGE}?{narrowed}&fait=plus-tard")
    (undo,) = re.findall(rf'action="({PAGE}/{proposal}/defaire[^"]*)"', browser.get(done).text)
    again = browser.post(undo.replace("&amp;", "&")).headers["location"]
    assert again == f"{PAGE}?{narrowed}&fait=annule#p-{proposal}"
    # Whoever compares the two first comes back there as well.
    (link, *_) = re.findall(rf'href="({PAGE}/{proposal}\?[^"]*)"', browser.get(again).text)
    text = browser.get(link.replace("&amp;", "&")).text
    sent = fields(text, proposal) | {"reponse": "separer"}
    done = browser.post(f"{PAGE}/{proposal}", data=sent).headers["location"]
    assert done.startswith(f"{PAGE}?{narrowed}&fait=separer")
    assert back(browser, UUID(proposal)).status_code == 303


def test_tables_of_pairs_have_numbers_since_two_may_have_the_same_names(
    desk: Desk, three: list[UUID]
) -> None:
    numbers = re.findall(
        r'role="region" aria-label="Paire (\d+) : ', desk.signed_in().get(PAGE).text
    )
    assert len(numbers) >= len(three)
    assert numbers == sorted(set(numbers), key=int)


@pytest.mark.slow
def test_what_was_chosen_of_two_stays_where_one_of_them_changed(desk: Desk) -> None:
    proposal, browser = pair(desk, 54), desk.signed_in()
    seen = seen_in(browser, proposal)
    correct(desk.signed_in(), desk.ids()["Antenne 54"], acronym="A54")
    given = {"reponse": "reunir", "vu": seen, "champ_website": "second", "page": "2"}
    refused = browser.post(f"{PAGE}/{proposal}", data=given)
    assert refused.status_code == 409
    assert "a changé depuis que vous l’avez lue" in refused.text
    assert re.search(r'name="champ_website" value="second" checked', refused.text)
    assert not re.search(r'name="champ_website" value="first" checked', refused.text)
    sent = fields(refused.text, proposal) | {"reponse": "reunir", "champ_website": "second"}
    done = browser.post(f"{PAGE}/{proposal}", data=sent)
    assert done.headers["location"].startswith(f"{PAGE}?page=2&fait=reunir")
    assert only(desk, "Antenne 54").record.website == "https://b.example.org"


def test_who_is_refused_is_led_back_to_the_pair(desk: Desk) -> None:
    proposal = doubtful(desk, 55)
    refused = answer(desk.signed_in(), proposal, "separer", page="2")
    assert refused.status_code == 403
    assert f'href="{PAGE}?page=2#p-{proposal}"' in refused.text
    over = desk.signed_in().post(f"{PAGE}/{proposal}/defaire?territoire=93")
    assert over.status_code == 409
    assert f'href="{PAGE}?territoire=93#p-{proposal}"' in over.text
    for word in ("propositions", "Corrigez ce que dit cette phrase"):
        assert word not in over.text.partition("<main")[2]


@pytest.mark.slow
def test_a_referent_leaves_no_protected_pair_for_later_and_whoever_does_is_noted(
    desk: Desk,
) -> None:
    proposal = doubtful(desk, 56)
    curateur, referent = desk.signed_in(), desk.signed_in(Role.REFERENT_DEPARTEMENT)
    for path in (PAGE, f"{PAGE}/{proposal}"):
        assert 'value="plus-tard"' not in form_of(referent, path, proposal)
        assert 'value="plus-tard"' in form_of(curateur, path, proposal)
    assert answer(referent, proposal, "plus-tard").status_code == 403
    before = journal(desk, "proposal_decided")
    assert answer(curateur, proposal, "plus-tard").status_code == 303
    assert back(referent, proposal).status_code == 403
    assert back(curateur, proposal).status_code == 303
    assert journal(desk, "proposal_decided") == before + 2
    noted = desk.signed_in(Role.ADMINISTRATEUR).get("/gestion/journal?geste=proposal_decided").text
    assert "réponse : remis à plus tard" in noted


def form_of(browser: Browser, path: str, proposal: UUID) -> str:
    text = browser.get(path).text
    return text.split(f'action="{PAGE}/{proposal}"', 1)[1].split("</form>", 1)[0]


def test_the_queue_is_narrowed_by_a_whole_family(desk: Desk, three: list[UUID]) -> None:
    browser = desk.signed_in()
    page = browser.get(PAGE).text
    whole = re.search(r'<option value="([a-z_]+)">[^<]+ : tout</option>', page)
    assert whole
    found = re.findall(r'<option value="([a-z_]+)">[^<]+ : tout</option>', page)
    shown = [order(browser, f"?categorie={family}") for family in found]
    assert str(three[0]) in {each for some in shown for each in some}
    assert any(not some for some in shown)


def test_an_empty_queue_says_what_it_knows(desk: Desk) -> None:
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    narrowed = browser.get(f"{PAGE}?categorie=gendarmerie").text
    compared = "Tous les acteurs sont comparés entre eux"
    assert EMPTY in narrowed
    assert compared not in narrowed
    assert f'href="{PAGE}">Voir toutes les paires' in narrowed
    # Nobody has compared them yet, which no number says to a référent.
    assert "La comparaison est en cours." in narrowed


def test_one_pair_is_found_without_opening_the_others(
    desk: Desk, three: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    real = Vault.open_json

    def noted(vault: Vault, table: str, row: UUID, *rest: object) -> object:
        if table == "proposal":
            opened.append(row)
        return real(vault, table, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "open_json", noted)
    with read(desk.databases.staff) as session:
        assert find_double(session, desk.vault, OPERATOR, three[1]).id == three[1]
        assert find_put_off(session, desk.vault, OPERATOR, three[1]) is None
        assert opened == [three[1]]
        assert len(doubles(session, desk.vault, OPERATOR)) > 2
    assert waits(desk, "Antenne 52") == three[1]


def test_a_join_that_cannot_be_undone_says_how_to_go_on(desk: Desk) -> None:
    proposal = pair(desk, 57)
    decided = {"decided_at": func.now(), "accepted": True, "who": "essai"}
    with write(desk.databases.staff) as session:
        session.execute(update(Proposal).where(Proposal.id == proposal).values(decided))
    done = back(desk.signed_in(), proposal)
    assert done.status_code == 409
    assert "créez l’autre de nouveau" in done.text


@pytest.mark.slow
def test_a_home_that_is_not_the_other_one_is_written_by_who_has_it_open(desk: Desk) -> None:
    for name, category, at in (("Antenne 39", "Association", 38), (f"{NAME} 39", "MECS", 39)):
        line = f"{name};{category};{at} rue Haute;93000;Bobigny;01 99 00 02 {at};;"
        run(desk.runtime, f"{HEAD}\r\n{line}".encode("cp1252"), source=name, territory=None)
    proposal, browser = proposed(desk, f"{NAME} 39", "Antenne 39"), desk.signed_in()
    browser.post(f"/gestion/acteurs/{only(desk, f'{NAME} 39').public_id}/ouvrir")
    assert answer(browser, proposal, "separer").status_code == 303
    for other in (desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in()):
        assert back(other, proposal).status_code == 403
    assert back(browser, proposal).status_code == 303
