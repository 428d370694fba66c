"""Two that may be one wait in a queue; whoever reads both merges, parts, puts off, and undoes."""

import re
from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from app.gazetteer.load import cached_gazetteer
from app.main import create_app
from app.models import Revision, Role
from app.platform.database.sessions import read, write
from app.records.causes import Cause
from app.records.doubles import doubles
from app.records.history import History
from app.records.proposals import perhaps_same, propose
from app.records.viewing import Seen, see
from app.records.writing import Writer
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_sheet import journal
from tests.desk.bureau import Browser
from tests.serving import serving, unnumbered
from tests.short_lists import HEADER, run

PAGE = "/gestion/doublons"
NAME = "Maison des droits"
HEAD = f"{HEADER};Site"


def pair(
    desk: Desk, number: int, category: str = "Association", *, town: str = "93000;Bobigny"
) -> UUID:
    """Two that may be one; return the proposal."""
    seat = f"{number} rue Haute;{town};01 99 00 02 {number:02}"
    for name, mail in (("Antenne", "a"), (NAME, "b")):
        line = f"{name} {number};{category};{seat};{mail}@example.org;https://{mail}.example.org"
        data = f"{HEAD}\r\n{line}".encode("cp1252")
        run(desk.runtime, data, source=f"{mail} {number}", territory=None)
    return proposed(desk, f"{NAME} {number}", f"Antenne {number}")


def proposed(desk: Desk, name: str, first: str) -> UUID:
    """Ask whether one actor is another one; return the proposal."""
    one, other = (only(desk, each).actor_id for each in (name, first))
    with write(desk.databases.staff) as session:
        found = [perhaps_same(one, other, "même adresse postale")]
        propose(session, desk.vault, index_key(session, desk.vault), found)
    return waits(desk, name)


def waits(desk: Desk, name: str) -> UUID:
    """Return the pair of an actor, which waits."""
    actor = only(desk, name).actor_id
    with read(desk.databases.staff) as session:
        found = doubles(session, desk.vault, OPERATOR)
    (proposal,) = (each.id for each in found if actor in (each.first, each.second))
    return proposal


def only(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        found = see(session, desk.vault, OPERATOR)
        return next(each for each in found if each.record.name == name)


def doubtful(desk: Desk, number: int) -> UUID:
    """Two that may be one, of which the second is hidden until somebody says."""
    proposal = pair(desk, number)
    actor_id = only(desk, f"{NAME} {number}").actor_id
    other = only(desk, f"Antenne {number}").actor_id
    with write(desk.databases.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
        writer = Writer(session, desk.vault, index_key(session, desk.vault), gazetteer)
        (edit,) = writer.stored([actor_id]).values()
        edit.causes = (Cause(why="duplicate", what=str(other), since=date(2026, 1, 1)),)
        writer.settle({actor_id: edit}, History(session, desk.vault, "essai", "edit"))
    return proposal


def seen_in(browser: Browser, proposal: UUID) -> str:
    """Return which changes of both the page that compares them shows."""
    page = browser.get(f"{PAGE}/{proposal}").text
    found = re.search(r'name="vu" value="([\d.]+)"', page)
    return found[1] if found else ""


def answer(browser: Browser, proposal: UUID, what: str, **given: str) -> httpx.Response:
    data = {"reponse": what, "vu": seen_in(browser, proposal)} | given
    return browser.post(f"{PAGE}/{proposal}", data=data)


def back(browser: Browser, proposal: UUID) -> httpx.Response:
    return browser.post(f"{PAGE}/{proposal}/defaire")


@pytest.mark.slow
def test_two_are_made_one_and_two_again(desk: Desk) -> None:
    proposal, browser = pair(desk, 11), desk.signed_in()
    page = browser.get(PAGE).text
    assert f"{NAME} 11" in page
    assert "même adresse postale" in page
    before = journal(desk, "proposal_decided")
    done = answer(browser, proposal, "reunir")
    assert done.status_code == 303
    page = browser.get(done.headers["location"]).text
    assert "réunies en une seule" in page
    assert f'action="{PAGE}/{proposal}/defaire"' in page
    assert only(desk, f"{NAME} 11").record.status == "archived"
    assert back(browser, proposal).status_code == 303
    assert waits(desk, f"{NAME} 11") == proposal
    answer(browser, proposal, "separer")
    assert f"{NAME} 11" not in browser.get(PAGE).text
    assert journal(desk, "proposal_decided") == before + 3
    noted = desk.signed_in(Role.ADMINISTRATEUR).get("/gestion/journal?geste=proposal_decided").text
    for said in ("un seul acteur", "annulé", "deux acteurs"):
        assert f"réponse : {said}" in noted


def test_a_person_chooses_of_each_field_and_no_list_changes_it(desk: Desk) -> None:
    proposal, browser = pair(desk, 12), desk.signed_in()
    page = browser.get(f"{PAGE}/{proposal}").text
    assert re.search(r'name="champ_website" value="first" checked', page)
    answer(browser, proposal, "reunir", champ_website="second", champ_emails="first")
    stays = only(desk, "Antenne 12")
    assert (stays.record.website, stays.record.emails) == (
        "https://b.example.org",
        ("a@example.org",),
    )
    with read(desk.databases.staff) as session:
        of = select(Revision.action).where(Revision.actor_id == stays.actor_id)
        assert session.scalars(of.order_by(Revision.number.desc())).first() == "join"
    line = "Antenne 12;Association;12 rue Haute;93000;Bobigny;01 99 00 02 12;c@example.org;https://c.example.org"
    run(desk.runtime, f"{HEAD}\r\n{line}".encode("cp1252"), source="a 12", territory=None)
    record = only(desk, "Antenne 12").record
    assert (record.website, record.emails) == ("https://b.example.org", ("c@example.org",))


def test_the_keys_of_a_pair_are_those_that_its_page_names(desk: Desk) -> None:
    pair(desk, 33)
    page = desk.signed_in().get(PAGE).text
    named = page.split("Au clavier", 1)[1].split("</p>", 1)[0]
    keys = set(re.findall(r'data-key="(\w)"', page.split('id="p-', 1)[1]))
    assert {"m", "d", "t", "c"} <= keys
    assert all(f"<kbd>{key}</kbd>" in named for key in keys)


@pytest.mark.slow
def test_numbers_of_both_are_called_by_their_acronyms(desk: Desk) -> None:
    proposal, browser = pair(desk, 34), desk.signed_in()
    for name in ("Antenne 34", f"{NAME} 34"):
        correct(desk.signed_in(), desk.ids()[name], siret="73282932000074")
    page = browser.get(f"{PAGE}/{proposal}").text
    assert "SIRET (" in page.split("Identique", 1)[1]


def test_what_was_put_off_waits_at_the_end(desk: Desk) -> None:
    proposal, browser = pair(desk, 13), desk.signed_in()
    last = pair(desk, 14)
    done = browser.post(f"{PAGE}/{proposal}", data={"reponse": "plus-tard", "suite": str(last)})
    assert done.headers["location"].endswith(f"#p-{last}")
    page = browser.get(PAGE).text
    assert page.index(f"p-{last}") < page.index(f"p-{proposal}")
    assert "Remise à plus tard" in page
    assert back(browser, proposal).status_code == 303
    assert "Remise à plus tard" not in browser.get(PAGE).text


def test_who_changed_meanwhile_is_read_again_first(desk: Desk) -> None:
    proposal, browser = pair(desk, 15), desk.signed_in()
    seen = seen_in(browser, proposal)
    correct(browser, desk.ids()["Antenne 15"], acronym="A15")
    for word in ("reunir", "separer"):
        done = browser.post(f"{PAGE}/{proposal}", data={"reponse": word, "vu": seen})
        assert done.status_code == 409
    assert waits(desk, "Antenne 15") == proposal


def test_the_queue_is_narrowed_by_territory_and_category(desk: Desk) -> None:
    pair(desk, 16, "Planning familial")
    browser = desk.signed_in()
    for query, found in (
        ("territoire=93", True),
        ("territoire=59", False),
        ("categorie=association", False),
    ):
        assert (f"{NAME} 16" in browser.get(f"{PAGE}?{query}").text) is found


@pytest.mark.slow
def test_two_that_were_parted_wait_again_and_the_second_is_hidden_again(desk: Desk) -> None:
    proposal, browser = doubtful(desk, 21), desk.signed_in()
    assert only(desk, f"{NAME} 21").level == "unlisted"
    assert "même adresse postale" not in browser.get(f"{PAGE}/{proposal}").text
    # Nobody publishes by it what they have not read.
    for word in ("separer", "reunir"):
        refused = answer(browser, proposal, word)
        assert (refused.status_code, "Ouvrez d’abord" in refused.text) == (403, True)
    assert only(desk, f"{NAME} 21").level == "unlisted"
    browser.post(f"{PAGE}/{proposal}/ouvrir")
    answer(browser, proposal, "separer")
    assert only(desk, f"{NAME} 21").level is None
    assert back(browser, proposal).status_code == 303
    assert only(desk, f"{NAME} 21").level == "unlisted"
    assert waits(desk, f"{NAME} 21") == proposal
    assert back(browser, proposal).status_code == 409
    # What somebody published by itself since then is left to them.
    answer(browser, proposal, "separer")
    correct(browser, desk.ids()[f"{NAME} 21"], acronym="MD")
    done = back(browser, proposal)
    assert (done.status_code, "entre-temps" in done.text) == (409, True)
    assert only(desk, f"{NAME} 21").level is None


def test_a_join_is_taken_back_with_its_proposal_alone(desk: Desk) -> None:
    proposal, browser = pair(desk, 22), desk.signed_in()
    answer(browser, proposal, "reunir")
    actor = only(desk, f"{NAME} 22")
    with read(desk.databases.staff) as session:
        of = select(Revision.batch_id).where(Revision.actor_id == actor.actor_id)
        batch = session.scalars(of.order_by(Revision.number.desc()).limit(1)).one()
    path = f"/gestion/acteurs/{actor.public_id}"
    browser.post(f"{path}/ouvrir")
    done = browser.post(f"{path}/annuler", data={"lot": str(batch)})
    assert "pas_annule" in done.headers["location"]
    assert only(desk, f"{NAME} 22").record.status == "archived"


@pytest.mark.slow
def test_what_was_decided_of_two_is_said_in_words_in_their_history(desk: Desk) -> None:
    proposal, browser = pair(desk, 17), desk.signed_in()
    answer(browser, proposal, "reunir")

    def histories() -> list[str]:
        found = []
        for name in ("Antenne 17", f"{NAME} 17"):
            address = f"/gestion/acteurs/{desk.ids()[name]}"
            browser.post(f"{address}/ouvrir")
            found.append(browser.get(f"{address}/historique").text)
        return found

    assert all("· Réuni à un autre" in text for text in histories())
    back(browser, proposal)
    answer(browser, proposal, "separer")
    text = "".join(histories())
    assert "· Distingué d’un autre" in text
    assert not re.search("<h2>Version [0-9]+ · [a-z]", text)
    causes = re.findall(r"Causes de la protection</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", text)
    assert all(before != after for before, after in causes)
    assert not [each for row in causes for each in row if each.isdecimal()]


@pytest.mark.slow
def test_a_referent_reads_and_answers_pairs_of_their_territories_alone(desk: Desk) -> None:
    mine, other = pair(desk, 23), pair(desk, 24, town="59000;Lille")
    hidden = doubtful(desk, 25)
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    page = browser.get(PAGE).text
    assert f"{NAME} 23" in page
    assert f"{NAME} 24" not in page
    assert browser.get(f"{PAGE}/{other}").status_code == 303
    for word in ("reunir", "separer", "plus-tard"):
        assert answer(browser, other, word).status_code == 409
    assert back(browser, other).status_code == 409
    # Of who is hidden a curateur decides.
    browser.post(f"/gestion/acteurs/{desk.ids()[f'{NAME} 25']}/ouvrir")
    assert answer(browser, hidden, "separer").status_code == 403
    assert answer(browser, mine, "reunir").status_code == 303
    assert back(browser, mine).status_code == 303
    desk.signed_in().post(f"{PAGE}/{other}", data={"reponse": "plus-tard"})
    assert back(browser, other).status_code == 409


@pytest.mark.slow
def test_who_may_not_answer_takes_no_answer_back(desk: Desk) -> None:
    proposal, browser = pair(desk, 26, "MECS"), desk.signed_in()
    for name in ("Antenne 26", f"{NAME} 26"):
        browser.post(f"/gestion/acteurs/{only(desk, name).public_id}/ouvrir")
    assert answer(browser, proposal, "reunir").status_code == 303
    referent, other = desk.signed_in(Role.REFERENT_DEPARTEMENT), desk.signed_in()
    assert back(referent, proposal).status_code == 403
    refused = back(other, proposal)
    assert (refused.status_code, "Ouvrez d’abord" in refused.text) == (403, True)
    assert only(desk, f"{NAME} 26").record.status == "archived"
    assert back(browser, proposal).status_code == 303


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR, Role.REFERENT_DEPARTEMENT}))
def test_nobody_else_reads_or_decides(desk: Desk, role: Role) -> None:
    browser = desk.signed_in(role)
    for path in (PAGE, f"{PAGE}/{uuid4()}"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}", data={"reponse": "reunir"}).status_code == 403
    assert browser.post(f"{PAGE}/{uuid4()}/defaire").status_code == 403


@pytest.mark.parametrize("given", ["reunir", "separer", "plus-tard", "x", ""])
def test_what_does_not_wait_cannot_be_decided(desk: Desk, given: str) -> None:
    browser = desk.signed_in()
    done = browser.post(f"{PAGE}/{uuid4()}", data={"reponse": given, "vu": "1.1"})
    assert 400 <= done.status_code < 500
    assert 400 <= browser.post(f"{PAGE}/{uuid4()}/defaire").status_code < 500
    assert browser.get(f"{PAGE}/{uuid4()}").headers["location"] == f"{PAGE}?fait=decidee"


@pytest.mark.slow
def test_a_join_is_not_undone_once_somebody_edited_and_it_says_who_and_what(desk: Desk) -> None:
    proposal, browser = pair(desk, 31), desk.signed_in()
    answer(browser, proposal, "reunir")
    correct(desk.signed_in(), desk.ids()["Antenne 31"], acronym="A31")
    done = back(browser, proposal)
    assert done.status_code == 409
    assert "Corrigé" in done.text
    assert "entre-temps" not in done.text
    assert only(desk, f"{NAME} 31").record.status == "archived"


@pytest.mark.slow
def test_an_address_leads_to_the_one_that_stays_as_long_as_neither_is_hidden(desk: Desk) -> None:
    proposal, browser = pair(desk, 32), desk.signed_in()
    before = {name: desk.ids()[f"{name} 32"] for name in ("Antenne", NAME)}
    path = f"/acteurs/{before[NAME]}"
    with (
        serving(create_app(desk.settings, desk.databases)) as base,
        httpx.Client(base_url=base, trust_env=False, timeout=30) as public,
    ):
        page = public.get(path).headers["location"]
        answer(browser, proposal, "reunir")
        for old in (path, page, f"{path}/fiche.pdf"):
            moved = public.get(old)
            assert (moved.status_code, before["Antenne"] in moved.headers["location"]) == (
                308,
                True,
            )
        assert "Antenne 32" in public.get(f"{path}/signaler").text
        hidden = {"pourquoi": "menaces"}
        browser.post(f"/gestion/acteurs/{before['Antenne']}/proteger", data=hidden)
        unknown = public.get("/acteurs/0000000000000000")
        assert unknown.status_code == 404
        now = f"/acteurs/{before['Antenne']}"
        for end in ("", "/fiche.pdf"):
            for gone in (public.get(f"{path}{end}"), public.get(f"{now}{end}")):
                assert gone.status_code == 404
                assert unnumbered(gone.text) == unnumbered(unknown.text)
                assert gone.headers.keys() == unknown.headers.keys()
        assert "Antenne 32" not in public.get(f"{path}/signaler").text
