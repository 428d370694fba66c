"""What an operator chose is written down by a curateur, who agrees where it wants to be asked."""

import pytest

from app.audit.actions import Action
from app.models import Role
from geo.zones import paris_day
from tests.desk.bureau import Bureau
from tests.desk.contacts import asked, choose, noted, page_of, tells
from tests.desk.home import Home


@pytest.mark.slow
def test_a_curateur_writes_down_what_the_operator_chose(bureau: Bureau, place: Home) -> None:
    curateur = bureau.signed_in()
    path = f"{place.opened(curateur)}/professionnels"
    assert 'value="never" checked' in curateur.get(path).text
    given = {"choix": "asked", "par": "operateur", "jour": f"{paris_day(bureau.clock.at):%d/%m/%Y}"}
    given |= {"comment": "Courrier de la direction", "numero": "01 99 88 77 66", "lu": ""}
    for wrong in (
        {"jour": ""},
        {"jour": "01/01/2199"},
        {"jour": "02/01/2026"},
        {"comment": " "},
        {"numero": "12"},
    ):
        answer = curateur.post(path, given | wrong)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert curateur.post(path, given).status_code == 303
    page = curateur.get(path).text
    assert "Sur accord, à chaque demande</strong>" in page
    assert "Courrier de la direction" in page
    # Somebody who read what was there before writes nothing over it.
    assert curateur.post(path, given).status_code == 409
    assert curateur.post(path, given | {"lu": "hier"}).status_code == 409
    assert Action.CHOICE_WRITTEN in noted(bureau, place)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.CURATEUR])
def test_no_other_role_writes_or_decides(bureau: Bureau, place: Home, role: Role) -> None:
    browser = bureau.signed_in(role)
    for path in (f"{place.page}/professionnels", "/gestion/demandes/contacts"):
        assert browser.get(path).status_code == 403
        assert browser.post(path, {}).status_code in (403, 404)


@pytest.mark.parametrize("answer", ["donner", "refuser"])
def test_on_agreement_a_curateur_decides_by_one_press(
    bureau: Bureau, place: Home, answer: str
) -> None:
    choose(bureau, place, choice="asked", number="+33199887766")
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert "01 99 88 77 66" not in browser.get(page_of(place)).text.replace("\xa0", " ")
    page = asked(place, browser)
    assert tells(place, page) == set()
    assert 'href="tel:+33199887766"' in page
    curateur = bureau.signed_in()
    waiting = curateur.get("/gestion/demandes/contacts").text
    assert place.word in waiting
    assert "Association d’exemple" in waiting
    number = waiting.split(place.word)[1].split("/gestion/demandes/contacts/")[1].split('"')[0]
    path, given = f"/gestion/demandes/contacts/{number}", {"reponse": answer}
    said = "donne" if answer == "donner" else "refuse"
    assert curateur.post(path, given).headers["location"].endswith(f"fait={said}")
    assert curateur.post(path, given).headers["location"].endswith("fait=passe")
    after = tells(place, browser.get(page_of(place)).text)
    assert after == ({"phone"} if answer == "donner" else set())
