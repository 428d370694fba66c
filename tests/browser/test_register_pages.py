"""Pages of territories of which no list came: who national registers name, after as few words."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection

from app.main import create_app
from app.platform.cluster.server import Cluster
from app.registers.examples import load_examples
from app.vault.sealing import Vault
from tests.browser.conftest import DESK, PHONE, Visit
from tests.databases import cloned
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live_server(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a service of which national registers are all that it has."""
    with cloned(cluster, admin, lean_template) as databases:
        settings = offline_settings(tmp_path_factory.mktemp("registers"))
        load_examples(databases.staff, vault, settings)
        with serving(create_app(settings, databases), log_level="warning") as address:
            yield address


@pytest.mark.parametrize("path", ["/departements/59", "/departements/988", "/departements/974"])
@pytest.mark.parametrize("question", ["", "?s=1", "?s=4"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_first_card_is_on_the_first_screen(
    visit: Callable[..., Visit], path: str, question: str, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go(path + question)
    assert page.is_visible("text=Liste non reçue : acteurs de registres") == (not question)
    box = page.locator(".results .card").locator("visible=true").first.bounding_box()
    assert box
    assert box["y"] <= (450 if viewport == PHONE else 400 if question else 260)


def test_no_word_of_a_title_is_broken_in_the_table(visit: Callable[..., Visit]) -> None:
    page = visit(viewport=DESK).go("/table?territoire=59")
    beyond = page.eval_on_selector_all(
        ".table td:last-child",
        "cells => cells.map(cell => {"
        " cell.style.overflowWrap = 'normal'; return cell.scrollWidth - cell.clientWidth })",
    )
    assert beyond
    assert max(beyond) <= 0
