"""Who comes by ProConnect is whom an invitation linked, by two factors, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import attempts, identities, people
from app.accounts.errors import IdentityTaken
from app.audit.actions import Action
from app.desk.door.proconnect_routes import COOKIE
from app.desk.shell.gate import COOKIE as SESSION
from app.models import Role, StaffSession
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import read, write
from app.platform.oidc.provider import Identity
from tests.desk.bureau import Bureau
from tests.desk.proconnect.agents import ELSEWHERE, SIRET, Agent, notes, refused

pytestmark = pytest.mark.slow


def test_an_invitation_links_and_from_then_on_the_door_lets_in(agent: Agent) -> None:
    browser = agent.bureau.browser()
    page = browser.get(agent.invitation).text
    assert "S’identifier avec ProConnect" in page
    agent.linked()
    answer = agent.comes(browser, "/connexion/proconnect?suite=/pro/acteurs/x")
    assert answer.headers["location"] == "/pro/acteurs/x"
    assert browser.get("/pro").status_code == 200
    # Nothing is sealed that the account does not need: its number there is a digest.
    row = agent.linked_row()
    assert row is not None
    assert agent.number.encode() not in row.subject + row.detail
    # The same of a person whom no account knows, though the mail address were the same.
    agent.number = "stranger"
    agent.says()
    refused(agent.comes(agent.bureau.browser()), "Compte à relier")


def test_whoever_has_no_second_factor_adds_ours(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.says(acr="eidas1")
    browser = agent.bureau.browser()
    first = agent.comes(browser, f"{agent.invitation}/proconnect")
    assert "Second facteur à donner" in first.text
    assert agent.linked_row() is None
    answer = agent.comes(browser, f"{agent.invitation}/proconnect?facteur=ici")
    assert answer.headers["location"] == "/connexion/proconnect/code"
    page = browser.get("/connexion/proconnect/code").text
    person = agent.person
    person.secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    sealed = page.split('name="sealed" value="')[1].split('"')[0]
    wrong = browser.post("/connexion/proconnect/code", {"sealed": sealed, "code": "000000"})
    assert wrong.status_code == 422
    # The key that somebody may have scanned stays.
    assert page.split("<code>")[1].split("</code>")[0] in wrong.text
    code = agent.bureau.code(person)
    done = browser.post("/connexion/proconnect/code", {"sealed": sealed, "code": code})
    assert "Vos codes de secours" in done.text
    assert browser.get("/pro").status_code == 200
    assert "Codes" in browser.get("/gestion/compte").text
    # The form again, by who copied its cookie: the invitation was used up.
    again = agent.bureau.browser()
    again.cookies = {COOKIE: first.cookies.get(COOKIE) or ""}
    assert again.post("/connexion/proconnect/code", {"code": code}).status_code == 422

    # From then on a code is asked for each time.
    agent.bureau.clock.pass_by(seconds=31)
    browser = agent.bureau.browser()
    way = "/connexion/proconnect?facteur=ici&suite=/pro/acteurs/x"
    assert agent.comes(browser, way).headers["location"] == "/connexion/proconnect/code"
    assert SESSION not in browser.cookies
    assert browser.get("/pro").headers["location"].startswith("/connexion")
    held = browser.cookies[COOKIE]
    monkeypatch.setattr(attempts, "FREE", attempts.NOTABLE)
    for _ in range(attempts.NOTABLE):
        wrong = browser.post("/connexion/proconnect/code", {"code": "000000"})
        assert wrong.status_code == 422
    (noted,) = notes(agent.bureau, Action.REFUSED, str(person.id))
    assert "'codes': 10" in noted
    monkeypatch.setattr(attempts, "FREE", attempts.NOTABLE + 1)
    given = {"code": agent.bureau.code(person)}
    done = browser.post("/connexion/proconnect/code", given)
    assert done.headers["location"] == "/pro/acteurs/x"
    # Neither the code nor what waited for it works again.
    agent.bureau.clock.pass_by(seconds=31)
    other = agent.bureau.browser()
    other.cookies[COOKIE] = held
    given = {"code": agent.bureau.code(person)}
    refused(other.post("/connexion/proconnect/code", given), "Identification à recommencer")
    # A code without a password opens nothing: it stands beside ProConnect alone.
    assert agent.bureau.try_door(agent.bureau.browser(), person).status_code == 422


def test_a_number_that_changed_needs_a_new_invitation(agent: Agent) -> None:
    agent.linked()
    before, agent.number = agent.number, f"{agent.number}-changed"
    agent.says()
    refused(agent.comes(agent.bureau.browser()), "Compte à relier")
    # The link that was used is over.
    used = agent.bureau.browser().get(f"{agent.invitation}/proconnect")
    answer = agent.bureau.browser().get(agent.peer.sign_in(used.headers["location"]))
    assert answer.status_code in {410, 422}
    agent.invited_again()
    agent.linked()
    assert agent.comes(agent.bureau.browser()).headers["location"] == "/pro"
    agent.number = before
    agent.says()
    refused(agent.comes(agent.bureau.browser()), "Compte à relier")


def test_an_identity_opens_one_account_alone(agent: Agent) -> None:
    agent.linked()
    person, token = agent.bureau.invited(Role.PROFESSIONNEL)
    other = replace(agent, person=person, token=token)
    answer = other.comes(agent.bureau.browser(), f"{other.invitation}/proconnect")
    refused(answer, "Identité déjà reliée")
    # What failed used nothing up.
    assert agent.bureau.browser().get(other.invitation).status_code == 200


def test_of_two_who_link_one_identity_at_once_one_is_told(agent: Agent, bureau: Bureau) -> None:
    other, _ = bureau.invited(Role.PROFESSIONNEL)
    identity = Identity(agent.peer.address, agent.number, SIRET, True, "")

    def link(account: UUID) -> None:
        with write(bureau.databases.staff) as session:
            identities.link(session, bureau.vault, account, identity, bureau.clock.at)

    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            first = (agent.person.id, identity, bureau.clock.at)
            identities.link(session, bureau.vault, *first)
            second = pool.submit(link, other.id)
            with pytest.raises(TimeoutError):
                second.result(0.5)
        with pytest.raises(IdentityTaken):
            second.result()


def test_the_team_comes_by_its_own_factors(agent: Agent) -> None:
    person, token = agent.bureau.invited(Role.CURATEUR)
    other = replace(agent, person=person, token=token)
    assert "ProConnect" not in agent.bureau.browser().get(other.invitation).text
    answer = other.comes(agent.bureau.browser(), f"{other.invitation}/proconnect")
    assert "ProConnect réservé aux professionnels" in answer.text
    assert agent.bureau.browser().get(other.invitation).status_code == 200


@pytest.mark.parametrize("how", ["disabled", "unconfirmed"])
def test_an_account_that_is_over_is_answered_as_one_that_is_unknown(agent: Agent, how: str) -> None:
    agent.linked()
    with write(agent.bureau.databases.staff) as session:
        account = people.get(session, agent.person.id)
        if how == "disabled":
            account.disabled_at = agent.bureau.clock.at
        else:
            account.confirmed_at -= CONFIRMED_FOR
    refused(agent.comes(agent.bureau.browser()), "Compte à relier")


def test_another_organisation_opens_nothing_and_administrateurs_are_told_once(
    agent: Agent, bureau: Bureau
) -> None:
    bureau.enrolled(Role.ADMINISTRATEUR)
    agent.linked()
    # None says nothing, another establishment is the same organisation.
    for siret in ("", "00000000000000", "11000001500099", "110 000"):
        agent.says(siret=siret)
        assert agent.comes(bureau.browser()).headers["location"] == "/pro", siret
    folder = Path(bureau.settings.data_dir) / "mail"
    before = set(folder.glob("*.eml")) if folder.exists() else set()
    agent.says(siret=ELSEWHERE)
    for _ in range(2):
        refused(agent.comes(bureau.browser()), "Organisation à confirmer")
    assert len(set(folder.glob("*.eml")) - before) == 1
    assert len(notes(bureau, Action.REFUSED, str(agent.person.id))) == 2
    # The approval decides of the organisation: it stays as it is, and so do other ways in.
    with read(bureau.databases.staff) as session:
        assert people.read(session, bureau.vault, agent.person.id).siret == SIRET


def test_who_approved_decides_of_the_organisation(agent: Agent, bureau: Bureau) -> None:
    # What ProConnect says as they are linked is no reason to refuse whom somebody approved.
    agent.says(siret=ELSEWHERE)
    answer = agent.comes(bureau.browser(), f"{agent.invitation}/proconnect")
    assert answer.headers["location"] == "/pro"
    assert agent.comes(bureau.browser()).headers["location"] == "/pro"


def test_who_comes_by_it_adds_another_way_and_may_leave_it(agent: Agent, bureau: Bureau) -> None:
    agent.linked()
    browser = bureau.browser()
    agent.comes(browser)
    assert "Ne plus relier ProConnect" in browser.get("/gestion/compte").text
    answer = browser.post("/gestion/compte/proconnect/retirer")
    assert "Dernier moyen de connexion" in answer.text
    held = browser.post("/gestion/compte/donnees").json()["moyens_de_connexion"]["proconnect"]
    assert held["siret"] == SIRET
    assert "autre_organisation_signalee_le" in held
    assert agent.number not in str(held)
    bureau.clock.pass_by(minutes=6)
    asked = browser.post("/gestion/compte/proconnect/retirer")
    assert "déconnectez-vous, revenez par lui" in asked.text


def test_a_cookie_of_a_session_is_none_of_a_sign_in(agent: Agent, bureau: Bureau) -> None:
    agent.linked()
    with read(bureau.databases.staff) as session:
        rows = session.scalars(
            select(StaffSession).where(StaffSession.account_id == agent.person.id)
        ).all()
    assert {each.factor for each in rows} == {"proconnect"}


def test_a_weaker_level_lets_nobody_in_though_the_account_is_linked(agent: Agent) -> None:
    agent.linked()
    agent.says(acr="eidas1")
    answer = agent.comes(agent.bureau.browser(), "/connexion/proconnect?suite=/pro/acteurs/x")
    refused(answer, "Second facteur à donner")
    assert "facteur=ici" in answer.text
    # Whoever asks for one alone is asked for ours, which this account has not.
    refused(
        agent.comes(agent.bureau.browser(), "/connexion/proconnect?facteur=ici"),
        "Second facteur manquant",
    )
