"""Of a list nothing is asked of the geocoder before it is applied, and of who is hidden never."""

from functools import reduce

import pytest

from app.geocoding.batch import geocode
from app.models import Role
from tests.desk.imports.choosing import opened_page
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import NAMELESS, correct, opened, press
from tests.desk.imports.test_apply import jobs
from tests.geocoding.geocoder_peer import geocoder_peer

LINES = (
    "À situer;Association;12 rue Ouverte;93000;Bobigny;01 98 49 00 01;",
    "Foyer à taire;MECS;77 rue Cachée;93000;Bobigny;01 98 49 00 02;",
    "Voisine à taire;Association;77 rue Cachée;93000;Bobigny;01 98 49 00 03;",
    "Lieu sans nature;inconnue;88 rue Secrète;93000;Bobigny;01 98 49 00 04;",
    NAMELESS,
)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.CURATEUR, Role.REFERENT_DEPARTEMENT])
def test_nothing_is_geocoded_before_apply_and_nobody_who_is_hidden_ever(
    lists: Lists, role: Role
) -> None:
    def ask() -> None:
        geocode(asking.databases.staff, asking.vault, asking.settings, "essai")

    source = f"À situer {role.value}"
    # Of no other test, else they might be its actors.
    mine = {
        "rue": f"rue {role.value}",
        "98 49": f"98 {50 + len(role.value)}",
        "À situer": f"Acteur {role.value}",
    }
    lines = [reduce(lambda said, pair: said.replace(*pair), mine.items(), each) for each in LINES]
    with geocoder_peer() as peer:
        settings = lists.settings.model_copy(update={"geocoder_url": peer.url})
        asking = Lists(**vars(lists) | {"settings": settings})
        browser = asking.signed_in(role)
        # What other lists have left to ask is asked before.
        ask()
        peer.seen.clear()
        jobs_before = jobs(asking).count("geocode")
        page = asking.sent(browser, *lines, source=source)
        for way in ("", "/relire", "/colonnes"):
            assert browser.get(f"{page}{way}").status_code == 200
        opened_page(browser, page)
        where, text = opened(browser, page, 6)
        assert correct(browser, where, text, c0=f"Nommée {role.value}").status_code == 303
        asking.work()
        press(browser, page, f"Acteur {role.value}", "accepter")
        # As each night.
        ask()
        assert peer.seen == []
        assert jobs(asking).count("geocode") == jobs_before
        asking.apply(browser, page)
        asking.work()
        assert asking.state(page) == "applied"
        assert jobs(asking).count("geocode") == jobs_before + 1
        ask()
        said = "\n".join(peer.seen)
        assert f"12 rue {role.value} Ouverte" in said
        for hidden in ("Cachée", "Secrète", "taire", "sans nature"):
            assert hidden not in said
