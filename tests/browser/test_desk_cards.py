"""Tables of the desk that are cards on a phone: nothing is cut off, and no value is broken."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import Connection, select, update

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.models import Actor, ActorQuestion
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.browser.curateur import session_of_a_curateur
from tests.databases import cloned
from tests.serving import offline_settings, serving
from tests.short_lists import APART, CRIP, csv, run

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
# Words of table cells that stand on two lines, unless a hyphen or the like lets them.
BROKEN = r"""tables => tables.flatMap(table => {
  const found = [], texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    for (const word of text.data.matchAll(/[^\s\-–/@.]+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(each => each.top)).size > 1) found.push(word[0]);
    }
  }
  return found;
})"""


@pytest.fixture(scope="module")
def phone(
    chromium: Browser,
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A curateur's telephone, at a desk that asked two actors whether their sheets are right."""
    settings = offline_settings(tmp_path_factory.mktemp("cartes"))
    with cloned(cluster, admin, lean_template) as databases:
        run(Runtime(settings, databases, vault, "", None), csv(CRIP, APART))
        ask_about_all(databases)
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            base = address.replace("127.0.0.1", "localhost")
            context = chromium.new_context(base_url=base, viewport=PHONE)
            context.add_cookies([
                {"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "secure": True}
            ])  # fmt: skip
            yield context.new_page()
            context.close()


def ask_about_all(databases: Databases) -> None:
    """Ask each actor, known to be right today, as a night of the service does."""
    now = datetime.now(UTC)
    with write(databases.staff) as session:
        session.execute(update(Actor).values(verified_on=now.date()))
        for actor in session.scalars(select(Actor.id)):
            ends = now + timedelta(days=30)
            session.add(
                ActorQuestion(actor_id=actor, due_on=ends.date(), made_at=now, ends_at=ends)
            )


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["/gestion/confirmations", "/gestion/etat-des-lieux", "/gestion/etat-des-lieux/93"],
)
def test_a_card_of_a_phone_shows_each_value_whole(phone: Page, path: str) -> None:
    phone.goto(path)
    tables = phone.locator(".desk-scroll")
    assert tables.count()
    wide = "tables => tables.map(each => each.scrollWidth - each.clientWidth)"
    assert set(tables.evaluate_all(wide)) == {0}
    assert tables.evaluate_all(BROKEN) == []
