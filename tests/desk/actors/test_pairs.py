"""Two that may be one are read side by side before it is decided, and nothing masked is shown."""

import re
from uuid import UUID

import pytest

from app.models import Role
from app.platform.database.sessions import read, write
from app.records.doubles import count, doubles
from app.records.proposals import perhaps_same, propose
from app.vault.digests import index_key
from app.visibility import Viewer
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_duplicates import PAGE, pair, proposed, seen_in, waits
from tests.desk.actors.test_sheet import SECRETS, journal
from tests.desk.actors.test_undo import listed, seen

ROW = re.compile(r"<tr>\s*<th scope=\"row\">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>",
                 re.DOTALL)  # fmt: skip


def rows(page: str) -> dict[str, tuple[str, str]]:
    """Field of which both say something else -> both values, "*" before the one proposed."""
    found = {}
    for label, *values in ROW.findall(page):
        texts = (each.partition("<div")[0] for each in values)
        said = ("*" * ("<ins>" in each) + re.sub(r"<[^>]*>", "", each).strip() for each in texts)
        found[label] = tuple(said)
    return found  # type: ignore[return-value]


def with_shelter(desk: Desk, name: str) -> UUID:
    """An association that may be the shelter; return the proposal."""
    listed(desk, name)
    with write(desk.databases.staff) as session:
        both = seen(desk, name).actor_id, seen(desk, "Foyer fictif").actor_id
        found = [perhaps_same(*both, "même téléphone")]
        propose(session, desk.vault, index_key(session, desk.vault), found)
    return waits(desk, name)


@pytest.mark.slow
def test_both_are_shown_and_what_is_better_is_marked(desk: Desk) -> None:
    proposal = pair(desk, 21)
    browser = desk.signed_in()
    assert f'href="{PAGE}/{proposal}"' in browser.get(PAGE).text
    page = browser.get(f"{PAGE}/{proposal}").text
    found = rows(page)
    assert found["Nom"] == ("*Antenne 21", "Maison des droits 21")
    assert found["Site"] == ("*https://a.example.org", "https://b.example.org")
    assert "catégorie (Association)" in page
    assert "SIRET" not in page
    data = {"reponse": "separer", "vu": seen_in(browser, proposal)}
    assert browser.post(f"{PAGE}/{proposal}", data=data).status_code == 303
    answer = browser.get(f"{PAGE}/{proposal}")
    assert "n’attend plus de réponse" in browser.get(answer.headers["location"]).text


@pytest.mark.slow
@pytest.mark.parametrize("stays", [0, 1])
def test_the_sheet_that_stays_heads_its_pair_whichever_was_known_first(
    desk: Desk, stays: int
) -> None:
    names = (f"Permanence aînée {stays}", f"Permanence cadette {stays}")
    for name in names:
        listed(desk, name)
    proposal = proposed(desk, names[1 - stays], names[stays])
    browser = desk.signed_in()
    line = browser.get(PAGE).text.partition(f'id="p-{proposal}"')[2].partition("<form")[0]
    heading, _, rest = line.partition("</h2>")
    assert f">{names[stays]}</a>" in heading
    assert f">{names[1 - stays]}</a>" in rest.partition("</p>")[0]
    # Both are of one day and one list each: that stands beside the names, and no row repeats these.
    assert "Nom" not in rows(line)
    assert line.count("nom proposé") == 1
    # Its values stand in the column of the sheet that stays.
    said = rows(browser.get(f"{PAGE}/{proposal}").text)["Nom"]
    assert names[stays] in said[0]
    assert names[1 - stays] in said[1]


@pytest.mark.slow
def test_ranks_are_shown_only_where_they_differ(desk: Desk) -> None:
    proposal, browser = pair(desk, 29), desk.signed_in()
    address, rank = f"{PAGE}/{proposal}", re.compile(r", rang \d+</div>")
    listing = browser.get(PAGE).text.partition(f'id="p-{proposal}"')[2]
    for page in (listing, browser.get(address).text):
        assert not rank.search(page.partition("</table>")[0])
    site = "https://c.example.org"
    assert correct(browser, desk.ids()["Antenne 29"], website=site).status_code == 303
    table = browser.get(address).text.partition("<table")[2].partition("</table>")[0]
    found = {each[1]: rank.findall(each[0]) for each in ROW.finditer(table)}
    ranked = {label: len(several) for label, several in found.items() if several}
    assert ranked == {"Site": 2}


@pytest.mark.slow
def test_a_masked_one_shows_what_its_sheet_does_until_it_is_opened(desk: Desk) -> None:
    proposal = with_shelter(desk, "Association jumelle")
    address, browser = f"{PAGE}/{proposal}", desk.signed_in()
    page = browser.get(address).text
    assert not [secret for secret in SECRETS if secret in page]
    # The phone of the open one stands in the table.
    assert "même téléphone" not in page
    assert "Deux acteurs" not in page.partition("<main")[2]
    assert rows(page) == {}
    assert "Foyer fictif" in page
    opening = f"{address}/ouvrir"
    assert f'action="{opening}"' in page
    queue = browser.get(PAGE).text.partition(f'id="p-{proposal}"')[2].partition("</li>")[0]
    assert queue.count("Ouvrir pour comparer") == 1
    assert "même téléphone" not in queue
    before = journal(desk, "actor_opened")
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert state.post(opening, data={"comparer": "true"}).status_code == 403
    answer = browser.post(opening, data={"comparer": "true"})
    assert answer.headers["location"] == address
    # Once open it is not opened again, and leads back to the queue from there.
    assert browser.post(opening).headers["location"] == f"{PAGE}#p-{proposal}"
    assert journal(desk, "actor_opened") == before + 1
    page = browser.get(address).text
    assert "même téléphone" in page
    assert "10 rue Cachée" in rows(page)["Adresse"][0]
    assert not [secret for secret in SECRETS if secret in desk.signed_in().get(address).text]
    desk.clock.pass_by(minutes=16)
    closed = browser.get(address).text
    desk.clock.pass_by(minutes=-16)
    assert not [secret for secret in SECRETS if secret in closed]


def test_whom_a_record_names_is_not_read_here(desk: Desk) -> None:
    proposal = pair(desk, 23)
    browser = desk.signed_in()
    assert correct(browser, desk.ids()["Antenne 23"], withheld="06 99 00 00 23").status_code == 303
    for page in (PAGE, f"{PAGE}/{proposal}"):
        assert "06 99 00 00 23" not in desk.signed_in().get(page).text


@pytest.mark.parametrize("way", ["https://example.org", "//example.org/gestion", "/connexion"])
def test_an_opening_leads_to_no_other_place(desk: Desk, way: str) -> None:
    opening = f"/gestion/acteurs/{desk.ids()['Foyer fictif']}/ouvrir"
    answer = desk.signed_in().post(opening, data={"suite": way})
    assert answer.headers["location"] == "/gestion"


def test_what_is_counted_follows_the_other_of_two_as_well(desk: Desk) -> None:
    proposal, curateur = pair(desk, 25), desk.signed_in()
    viewer = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])

    def counted() -> int:
        with read(desk.databases.staff) as session:
            found = doubles(session, desk.vault, viewer)
            assert count(session, desk.vault, viewer) == len(found)
            return sum(each.id == proposal for each in found)

    assert counted() == 1
    elsewhere = {"territory": "59", "postcode": "59000", "city": "Lille"}
    assert correct(curateur, desk.ids()["Antenne 25"], **elsewhere).status_code == 303
    assert counted() == 0
