"""What is shown when nothing answers, and what a process counts, searched for every secret."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.main import create_app
from app.operations.spare_page import make_page
from app.platform.database.sessions import read
from app.platform.web.metrics import Metrics
from app.runtime.staff import Runtime
from app.settings import Settings
from tests.attack.conftest import NOW, Attacked, client_of
from tests.attack.values import values_of
from tests.attack.walk import HOST, ask, requests
from tests.serving import offline_settings

pytestmark = pytest.mark.slow


def spare_page(runtime: Runtime, folder: Path) -> bytes:
    with read(runtime.databases.public) as session:
        return make_page(session, Settings(data_dir=folder), NOW).encode()


def test_the_spare_page_holds_no_secret_and_does_not_depend_on_one(
    attacked: Attacked, elsewhere: Runtime, tmp_path: Path
) -> None:
    page = spare_page(attacked.runtime, tmp_path)
    assert b"tel:+33" in page
    assert attacked.sentinels.in_text(page) == set()
    assert not [each for each in attacked.dataset.hidden_ids if each.encode() in page]
    assert spare_page(elsewhere, tmp_path) == page


def test_no_metric_holds_a_secret_nor_what_was_asked_for(
    attacked: Attacked, tmp_path: Path
) -> None:
    metrics = Metrics()
    own = {"rate_limit": 0, "public_url": f"http://{HOST}", "metrics": "127.0.0.1:0"}
    settings = offline_settings(tmp_path).model_copy(update=own)
    app = create_app(settings, attacked.databases, metrics)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    place = attacked.dataset.secrets[40]
    secrets = (*place.words, place.street, place.phone, place.siret, f"{place.lon},{place.lat}")
    asked = list(requests(app, values_of(attacked.dataset)))[::40]
    with client_of(app) as client:
        for each in asked:
            ask(client, each)
        for secret in secrets:
            client.get(f"/{secret}", params={"q": secret, "ou": secret, "lieu": secret})
            client.get(f"/acteurs/{secret}", headers={"Host": "nulle-part"})
    shown = metrics.text()
    assert attacked.sentinels.in_text(shown) == set()
    for secret in secrets:
        assert secret.encode() not in shown
