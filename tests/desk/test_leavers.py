"""An organisation's own list says who left it; nothing of the list is kept."""

import re
from uuid import uuid4

import pytest

from app.models import Account, Role
from app.platform.database.sessions import read
from tests.desk.bureau import Browser, Bureau, Person

HERE = "/gestion/comptes/partis"
CHOICE = re.compile(r'name="organisation" value="([^"]+)"')


@pytest.fixture
def administrator(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.ADMINISTRATEUR)


@pytest.fixture
def people(bureau: Bureau) -> list[Person]:
    return [bureau.enrolled(Role.PROFESSIONNEL) for _ in range(3)]


def is_open(bureau: Bureau, person: Person) -> bool:
    with read(bureau.databases.staff) as session:
        account = session.get(Account, person.id)
        assert account
        return account.disabled_at is None


def chosen(browser: Browser) -> str:
    """The one organisation of those who have an account."""
    (key,) = CHOICE.findall(browser.get(HERE).text)
    return str(key)


def compared(browser: Browser, listed: str) -> str:
    answer = browser.post(HERE, data={"organisation": chosen(browser), "liste": listed})
    return str(answer.text)


def test_who_is_not_in_the_list_of_an_organisation_is_shown_and_ended_by_one_press(
    bureau: Bureau, administrator: Browser, people: list[Person]
) -> None:
    stays, leaves, also = people
    bureau.signed_in_as(leaves)
    page = compared(
        administrator, f"Nom ; Adresse\nX ; '{stays.mail.upper()}'/autre@exemple.fr.\nY ; non"
    )
    assert "comptes ne sont pas dans cette liste" in page
    assert "1 autre compte y est et reste ouvert" in page
    offered = set(re.findall(r'name="compte" value="([^"]+)"', page))
    assert offered >= {str(each.id) for each in (leaves, also)}
    assert str(stays.id) not in offered
    assert "autre@exemple.fr" not in page
    answer = administrator.post(f"{HERE}/desactiver", data={"compte": str(leaves.id)})
    assert "1 compte est désactivé" in administrator.get(answer.headers["location"]).text
    assert [is_open(bureau, each) for each in people] == [True, False, True]
    page = administrator.get(f"/gestion/journal?objet={leaves.id}").text
    assert "absent de la liste de son organisation" in page
    # Twice is once.
    assert (
        "fait=0"
        in administrator.post(f"{HERE}/desactiver", data={"compte": str(leaves.id)}).headers[
            "location"
        ]
    )


def test_a_list_that_names_nobody_says_of_nobody_that_they_left(
    bureau: Bureau, administrator: Browser, people: list[Person]
) -> None:
    own = chosen(administrator)
    for listed, organisation in (
        ("autre@exemple.fr", own),
        (people[0].mail, str(uuid4())),
        ("Camille Exemple", own),
    ):
        answer = administrator.post(HERE, data={"organisation": organisation, "liste": listed})
        assert answer.status_code == 422
        assert "Liste à vérifier" in answer.text
        assert 'name="compte"' not in answer.text


def test_only_professionals_are_ended_by_a_list_and_by_administrateurs_alone(
    bureau: Bureau, administrator: Browser, people: list[Person]
) -> None:
    curateur = bureau.enrolled(Role.CURATEUR)
    administrator.post(f"{HERE}/desactiver", data={"compte": str(curateur.id)})
    assert is_open(bureau, curateur)
    for role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.PROFESSIONNEL):
        assert bureau.signed_in(role).get(HERE).status_code in {303, 403, 404}
