"""What is said of a meeting that comes: hours, place, papers, for those who sit there alone."""

import pytest
from sqlalchemy import select

from app.models import CommitteeAgenda
from app.platform.database.sessions import read
from tests.desk.bureau import Browser, Bureau
from tests.desk.committees import seats
from tests.desk.committees.seats import AGENDA, DESK, ROOM, seated

PAPER, URL = "Sentinelle du bilan", "https://exemple.fr/sentinelle.pdf"
SAID = {
    "texte": AGENDA,
    "debut": "10:00",
    "fin": "12:30",
    "lieu": "Préfecture, salle 2",
    "documents": f"{PAPER} : {URL}\n\n",
}


def say(bureau: Bureau, convener: Browser, **sent: str) -> int:
    given = {"jour": seats.planned(bureau)} | SAID | sent
    return convener.post(f"{DESK}/ordre-du-jour", given).status_code


@pytest.mark.slow
def test_members_read_when_where_and_what_to_read_before(
    bureau: Bureau, convener: Browser, professional: Browser
) -> None:
    _, browser = seated(bureau, convener)
    assert say(bureau, convener) == 303
    page = browser.get(ROOM).text
    hours = "10\u00a0h – 12\u00a0h\u00a030"
    for said in (hours, "Préfecture, salle 2", AGENDA, f'href="{URL}"', PAPER):
        assert said in page, said
    mine = browser.get("/pro/agenda").text
    assert hours in mine
    assert "Préfecture, salle 2" in mine
    for path in ("/pro/agenda", "/pro/ressources", "/pro/ressources?q=sentinelle"):
        other = professional.get(path).text
        assert not [each for each in (PAPER, URL, "Préfecture, salle 2") if each in other], path
        # A paper is no resource: not even who may read it finds it in a list of them.
        assert "ressources" not in path or PAPER not in browser.get(path).text
    assert f"{PAPER} : {URL}" in convener.get(DESK).text
    with read(bureau.databases.staff) as session:
        clear = repr(session.execute(select(CommitteeAgenda.__table__)).all())
    assert not [each for each in (PAPER, URL, AGENDA) if each in clear]


@pytest.mark.parametrize(
    "sent",
    [
        {"fin": ""},
        {"fin": "09:00"},
        {"debut": "25:00"},
        {"debut": "10:00+02:00"},
        {"lieu": "x" * 301},
        {"documents": "sans adresse"},
        {"documents": URL},
        {"documents": "Titre : http://exemple.fr/a"},
        {"documents": "Titre : javascript:alert(1)"},
        {"documents": "Titre : https://moi@exemple.fr/a"},
        {"documents": "\n".join(f"Titre {n} : {URL}" for n in range(11))},
        {"documents": f"Bilan de Léa, 14 ans : {URL}"},
        {"lieu": "Chez Léa, 14 ans"},
    ],
)
def test_what_is_wrong_is_sent_back_as_it_was_written(
    bureau: Bureau, convener: Browser, sent: dict[str, str]
) -> None:
    given = {"jour": seats.planned(bureau)} | SAID | sent
    answer = convener.post(f"{DESK}/ordre-du-jour", given)
    assert answer.status_code == 422
    assert AGENDA in answer.text
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(CommitteeAgenda)).all() == []


def test_a_meeting_of_which_nothing_is_said_is_one_all_the_same(
    bureau: Bureau, convener: Browser
) -> None:
    assert say(bureau, convener) == 303
    nothing = dict.fromkeys(SAID, "")
    assert say(bureau, convener, **nothing) == 303
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(CommitteeAgenda)).all() == []
    assert "pas encore écrit" in convener.get(DESK).text
