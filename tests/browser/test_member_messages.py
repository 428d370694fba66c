"""Members who write to each other in a browser: a text, its report, and the desk that reads it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from sqlalchemy import Connection

from app.accounts import sessions
from app.desk.application import create_desk
from app.jobs.relaying import relay
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.browser.senders import has_no_fault
from tests.browser.test_desk_list import opened
from tests.databases import cloned
from tests.desk.bureau import account_of
from tests.mailbox import mail_server
from tests.networked import joins, says
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "Pouvez-vous former notre équipe en mars ?"
Desk = tuple[Runtime, dict[str, tuple[str, str]]]


@pytest.fixture(scope="module")
def desk(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """Two members and a curateur, by how they are signed in."""
    settings = offline_settings(tmp_path_factory.mktemp("membres"))
    roles = {"une": Role.PROFESSIONNEL, "autre": Role.PROFESSIONNEL, "curateur": Role.CURATEUR}
    tokens, now = {}, datetime.now(UTC)
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(settings, databases, vault, "", None)
        for who, role in roles.items():
            where = ["93"] if role is Role.PROFESSIONNEL else []
            with write(databases.staff) as session:
                mail = f"{who}@example.org"
                account = account_of(session, vault, role, mail, where, now)
                tokens[who] = sessions.open_session(
                    *(session, vault, account, "passkey"), device="x", network=b"x", now=now
                )
                number = account.id
            if where:
                joins(runtime, number)
                says(runtime, number, function="formation", trains=True, territories=("93",))
        with serving(create_desk(settings, databases, vault)) as address:
            base = address.replace("127.0.0.1", "localhost")
            yield runtime, {who: (base, token) for who, token in tokens.items()}


def relayed(runtime: Runtime) -> int:
    """How many mails the worker sends."""
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")}
        settings = runtime.settings.model_copy(update=given)
        own = Runtime(settings, runtime.databases, runtime.vault, "", None)
        relay(own, "https://bureau.example.org", datetime.now(UTC))
    return len(box.received)


@pytest.mark.parametrize("script", [True, False])
def test_a_text_is_written_read_and_reported(chromium: Browser, desk: Desk, script: bool) -> None:
    runtime, people = desk
    names = ("une", "autre") if script else ("autre", "une")
    writer, reader = (opened(chromium, people[each], script=script) for each in names)
    writer.goto("/pro/reseau?former=oui&territoire=93")
    has_no_fault(writer, script=script)
    other = writer.locator(".desk-task").filter(has_not=writer.get_by_text("vous", exact=True))
    other.get_by_role("link").click()
    writer.get_by_label("Votre texte").fill(TEXT)
    writer.get_by_role("button", name="Envoyer").focus()
    with writer.expect_navigation():
        writer.keyboard.press("Enter")
    expect(writer.get_by_role("status")).to_contain_text("C’est noté")
    has_no_fault(writer, script=script)
    assert relayed(runtime) == 1
    reader.goto("/pro/reseau/messages")
    expect(reader.get_by_text(TEXT)).to_be_visible()
    has_no_fault(reader, script=script)
    reader.get_by_text("Signaler").first.click()
    reader.get_by_label("Ce qui ne va pas").fill("Démarchage.")
    reader.get_by_label("Joindre le texte").check()
    has_no_fault(reader, script=script)
    reader.get_by_role("button", name="Signaler").click()
    expect(reader.get_by_role("status")).to_contain_text("C’est signalé")
    curateur = opened(chromium, people["curateur"], script=script)
    curateur.goto("/gestion/reseau")
    expect(curateur.get_by_text(TEXT)).to_be_visible()
    has_no_fault(curateur, script=script)
    curateur.get_by_role("button", name="Marquer comme traité").click()
    expect(curateur.get_by_text("Aucun signalement")).to_be_visible()
    reader.goto("/pro/reseau")
    other = reader.locator(".desk-task").filter(has_not=reader.get_by_text("vous", exact=True))
    other.get_by_role("link").click()
    reader.get_by_role("button", name="Débloquer").click()
    expect(reader.get_by_role("button", name="Bloquer")).to_be_visible()
    for page in (writer, reader, curateur):
        page.context.close()
