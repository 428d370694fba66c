"""No request to the desk makes it fail, whoever sends it: each role, and nobody."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from sqlalchemy import select

from app.accounts import confirming, people
from app.desk.shell.gate import COOKIE, home_of
from app.jobs import depositing
from app.lists import deposits
from app.models import Actor, Role, SourceFile
from app.platform.database.sessions import read, write
from app.platform.web.permissions import EVERY_ROLE, declared, routes_of
from tests.desk.actors.conftest import Desk
from tests.desk.bureau import Browser
from tests.networked import joined_by
from tests.revealed import write_choice
from tests.seated import sits
from tests.serving import serving
from tests.short_lists import CRIP, SHELTER, csv, sent

pytestmark = pytest.mark.slow

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# The same requests at every run. The desk has no document for users: nothing is asked of an answer
# but that it is none of a fault.
FUZZ = (
    *("--seed=23", "--mode=all", "--checks=not_a_server_error", "--no-color", "--warnings=off"),
    *("--continue-on-failure", "--suppress-health-check=all"),
)
# Which of its phases, and how many examples of each request. Référents run the code that a
# curateur runs, of whom every border of every value takes two minutes.
WHOLE = "coverage,fuzzing", 4
PHASES = {
    Role.CURATEUR: ("fuzzing", 4),
    Role.REFERENT_DEPARTEMENT: ("fuzzing", 2),
    Role.REFERENT_ETAT: ("fuzzing", 2),
}
ENDING = ("/connexion/sortir", "/pro/reseau/quitter", "/pro/reseau/cdlp/{code}/quitter")
# What a method that no route has is answered with is the router's, whoever asks: others try it.
OWN_METHODS = "[phases.coverage]\nunexpected-methods = []\n"


def document(app: FastAPI, role: Role | None = None) -> dict[str, Any]:
    """Say which requests a role may send, or nobody: others are refused before their code runs."""
    written = get_openapi(title="bureau", version="0", routes=app.routes)
    for route in routes_of(app):
        roles = (declared(route) or frozenset()) & EVERY_ROLE
        theirs = role in roles if role else not roles
        # Whoever is out sends nothing more.
        if not theirs or route.path in ENDING:
            written["paths"].pop(route.path, None)
    return written


def attack(
    base: str,
    folder: Path,
    document: dict[str, Any],
    given: Mapping[str, str] | None = None,
    cookie: str = "",
    phases: tuple[str, int] = WHOLE,
    settings: str = "",
) -> subprocess.CompletedProcess[str]:
    """given: of ids and links, some that are; others are only ever guessed wrong."""
    (folder / "desk.json").write_text(json.dumps(document))
    parameters = "\n".join(f'"path.{name}" = "{value}"' for name, value in (given or {}).items())
    (folder / "schemathesis.toml").write_text(f"{settings}[parameters]\n{parameters}\n")
    command = [str(SCHEMATHESIS), "run", str(folder / "desk.json"), f"--url={base}", *FUZZ]
    command += [
        f"--phases={phases[0]}",
        f"--max-examples={phases[1]}",
        "-H",
        "Sec-Fetch-Site: same-origin",
        "-H",
        "X-Forwarded-Proto: https",
    ]
    if cookie:
        command += ["-H", f"Cookie: {COOKIE}={cookie}"]
    # A busy machine takes two minutes for all that a curateur may send.
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=400)


def revealed_place(desk: Desk, browser: Browser) -> str:
    """Return the public id of a hidden place whose contact a professional is told."""
    public_id = desk.ids()["Foyer de Lille"]
    with write(desk.databases.staff) as session:
        actor = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
        write_choice(session, desk.vault, actor)
    page = f"/pro/acteurs/{public_id}"
    assert browser.post(f"{page}/contact", {"motif": "shelter"}).status_code == 303
    assert browser.post(f"{page}/adresse", {"motif": "danger"}).status_code == 303
    assert "3 rue Autre" in browser.get(page).text
    return public_id


def member_of_all(desk: Desk, browser: Browser) -> dict[str, str]:
    """Have a professional be a member who sits in a CDLP and is told of a search."""
    found = joined_by(browser)
    sits(desk.signed_in(Role.REFERENT_ETAT), browser)
    wanted = {"de": "/table?territoire=93", "rythme": "mois"}
    assert browser.post("/pro/alertes/nouvelle", wanted).status_code == 303
    alerts = re.findall(r"/pro/alertes/([0-9a-f-]{36})/rythme", browser.get("/pro/alertes").text)
    return found | {"alert_id": str(alerts[0])}


def sent_by(desk: Desk) -> dict[str, str]:
    """A file that came, and its source."""
    with read(desk.databases.staff) as session:
        file = session.scalars(select(SourceFile)).first()
        assert file
        return {"source_id": str(file.source_id), "file_id": str(file.id)}


@pytest.mark.parametrize(
    ("role", "phases"),
    [
        *((role, PHASES.get(role, WHOLE)) for role in Role),
        (None, WHOLE),
        pytest.param(Role.CURATEUR, ("coverage", 4), marks=pytest.mark.long),
    ],
)
def test_no_request_makes_the_desk_fail(
    desk: Desk, tmp_path: Path, role: Role | None, phases: tuple[str, int]
) -> None:
    browser = desk.signed_in(role) if role else desk.browser()
    cookie = browser.cookies.get(COOKIE, "")
    someone, token = desk.invited(Role.REFERENT_ETAT)
    with write(desk.databases.staff) as session:
        confirming.give_chief(desk.vault, people.get(session, someone.id), "chef@example.org")
        asked = confirming.ask(session, desk.vault, someone.id, desk.clock.at, linked=True)
        upload = sent(csv(CRIP, SHELTER), source=f"De {role}", who=str(someone.id))
        deposit, _ = deposits.deposit(session, desk.vault, upload, "93")
    depositing.check(desk.runtime, deposit)
    given = {
        "public_id": (
            revealed_place(desk, browser)
            if role is Role.PROFESSIONNEL
            else desk.ids()["ASE d'exemple"]
        ),
        "token": token,
        "link": asked.token,
        "account_id": str(someone.id),
        "deposit_id": str(deposit),
        "code": "93",
        **sent_by(desk),
    }
    if role is Role.PROFESSIONNEL:
        given |= member_of_all(desk, browser)
    settings = OWN_METHODS if role is Role.CURATEUR else ""
    base, written = str(desk.client.base_url), document(desk.app, role)
    ran = attack(base, tmp_path, written, given, cookie, phases, settings)
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    # It was let in all the while.
    if role:
        assert browser.get(home_of(role)).status_code == 200
    if role is Role.PROFESSIONNEL:
        for page in ("/pro/reseau", "/pro/reseau/cdlp/93"):
            assert browser.get(page).status_code == 200


def test_a_fault_is_found(tmp_path: Path) -> None:
    app = FastAPI()

    @app.post("/gestion/faute")
    def fail(number: int) -> float:
        return 1 / (number * 0)

    with serving(app) as base:
        ran = attack(base, tmp_path, document(app))
    assert ran.returncode == 1
    assert "Server error" in ran.stdout
