"""A letter of ten blocks in a browser: a curateur writes it, another one reads and sends it, and
whoever has it leaves by one press.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from sqlalchemy import Connection

from app.accounts import sessions
from app.desk.application import create_desk
from app.inbox.opening import publish_key
from app.main import create_app
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
from tests.makers_agenda import announced
from tests.makers_letters import SITE, mails, sent, subscribed, with_post
from tests.makers_resources import made
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVENTS = ("Repérer et orienter", "Parler aux parents", "Fugues répétées", "Après la révélation")
SHEETS = ("Que faire ce soir", "Une maraude en ligne", "Droits de la victime", "Premiers mots")
HELLO, BYE = "Bonjour, **trois nouveautés** ce mois-ci.", "À bientôt."
MONTH = "2027-03"


@pytest.fixture(scope="module")
def runtime(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runtime]:
    """A service with something new, and three who have the letter."""
    settings = offline_settings(tmp_path_factory.mktemp("lettre"))
    update = {"public_url": SITE, "smtp_url": SecretStr("smtp://127.0.0.1:9")}
    given = settings.model_copy(update=update)
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(given, databases, vault, "", None)
        for title in EVENTS:
            announced(runtime, title=title)
        for title in SHEETS:
            made(runtime, title=title)
        subscribed(runtime, 3)
        yield runtime


@pytest.fixture(scope="module")
def desk(runtime: Runtime) -> Iterator[tuple[str, str, str]]:
    """Address of the desk, and how two curateurs are signed in."""
    tokens, now = [], datetime(2027, 3, 1, 8, tzinfo=UTC)
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        for mail in ("une@example.org", "autre@example.org"):
            account = account_of(session, runtime.vault, Role.CURATEUR, mail, [], now)
            given = (session, runtime.vault, account)
            opened = sessions.open_session(*given, "passkey", device="x", network=b"x", now=now)
            tokens.append(opened)
    # Its own forms come from the address at which it is served, and mails lead to another one.
    here = runtime.settings.model_copy(update={"public_url": None})
    app = create_desk(here, runtime.databases, runtime.vault)
    app.state.desk = replace(app.state.desk, now=lambda: now, settings=runtime.settings)
    with serving(app) as address:
        yield address.replace("127.0.0.1", "localhost"), tokens[0], tokens[1]


def press(page: Page, label: str) -> None:
    """Press a button by the keyboard, and look at the page that follows."""
    page.get_by_role("button", name=label, exact=True).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    has_no_fault(page, script=True)


def composed(page: Page) -> None:
    """Write a letter of two texts, four events and four resources, and have it read."""
    page.goto("/gestion/lettres")
    page.get_by_label("Mois").fill(MONTH)
    press(page, "Commencer")
    page.get_by_label("Ajouter un texte").fill(HELLO)
    for title in (*EVENTS, *SHEETS):
        page.get_by_label(title).check()
    press(page, "Enregistrer et voir")
    expect(page.get_by_label("Numéro")).to_have_count(9)
    # What was written comes last: to the top with it.
    page.get_by_label("Numéro").last.fill("0")
    page.get_by_label("Ajouter un texte").fill(BYE)
    press(page, "Enregistrer et soumettre à un second regard")


def test_a_letter_of_ten_blocks_is_written_read_sent_and_left(
    chromium: Browser, desk: tuple[str, str, str], runtime: Runtime
) -> None:
    base, writer, reader = desk
    page = opened(chromium, (base, writer))
    composed(page)
    expect(page.get_by_label("Numéro")).to_have_count(10)
    frame = page.frame_locator("iframe").first
    expect(frame.locator("section")).to_have_count(10)
    expect(frame.locator("section strong")).to_have_text("trois nouveautés")
    expect(page.get_by_role("button", name="Approuver et envoyer")).to_have_count(0)
    page.context.close()
    page = opened(chromium, (base, reader))
    page.goto(f"/gestion/lettres/{MONTH}")
    press(page, "Approuver et envoyer")
    page.context.close()
    with mail_server() as (box, port):
        sent(with_post(runtime, port))
    assert len(box.received) == 3
    left(chromium, runtime, box.received[0])
    assert sorted(mails(runtime).values()) == ["gone"] * 3


def left(chromium: Browser, runtime: Runtime, mail: EmailMessage) -> None:
    """Leave by the link of a mail: one press, without a script."""
    link = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(SITE)
    with serving(create_app(runtime.settings, runtime.databases)) as address:
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        page = context.new_page()
        page.goto(link)
        page.get_by_role("button", name="Ne plus recevoir la lettre", exact=True).click()
        expect(page.get_by_role("heading", name="C’est noté")).to_be_visible()
        page.goto(f"/lettres/{MONTH}")
        expect(page.get_by_role("heading", name=EVENTS[0])).to_be_visible()
        context.close()
