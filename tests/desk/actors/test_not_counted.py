"""What somebody may not read of an actor they cannot count either, by no list and by no answer."""

import re
from uuid import UUID

import httpx
import pytest

from app.accounts.assigning import assign
from app.models import Role
from app.platform.database.sessions import write
from app.platform.web.permissions import routes_of
from tests.desk.actors.conftest import Desk
from tests.desk.actors.masked import do
from tests.desk.bureau import Browser
from tests.short_lists import csv, run

DEPARTEMENT, ETAT, CURATEUR = Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.CURATEUR
SERVICE = "Service {0};Association;{0} rue Large;93000;Bobigny;01 99 00 02 0{0};"
ELSEWHERE = "Antenne {0};Association;{0} rue Longue;59000;Lille;01 99 00 02 0{0};"
LIST = "/gestion/acteurs"
SENT = {
    **{"version": "1", "vue": "1", "name": "x", "revision": "0", "lot": str(UUID(int=1))},
    **{"geste": "verifier", "contact": "01 99 00 00 00", "accord": "01/06/2026"},
}


@pytest.fixture(scope="module", autouse=True)
def _shared_elsewhere(desk: Desk) -> None:
    lines = [each.format(number) for number in (1, 2, 3, 4) for each in (SERVICE, ELSEWHERE)]
    run(desk.runtime, csv(*lines), source="partagés", territory=None)


def protected(desk: Desk, browser: Browser, name: str) -> httpx.Response:
    path = f"{LIST}/{desk.ids()[name]}/proteger"
    return browser.post(path, data={"pourquoi": "menaces"})


@pytest.mark.slow
@pytest.mark.parametrize(("role", "name", "known"), [(DEPARTEMENT, 1, 0), (CURATEUR, 2, 1)])
def test_who_is_hidden_with_one_is_counted_where_one_may_know_of_it(
    desk: Desk, role: Role, name: int, known: int
) -> None:
    answer = protected(desk, desk.signed_in(role), f"Service {name}")
    assert f"fait=protege&avec={known}&" in answer.headers["location"]


@pytest.mark.parametrize(("role", "name", "known"), [(DEPARTEMENT, 3, 1), (CURATEUR, 4, 2)])
def test_a_deed_on_several_counts_no_neighbour_of_another_territory(
    desk: Desk, role: Role, name: int, known: int
) -> None:
    chosen = [desk.ids()[f"Service {name}"]]
    answer = do(desk.signed_in(role), "proteger", chosen, pourquoi="menaces")
    assert f"bilan=proteger.1.{known}" in answer.headers["location"]


def rows(browser: Browser, query: str = "") -> dict[str, str]:
    """Name of each row of a list -> all of it."""
    page = browser.get(f"{LIST}?{query}")
    assert page.status_code == 200
    found = re.findall(r"<tr data-row.*?</tr>", page.text, re.DOTALL)
    return {re.sub(r"<span.*?</span>|<[^>]*>", "", re.findall(r"<th.*?</th>", each)[0]).strip():
            each for each in found}  # fmt: skip


HELD, OPEN = "Association voisine", "Association libre"


def test_a_referent_of_the_state_reads_a_held_actor_as_one_without_an_address(desk: Desk) -> None:
    browser, ids = desk.signed_in(ETAT), desk.ids()
    found = rows(browser)
    shape = [
        re.sub(r">[^<>]+<", "><", found[name]).replace(ids[name], "").replace(name, "")
        for name in (HELD, OPEN)
    ]
    assert shape[0] == shape[1]
    assert "cachée" not in found[HELD]
    curateur = desk.enrolled(CURATEUR)
    with write(desk.databases.staff) as session:
        assign(session, ["93"], {False: curateur.id})
    page = browser.get(f"{LIST}/{ids[HELD]}")
    assert page.status_code == 200
    assert "curateur de son territoire, Camille Exemple." in page.text
    assert "ce que le public en lit" in page.text
    assert not re.search(r"rue cach|cachée|voisin d", page.text)
    assert browser.get(f"{LIST}/{ids[HELD]}/historique").status_code == 404


# Neither of what the State looks after: the first stands beside a shelter, the second does not.
BESIDE, ALONE = "Maison des soins", "Point des soins"


@pytest.mark.slow
def test_the_state_cannot_tell_which_service_of_others_stands_beside_a_home(desk: Desk) -> None:
    lines = (
        f"{BESIDE};CMP;10 rue Cachée;93000;Bobigny;01 99 00 00 41;",
        f"{ALONE};CMP;12 rue Claire;93000;Bobigny;01 99 00 00 42;",
    )
    run(desk.runtime, csv(*lines), source="soins", territory=None)
    browser, ids, referent = desk.signed_in(ETAT), desk.ids(), desk.signed_in(DEPARTEMENT)
    assert "adresse cachée" in referent.get(f"{LIST}/{ids[BESIDE]}").text
    paths = sorted(
        {str(each.path) for each in routes_of(desk.app) if "{public_id}" in str(each.path)}
    )
    said_of: dict[str, list[tuple[str, int, int]]] = {BESIDE: [], ALONE: []}
    for name, answers in said_of.items():
        for path in paths:
            whole = path.replace("{public_id}", ids[name])
            asked = f"{whole}?de=1&a=1&fichier={UUID(int=1)}&ligne=1"
            sent = SENT | {"pourquoi": "" if path.endswith("/proteger") else "x"}
            for answer in (browser.get(asked), browser.post(whole, data=sent)):
                said = answer.text.replace(ids[name], "").replace(name, "")
                # What the public reads of where it is.
                said = re.sub(r"12 rue Claire|93000|Bobigny|42\b|41\b", "", said)
                answers.append((path, answer.status_code, len(re.findall(r"<(?:h1|form)", said))))
    assert said_of[BESIDE] == said_of[ALONE]
    page = browser.get(f"{LIST}/{ids[ALONE]}").text
    assert "ce que le public en lit" in page


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    ["protection=adresse", "protection=aucune", "masque=oui", "cause=voisin", "decide=non"],
)
def test_nothing_narrows_the_list_of_the_state_to_what_is_hidden(desk: Desk, query: str) -> None:
    browser = desk.signed_in(ETAT)
    assert rows(browser, query).keys() == rows(browser).keys()


def test_a_held_actor_is_counted_and_sent_to_the_state_like_any_other(desk: Desk) -> None:
    browser = desk.signed_in(ETAT)
    assert HELD in rows(browser, "verifie=jamais")
    said = re.findall(r'value="jamais"[^>]*>[^(<]*\((\d+)\)', browser.get(LIST).text)
    assert said == [str(len(rows(browser, "verifie=jamais")))]
    sent = browser.post(f"{LIST}/export", data={"fichier": "csv"}).content.decode("utf-8-sig")
    (line,) = [each for each in sent.splitlines() if HELD in each]
    assert "publié" in line
