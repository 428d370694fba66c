"""The page that is shown when nothing answers: whom to call, whole, and nothing of places."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from app.operations.spare_page import make_page, write_spare_page
from app.platform.database.origin import RestoredNotReplayed
from app.platform.database.sessions import read
from app.reference.national_numbers import NATIONAL_NUMBERS
from app.runtime.staff import Runtime
from tests.operations.restoring import ELSEWHERE, as_owner
from tests.serving import settings_in
from tests.short_lists import CRIP, csv, run
from tests.world import HELD, World

NOW = datetime(2026, 6, 10, 1, tzinfo=UTC)


def page(world: World, folder: Path) -> str:
    return write_spare_page(world.databases.public, settings_in(folder), NOW).read_text()


def test_it_gives_the_national_numbers_and_those_of_each_territory(
    world: World, tmp_path: Path
) -> None:
    shown = page(world, tmp_path)
    for number in NATIONAL_NUMBERS.values():
        assert (f'href="{number.href}"' in shown) is number.footer
    [seine] = re.findall(r"<dt>Seine-Saint-Denis</dt>(.*?)</div>", shown, re.DOTALL)
    assert "CRIP" in seine
    assert 'href="tel:+33143939393"' in seine
    assert "10/06/2026" in shown


def test_it_says_nothing_of_places_nor_of_anybody_but_crip_and_ase(
    world: World, tmp_path: Path
) -> None:
    shown = page(world, tmp_path)
    assert set(re.findall(r"tel:(\+\d+)", shown)) == {"+33143939393"}
    for word in ("Bobigny", "rue", "Nid", *HELD["phones"], *world.ids.values()):
        assert word not in shown


def test_it_needs_no_other_file_and_its_policy_lets_its_style_in_alone(
    world: World, tmp_path: Path
) -> None:
    shown = page(world, tmp_path)
    assert "src=" not in shown
    assert "<link" not in shown
    [style] = re.findall(r"<style>(.*?)</style>", shown, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in shown
    assert "default-src 'none'" in shown


def test_it_is_there_whole_and_a_proxy_may_read_it(world: World, tmp_path: Path) -> None:
    path = write_spare_page(world.databases.public, settings_in(tmp_path), NOW)
    assert path == tmp_path / "spare" / "index.html"
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o777 == 0o755
    assert [each.name for each in path.parent.iterdir()] == ["index.html"]
    elsewhere = settings_in(tmp_path, spare_page=tmp_path / "a" / "b.html")
    assert write_spare_page(world.databases.public, elsewhere, NOW) == tmp_path / "a" / "b.html"


def test_it_is_not_made_of_a_restored_database_and_the_former_one_stays(
    runtime: Runtime, tmp_path: Path
) -> None:
    settings, public = settings_in(tmp_path), runtime.databases.public
    former = write_spare_page(public, settings, NOW).read_text()
    run(runtime, csv(CRIP))
    as_owner(runtime, ELSEWHERE)
    with pytest.raises(RestoredNotReplayed):
        write_spare_page(public, settings, NOW)
    assert (tmp_path / "spare" / "index.html").read_text() == former
    assert "Seine-Saint-Denis" not in former


def test_it_is_made_by_the_login_of_public_pages(world: World, tmp_path: Path) -> None:
    with read(world.databases.public) as session:
        assert "Numéros nationaux" in make_page(session, settings_in(tmp_path), NOW)
