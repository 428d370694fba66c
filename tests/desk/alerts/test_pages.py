"""A member makes, changes and deletes alerts; anybody else is told how to become a member."""

import html
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, select

from app.alerting import keeping
from app.alerting.searches import read_wanted
from app.models import Alert, NetworkMember, Role
from app.network.held import held
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Browser, Bureau, Person
from tests.networked import joins, leaves

PAGE = "/pro/alertes"
SEARCH = "/departements/93?q=fugue&tri=nom&page=3&ouverture=maintenant"


@pytest.fixture
def person(bureau: Bureau) -> Iterator[Person]:
    found = bureau.enrolled(Role.PROFESSIONNEL)
    joins(runtime_of(bureau), found.id, bureau.clock.at)
    yield found
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkMember))


@pytest.fixture
def browser(bureau: Bureau, person: Person) -> Browser:
    return bureau.signed_in_as(person)


def rows(bureau: Bureau) -> list[Alert]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(Alert)))


def makes(browser: Browser, address: str = SEARCH, rhythm: str = "semaine") -> None:
    sent = browser.post(f"{PAGE}/nouvelle", {"de": address, "rythme": rhythm})
    assert sent.headers["location"] == f"{PAGE}?fait=creee"


def test_an_alert_is_made_from_the_address_of_a_search(bureau: Bureau, browser: Browser) -> None:
    assert "pas encore d’alerte" in browser.get(PAGE).text
    page = browser.get(f"{PAGE}/nouvelle?de=/departements/93%3Fq%3Dfugue").text
    assert "Seine-Saint-Denis, « fugue »" in page
    makes(browser)
    (row,) = rows(bureau)
    # Neither the order, the page nor the hour is of what is told.
    assert keeping.query_of(bureau.vault, row) == "territoire=93&q=fugue"
    assert b"fugue" not in row.content
    shown = html.unescape(browser.get(PAGE).text)
    assert "Acteurs : " in shown
    assert "/departements/93?q=fugue" in shown
    # The same again is the same one.
    makes(browser, "/table?q=fugue&territoire=93", "mois")
    (row,) = rows(bureau)
    assert row.rhythm == "mois"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ressources?q=emprise&territoire=93", "Ressources : <strong>« emprise », Seine"),
        ("/agenda?type=webinaire&territoire=93", "Agenda : <strong>Seine-Saint-Denis, Webinaire"),
        ("/autour", "Acteurs : <strong>Toute la France"),
        ("/ressources", "Ressources : <strong>Tout"),
    ],
)
def test_each_kind_of_search_is_worded(browser: Browser, address: str, words: str) -> None:
    page = browser.get(f"{PAGE}/nouvelle?{urlencode({'de': address})}").text
    assert words in html.unescape(page)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("", 422),
        ("/gestion/comptes", 422),
        ("https://ailleurs.exemple/table", 200),
        ("//ailleurs.exemple/mots", 422),
        ("javascript:alert(1)", 422),
        ("/departements/999", 404),
        ("/agenda?territoire=999", 404),
        ("/agenda?type=x", 422),
        ("/ressources?page=x", 422),
        ("/table?categorie=x", 422),
        ("/table?lieu=x", 404),
        ("/table?" + "q=a&" * 600, 422),
    ],
)
def test_what_is_no_search_of_ours_is_refused(
    bureau: Bureau, browser: Browser, address: str, status: int
) -> None:
    sent = browser.post(f"{PAGE}/nouvelle", {"de": address, "rythme": "mois"})
    assert sent.status_code == (303 if status == 200 else status)
    assert len(rows(bureau)) == (status == 200)


def test_an_alert_is_changed_and_deleted_by_its_owner_alone(
    bureau: Bureau, browser: Browser
) -> None:
    makes(browser)
    (row,) = rows(bureau)
    other = bureau.enrolled(Role.PROFESSIONNEL)
    joins(runtime_of(bureau), other.id, bureau.clock.at)
    stranger = bureau.signed_in_as(other)
    for path, given in (("rythme", {"rythme": "mois"}), ("supprimer", {})):
        assert stranger.post(f"{PAGE}/{row.id}/{path}", given).status_code == 404
    assert "« fugue »" not in stranger.get(PAGE).text
    assert browser.post(f"{PAGE}/{row.id}/rythme", {"rythme": "x"}).status_code == 422
    assert browser.post(f"{PAGE}/{row.id}/rythme", {"rythme": "mois"}).status_code == 303
    assert rows(bureau)[0].rhythm == "mois"
    assert browser.post(f"{PAGE}/{row.id}/supprimer", {}).status_code == 303
    assert rows(bureau) == []
    assert browser.post(f"{PAGE}/{row.id}/supprimer", {}).status_code == 404


def test_a_member_has_fifty_at_most(bureau: Bureau, browser: Browser) -> None:
    for number in range(keeping.MOST):
        with write(bureau.databases.staff) as session:
            account = session.scalars(select(NetworkMember.account_id)).one()
            wanted = read_wanted(session, "acteurs", f"q=mot{number}")
            keeping.create(session, bureau.vault, account, wanted, "mois", bureau.clock.at)
    sent = browser.post(f"{PAGE}/nouvelle", {"de": SEARCH, "rythme": "mois"})
    assert sent.status_code == 409
    assert "cinquante alertes" in sent.text


def test_whoever_is_no_member_is_told_how_to_become_one(
    bureau: Bureau, professional: Browser
) -> None:
    for path in (PAGE, f"{PAGE}/nouvelle?de=/table"):
        page = professional.get(path)
        assert page.status_code == 200
        assert "/pro/reseau/charte" in page.text
    assert professional.post(f"{PAGE}/nouvelle", {"de": "/table"}).status_code == 403
    assert rows(bureau) == []
    assert bureau.signed_in(Role.CURATEUR).get(PAGE).status_code == 403


def test_alerts_are_handed_out_and_end_with_membership(
    bureau: Bureau, person: Person, browser: Browser
) -> None:
    makes(browser)
    with read(bureau.databases.staff) as session:
        given = held(session, bureau.vault, person.id, bureau.clock.at)["alertes"]
    assert [(each["recherche"], each["rythme"]) for each in given] == [
        ("acteurs ? territoire=93&q=fugue", "semaine")
    ]
    leaves(runtime_of(bureau), person.id)
    assert rows(bureau) == []


def test_one_that_was_deleted_is_deleted_from_a_restored_database(
    bureau: Bureau, browser: Browser
) -> None:
    makes(browser)
    (row,) = rows(bureau)
    with write(bureau.databases.staff) as session:
        assert revoked_again.alerts(session, bureau.vault, [str(row.id)], "essai") == 1
        assert revoked_again.alerts(session, bureau.vault, [str(row.id)], "essai") == 0
    assert rows(bureau) == []
    assert "« fugue »" not in browser.get(PAGE).text
