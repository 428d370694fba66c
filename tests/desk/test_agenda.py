"""The agenda at the desk: written, proposed, published and cancelled by those who may."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.announcing import writing
from app.models import AgendaEvent, AgendaRecord, AuditEntry, Role
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.bureau import Browser, Bureau
from tests.makers_agenda import announced
from tests.short_lists import SHELTER, csv, run
from tests.statements import statements

ROOM = "/gestion/agenda"
FORM: dict[str, Any] = {
    "type": "formation",
    "titre": "Écouter et croire",
    "texte": "Une journée pour **écouter**.",
    "jour": "2027-03-16",
    "debut": "10:00",
    "fin": "17:30",
    "fuseau": "territoire",
    "territoire": "93",
    "lieu": "Salle Hugo, Pantin",
    "lien": "https://visio.exemple.fr/sentinelle",
    "lecteurs": "public",
}


@pytest.fixture(scope="module")
def runtime(bureau: Bureau) -> Runtime:
    made = Runtime(bureau.settings, bureau.databases, bureau.vault, "", None)
    run(made, csv(SHELTER))
    return made


@pytest.fixture(autouse=True)
def empty(bureau: Bureau, runtime: Runtime) -> None:
    bureau.clock.at = datetime(2026, 12, 1, 10, tzinfo=UTC)
    with write(bureau.databases.staff) as session:
        session.execute(delete(AgendaRecord))


def sent(browser: Browser, wish: str, path: str = f"{ROOM}/nouveau", **fields: Any) -> str:
    """Send the form, and return the address of its event."""
    answer = browser.post(path, FORM | {"geste": wish} | fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def version_of(browser: Browser, path: str) -> str:
    (found,) = set(re.findall(r'name="vu" value="([^"]+)"', browser.get(path).text))
    return str(found)


def shown(bureau: Bureau) -> list[AgendaEvent]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(AgendaEvent)))


def test_a_curateur_publishes_from_the_form(bureau: Bureau, curateur: Browser) -> None:
    page = sent(curateur, "publier", themes=["fugue"], places="12", commune="93000 Bobigny")
    (event,) = shown(bureau)
    assert event.commune_code == "93008"
    assert 'value="93000 Bobigny"' in curateur.get(page).text
    assert (event.title, event.place, event.capacity) == ("Écouter et croire", FORM["lieu"], 12)
    assert event.begins_at.isoformat() == "2027-03-16T09:00:00+00:00"
    assert (event.zone, event.online, event.themes) == ("Europe/Paris", True, ["fugue"])
    assert "publié" in curateur.get(page).text
    assert "Écouter et croire" in curateur.get(ROOM).text


@pytest.mark.parametrize(
    ("territory", "zone", "begins"),
    [
        ("974", "Indian/Reunion", "2027-03-16T06:00:00+00:00"),
        ("972", "America/Martinique", "2027-03-16T14:00:00+00:00"),
        ("988", "Pacific/Noumea", "2027-03-15T23:00:00+00:00"),
    ],
)
def test_hours_are_those_of_the_territory(
    bureau: Bureau, curateur: Browser, territory: str, zone: str, begins: str
) -> None:
    sent(curateur, "publier", territoire=territory)
    (event,) = shown(bureau)
    assert (event.zone, event.begins_at.isoformat()) == (zone, begins)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("titre", ""), ("titre", "x" * 201), ("jour", "demain"), ("debut", "midi")),
        *(("fin", "09:00"), ("jour", "2099-01-01"), ("lien", "http://exemple.fr")),
        *(("territoire", "999"), ("places", "-1"), ("organisateur", "0" * 16)),
        *(("type", "fête"), ("dernier", "2027-06-01"), ("debut", "09:30Z")),
        *(("jour", "0001-01-01"), ("jour", "9999-12-31"), ("dernier", "9999-12-31")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    bureau: Bureau, curateur: Browser, field: str, value: str
) -> None:
    answer = curateur.post(f"{ROOM}/nouveau", FORM | {"geste": "publier", field: value})
    assert answer.status_code == 422
    assert re.search(r'class="desk-wrong" id="\w+-faute"', answer.text)
    assert FORM["texte"] in answer.text
    assert shown(bureau) == []


# An hour over which the clock of Paris leaps.
def test_an_hour_that_does_not_exist_is_refused(curateur: Browser) -> None:
    given = FORM | {"jour": "2027-03-28", "debut": "02:30", "geste": "enregistrer"}
    answer = curateur.post(f"{ROOM}/nouveau", given)
    assert "cette heure n’existe pas" in answer.text


def test_a_referent_proposes_and_a_curateur_publishes(bureau: Bureau, curateur: Browser) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    page = sent(referent, "proposer")
    assert "Publier" not in referent.get(page).text
    assert shown(bureau) == []
    listed = curateur.get(ROOM).text
    assert "Écouter et croire" in listed
    assert sent(curateur, "publier", page, vu=version_of(curateur, page)) == page
    assert len(shown(bureau)) == 1
    # What readers have is changed by curateurs.
    refused = referent.post(page, FORM | {"vu": version_of(referent, page), "titre": "Autre"})
    assert refused.status_code == 403
    assert shown(bureau)[0].title == "Écouter et croire"


@pytest.mark.parametrize("territory", ["", "13"])
def test_a_referent_proposes_in_their_territory_alone(bureau: Bureau, territory: str) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    given = FORM | {"geste": "proposer", "territoire": territory}
    assert referent.post(f"{ROOM}/nouveau", given).status_code == 422


def test_nobody_reads_or_changes_the_proposal_of_a_colleague_but_a_curateur(
    bureau: Bureau,
) -> None:
    page = sent(bureau.signed_in(Role.REFERENT_DEPARTEMENT), "proposer")
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT):
        other = bureau.signed_in(role)
        assert other.get(page).status_code == 404
        assert other.post(page, FORM).status_code == 404
        assert "Écouter et croire" not in other.get(f"{ROOM}?onglet=proposes").text
        for deed in ("annuler", "retirer", "ouvrir"):
            assert other.post(f"{page}/{deed}", {"motif": "x"}).status_code == 403
    assert bureau.signed_in(Role.ADMINISTRATEUR).get(ROOM).status_code == 403
    assert bureau.signed_in(Role.PROFESSIONNEL).get(page).status_code == 403


def test_a_text_that_names_a_home_is_saved_and_not_published(
    bureau: Bureau, curateur: Browser
) -> None:
    given = FORM | {"geste": "publier", "texte": "Au 10 rue Cachée."}
    answer = curateur.post(f"{ROOM}/nouveau", given)
    assert answer.status_code == 422
    assert "Texte : une adresse d’un lieu ou d’un contact caché" in answer.text
    assert shown(bureau) == []


def test_a_change_of_what_is_published_says_that_nothing_of_it_is_saved(
    bureau: Bureau, curateur: Browser
) -> None:
    page = sent(curateur, "publier")
    given = {"vu": version_of(curateur, page), "texte": "Au 10 rue Cachée."}
    answer = curateur.post(page, FORM | given)
    assert answer.status_code == 422
    assert "Rien n’est enregistré" in answer.text
    assert "Cachée" not in curateur.get(page).text
    assert shown(bureau)[0].text == FORM["texte"]


def test_a_proposal_that_names_a_home_is_read_once_that_is_noted(
    bureau: Bureau, curateur: Browser
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    page = sent(referent, "proposer", titre="Au 10 rue Cachée")
    assert "10 rue Cachée" in referent.get(page).text
    for path in (page, f"{ROOM}?onglet=proposes"):
        text = curateur.get(path).text
        assert "Cach" not in text
        assert "lieu" in text
    # Whatever else is asked of it shows none of it either.
    assert "Cachée" not in curateur.post(f"{page}/annuler", {"motif": "x"}).text
    opened = curateur.post(f"{page}/ouvrir")
    assert "10 rue Cachée" in opened.text
    with read(bureau.databases.staff) as session:
        noted = select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
        assert session.scalar(noted) == "event_read"


@pytest.mark.parametrize("wish", ["enregistrer", "publier"])
def test_a_referent_does_not_read_whom_a_curateur_names_in_their_proposal(
    bureau: Bureau, curateur: Browser, wish: str
) -> None:
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    page = sent(referent, "proposer")
    said = {"vu": version_of(curateur, page), "titre": "Au 10 rue Cachée", "geste": wish}
    curateur.post(page, FORM | said)
    for path in (page, f"{ROOM}?onglet=proposes"):
        text = referent.get(path).text
        assert "Cach" not in text
        assert "caché" in text
    assert "10 rue Cachée" not in referent.post(page, FORM | {"vu": "autre"}).text
    assert "10 rue Cachée" in curateur.get(page).text


@pytest.mark.slow
def test_what_is_cancelled_says_why(bureau: Bureau, curateur: Browser) -> None:
    page = sent(curateur, "publier")
    assert curateur.post(f"{page}/annuler", {"motif": ""}).status_code == 422
    assert curateur.post(f"{page}/annuler", {"motif": "Salle fermée."}).status_code == 303
    (event,) = shown(bureau)
    assert (event.reason, event.sequence) == ("Salle fermée.", 2)
    assert "Salle fermée." in curateur.get(page).text


def test_what_is_over_is_not_offered_to_be_cancelled(bureau: Bureau, runtime: Runtime) -> None:
    page = f"{ROOM}/{announced(runtime, begins_at=datetime(2026, 12, 1, 11, tzinfo=UTC))}"
    curateur = bureau.signed_in()
    assert f'action="{page}/annuler"' in curateur.get(page).text
    bureau.clock.pass_by(hours=4)
    curateur = bureau.signed_in()
    assert f'action="{page}/annuler"' not in curateur.get(page).text
    late = curateur.post(f"{page}/annuler", {"motif": "Salle fermée."})
    assert late.status_code == 409
    assert "ne s’annule plus" in late.text
    assert [each.cancelled_at for each in shown(bureau)] == [None]


def test_what_is_withdrawn_is_a_draft(bureau: Bureau, curateur: Browser) -> None:
    page = sent(curateur, "publier")
    assert curateur.post(f"{page}/retirer").status_code == 303
    assert shown(bureau) == []
    assert "brouillon" in curateur.get(page).text


def test_two_who_write_at_once_lose_nothing(curateur: Browser) -> None:
    page = sent(curateur, "enregistrer")
    former = version_of(curateur, page)
    sent(curateur, "enregistrer", page, vu=former, titre="Premier")
    answer = curateur.post(page, FORM | {"vu": former, "titre": "Second"})
    assert answer.status_code == 409
    assert "Second" in answer.text


def test_what_was_changed_since_it_was_saved_is_not_published_nor_cancelled(
    bureau: Bureau, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = writing.version_of
    with monkeypatch.context() as patched:
        # Whoever writes between the two writes another version each time.
        numbers = iter(range(9))
        patched.setattr(writing, "version_of", lambda each: f"{seal(each)}{next(numbers)}")
        answer = curateur.post(f"{ROOM}/nouveau", FORM | {"geste": "publier"})
    assert answer.status_code == 409
    assert "il n’est pas publié" in answer.text
    assert shown(bureau) == []
    page = sent(curateur, "publier")
    former = version_of(curateur, page)
    sent(curateur, "enregistrer", page, vu=former, titre="Autre")
    refused = curateur.post(f"{page}/annuler", {"motif": "Salle fermée.", "vu": former})
    assert refused.status_code == 409
    assert shown(bureau)[0].cancelled_at is None


def test_the_form_shows_what_was_entered(curateur: Browser) -> None:
    page = sent(
        curateur, "enregistrer", territoire="974", fuseau="Europe/Paris", dernier="2027-03-17"
    )
    text = curateur.get(page).text
    for value in ("2027-03-16", "10:00", "17:30", "2027-03-17", FORM["lien"]):
        assert f'value="{value}"' in text
    assert '<option value="974" selected>' in text
    assert '<option value="Europe/Paris" selected>' in text


@pytest.mark.slow
def test_a_list_asks_as_often_for_more(bureau: Bureau, curateur: Browser, runtime: Runtime) -> None:
    counts = []
    for number in (1, 5):
        for each in range(number):
            announced(runtime, title=f"Événement {number}-{each}")
        assert curateur.get(ROOM).status_code == 200
        with statements(bureau.databases.staff) as sent:
            assert curateur.get(ROOM).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 20


def test_a_professional_reads_what_is_for_the_network(bureau: Bureau, runtime: Runtime) -> None:
    public_id = announced(runtime, title="Réseau sentinelle", audience="reseau", territory="93")
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert 'href="/pro/agenda"' in browser.get("/pro").text
    listed = browser.get("/pro/agenda?territoire=93")
    assert browser.get("/pro/agenda?territoire=2a").status_code == 200
    # As on public pages.
    unknown = browser.get("/pro/agenda?territoire=99")
    assert (unknown.status_code, "territoire" in unknown.text) == (404, True)
    assert "Réseau sentinelle" in listed.text
    page = browser.get(f"/pro/agenda/{public_id}")
    assert "Réseau sentinelle" in page.text
    assert "visio" not in page.text + listed.text
    assert page.headers["cache-control"] == "no-store"
    for path in ("/pro/agenda", f"/pro/agenda/{public_id}"):
        assert bureau.browser().get(path).status_code != 200
        assert bureau.signed_in(Role.CURATEUR).get(path).status_code == 403
