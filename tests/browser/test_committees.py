"""The closed place of a CDLP in a browser: somebody is invited, a child is named in vain."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection

from app.accounts import sessions
from app.desk.application import create_desk
from app.models import Role
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.vault.sealing import Vault
from tests.browser.senders import has_no_fault
from tests.browser.test_desk_list import opened
from tests.databases import cloned
from tests.desk.bureau import account_of
from tests.serving import offline_settings, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHILD, SAID = "Léa, 14 ans, est accueillie.", "Ouvrir un accueil pour les mineurs de 13 à 15 ans."


@pytest.fixture(scope="module")
def desk(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, tuple[str, str]]]:
    """How the référent and two professionals are signed in, by their address."""
    settings = offline_settings(tmp_path_factory.mktemp("cdlp"))
    people = {
        "etat@example.org": Role.REFERENT_ETAT,
        "une@example.org": Role.PROFESSIONNEL,
        "autre@example.org": Role.PROFESSIONNEL,
    }
    tokens, now = {}, datetime.now(UTC)
    with cloned(cluster, admin, lean_template) as databases:
        with write(databases.staff) as session:
            for mail, role in people.items():
                account = account_of(session, vault, role, mail, ["93"], now)
                tokens[mail] = sessions.open_session(
                    *(session, vault, account, "passkey"), device="x", network=b"x", now=now
                )
        app = create_desk(settings, databases, vault)
        with serving(app) as address:
            base = address.replace("127.0.0.1", "localhost")
            yield {mail: (base, token) for mail, token in tokens.items()}


def press(page: Page, label: str, *, script: bool) -> None:
    """Do a deed by the keyboard alone, and look at the page that follows."""
    page.get_by_role("button", name=label).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    has_no_fault(page, script=script)


@pytest.mark.parametrize("script", [True, False])
def test_somebody_is_invited_accepts_reads_and_leaves(
    chromium: Browser, desk: dict[str, tuple[str, str]], script: bool
) -> None:
    mail = "une@example.org" if script else "autre@example.org"
    convener = opened(chromium, desk["etat@example.org"], script=script)
    convener.goto("/gestion/etat-des-lieux/93")
    day = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
    convener.get_by_label("Date de la réunion").fill(day)
    convener.get_by_role("button", name="Préparer cette réunion").click()
    convener.goto("/gestion/etat-des-lieux/93")
    convener.get_by_role("link", name="Espace fermé de la CDLP").click()
    has_no_fault(convener, script=script)
    convener.get_by_label("Début").fill("10:00")
    convener.get_by_label("Fin", exact=True).fill("12:30")
    convener.get_by_label("Lieu").fill("Préfecture, salle 2")
    convener.get_by_label("Ordre du jour").fill("Bilan du semestre, puis formation des équipes.")
    convener.get_by_label("Documents à lire avant").fill("Bilan : https://exemple.fr/bilan.pdf")
    press(convener, "Enregistrer", script=script)
    convener.get_by_label("Adresse électronique professionnelle").fill(mail)
    convener.get_by_label("Fonction dans la commission").fill("Représentante du parquet")
    press(convener, "Inviter", script=script)
    expect(convener.get_by_text("sans réponse encore").first).to_be_visible()
    convener.get_by_label("Décision, sans aucun enfant").fill(CHILD)
    press(convener, "Écrire cette décision", script=script)
    expect(convener.get_by_text("Pas d’enfant ici")).to_be_visible()
    expect(convener.get_by_label("Décision, sans aucun enfant")).to_have_value(CHILD)
    convener.get_by_label("Décision, sans aucun enfant").fill(SAID)
    press(convener, "Écrire cette décision", script=script)
    expect(convener.get_by_text(SAID).first).to_be_visible()
    member = opened(chromium, desk[mail], script=script)
    member.goto("/pro")
    member.get_by_role("link", name="Mes CDLP").click()
    has_no_fault(member, script=script)
    press(member, "Accepter", script=script)
    expect(member.get_by_text(SAID).first).to_be_visible()
    expect(member.get_by_text("Représentante du parquet")).to_be_visible()
    expect(member.get_by_role("link", name="Bilan")).to_be_visible()
    member.goto("/pro/agenda")
    has_no_fault(member, script=script)
    member.get_by_role("link", name="Réunion de la CDLP").click()
    press(member, "Quitter cet espace", script=script)
    expect(member.get_by_text("cet espace vous est fermé")).to_be_visible()
    for page in (convener, member):
        page.context.close()
