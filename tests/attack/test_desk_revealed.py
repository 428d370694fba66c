"""A professional asks for the contact of every hidden place, and is told of one."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.jobs.telling import tell_operators
from app.models import Reveal, Role
from app.platform.database.sessions import read, write
from app.resources.forms import Form
from app.revealing.neighbours import stands_with_another
from tests.attack.agenda import NETWORK
from tests.attack.conftest import Attacked
from tests.attack.resources import words_of
from tests.attack.test_desk_actors import desk_of, masked
from tests.attack.test_desk_walk import walked
from tests.mailbox import mail_server
from tests.revealed import write_choice

pytestmark = pytest.mark.slow
OF_EACH_CASE = 6


def on_its_page_alone(
    written: Attacked, client: httpx.Client, own: str, revealed: set[str]
) -> None:
    """While a place is told, no other page that leads on has anything of it."""
    pages = dict(walked(client, [own, "/pro", "/pro/ressources", "/gestion", "/gestion/compte"]))
    for address, answer in pages.items():
        found = written.sentinels.in_text(answer.content, asked=address)
        allowed = words_of(Form.SHEET) if "/ressources" in address else set()
        if "/agenda" in address:
            # An event for the network, which this professional is of.
            allowed = {NETWORK.lower()}
        assert found <= (revealed if address == own else allowed), address
    assert pages[own].status_code == 200
    assert len(pages) > 5


def test_who_asks_for_all_is_told_of_those_alone_that_chose_it(written: Attacked) -> None:
    places = masked(written, OF_EACH_CASE)
    neutral = [each for each in places if each.seen.level == "neutral"]
    records = ((each, each.seen.record) for each in neutral)
    usual = [each for each, of in records if of.status == "published" and of.street]
    with read(written.runtime.staff) as session:
        # Of whom nothing that is hidden stands at the same address.
        chosen = next(
            each
            for each in usual
            if not stands_with_another(
                session, written.runtime.vault, each.seen.actor_id, each.seen.record
            )
        )
    actor: UUID = chosen.seen.actor_id
    with write(written.runtime.staff) as session:
        write_choice(session, written.runtime.vault, actor, mail="direction@example.org")
    revealed: set[str] = set()
    with desk_of(written, Role.PROFESSIONNEL) as (client, _):
        for each in places:
            page = f"/pro/acteurs/{each.seen.public_id}"
            answers = [
                client.get(page),
                client.post(f"{page}/contact", data={"motif": "shelter"}),
                client.post(f"{page}/adresse", data={"motif": "danger"}),
                client.get(page),
            ]
            for answer in answers:
                assert answer.status_code < 500
                found = written.sentinels.in_text(answer.content, asked=page)
                if each is chosen:
                    revealed |= found
                else:
                    assert found == set(), page
        assert revealed
        on_its_page_alone(written, client, f"/pro/acteurs/{chosen.seen.public_id}", revealed)
        assert client.post(f"/pro/acteurs/{chosen.seen.public_id}/fin").status_code == 303
        for path in ("/pro", f"/pro/acteurs/{chosen.seen.public_id}", "/gestion/compte"):
            assert written.sentinels.in_text(client.get(path).content, asked=path) == set()
        held = client.post("/gestion/compte/donnees").content
        assert written.sentinels.in_text(held, asked="/gestion/compte/donnees") == set()
    with read(written.runtime.staff) as session:
        number = session.scalars(select(Reveal.number).where(Reveal.actor_id == actor)).one()
    with desk_of(written, Role.ADMINISTRATEUR) as (client, _):
        by_number = f"/gestion/journal?objet={number}"
        assert "Contact" in client.get(by_number).text
        for path in ("/gestion", "/gestion/comptes", "/gestion/journal", by_number):
            answer = client.get(path)
            assert answer.status_code == 200
            assert written.sentinels.in_text(answer.content, asked=path) == set()
        # Whoever asked for all of them is put before them, by numbers.
        assert "inhabituel" in client.get("/gestion/comptes").text
    with mail_server() as (box, port):
        settings = written.runtime.settings
        own = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")}
        runtime = replace(written.runtime, settings=settings.model_copy(update=own))
        tell_operators(runtime, datetime.now(UTC))
    (mail,) = box.received
    assert written.sentinels.in_text(mail.as_bytes(), asked="") == set()
