"""Pages and forms of one actor in the desk, as each role: what is masked stays so until opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import routes_of
from app.records.sheets import is_protected
from app.records.viewing import Seen, see
from app.visibility import OPERATOR
from tests.attack.conftest import Attacked
from tests.attack.places import InventedPlace
from tests.attack.test_desk import ORIGIN, readable, sign_in
from tests.desk.actors.forms import fields
from tests.geocoding.geocoder_peer import geocoder_peer
from tests.serving import serving

pytestmark = pytest.mark.slow
CASES = ("sealed", "neighbour", "decided", "secret", "draft", "archived")
# Whose address leads to a place where children live.
AT_HOMES = ("sealed", "neighbour", "decided", "secret")
OPENS, HIDES, READERS = "/ouvrir", "/proteger", "/lecteurs"
SENT = {
    **{"pourquoi": "essai", "accord": "01/06/2026", "contact": "01 99 00 00 00"},
    **{"version": "1", "vue": "1", "name": "x", "revision": "0", "lot": "0" * 32},
    **{"champ": "referral", "lu": "0" * 64, "lecteurs": "professionnel"},
}


@dataclass(frozen=True)
class Masked:
    """A hidden place of the generated world, and its actor."""

    place: InventedPlace
    seen: Seen


def masked(written: Attacked, of_each: int) -> list[Masked]:
    """Return some hidden places of each case."""
    with read(written.runtime.staff) as session:
        actors = list(see(session, written.runtime.vault, OPERATOR))
    by_word = {word: each for each in actors for word in each.record.name.split()}
    found: list[Masked] = []
    for case in CASES:
        places = [place for place in written.dataset.places if place.case == case]
        known = [Masked(each, by_word[each.word(0)]) for each in places if each.word(0) in by_word]
        hidden = [each for each in known if is_protected(each.seen.level, each.seen.record.status)]
        found += hidden[:of_each]
    return found


@contextmanager
def desk_of(
    written: Attacked, role: Role, **settings: object
) -> Iterator[tuple[httpx.Client, list[str]]]:
    """The desk in which somebody is signed in, and the paths of one actor's pages."""
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True} | settings
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN, "Accept": "text/html"}
    paths = sorted({str(each.path) for each in routes_of(desk) if "{public_id}" in str(each.path)})
    with (
        serving(desk) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        yield client, paths


def found_in_no_answer(
    written: Attacked, client: httpx.Client, paths: list[str], each: Masked, own: set[str]
) -> int:
    """Ask for each page of an actor, and send each form but that which opens it; return how many
    answers were read, of which none held more than one's own words.
    """
    asked = 0
    for path in paths:
        whole = path.replace("{public_id}", each.seen.public_id)
        answers = [client.get(whole, params={"de": 1, "a": 1})]
        if not path.endswith(OPENS):
            # Without a reason nothing is hidden: the world is only read.
            sent = SENT | ({"pourquoi": ""} if path.endswith(HIDES) else {})
            answers.append(client.post(whole, data=sent))
            # What is sent is whole, so that it is refused, or led on, for whose it is.
            assert not path.endswith(READERS) or answers[-1].status_code in (303, 403, 404)
        for answer in answers:
            assert answer.status_code < 500, (whole, answer.status_code)
            found = written.sentinels.in_text(answer.content, asked=whole)
            assert found <= own, (whole, each.place.case, found - own)
        asked += len(answers)
    return asked


@pytest.mark.parametrize("role", Role)
def test_nothing_of_a_masked_actor_is_read_but_its_name(written: Attacked, role: Role) -> None:
    own = readable(written, role)
    asked = 0
    with desk_of(written, role) as (client, paths):
        for each in masked(written, 1):
            asked += found_in_no_answer(written, client, paths, each, own)
        assert any(each.endswith(READERS) for each in paths)
    assert asked > 100


def test_one_that_is_opened_shows_itself_and_nobody_else(written: Attacked) -> None:
    allowed = readable(written, Role.CURATEUR)
    with desk_of(written, Role.CURATEUR) as (client, _):
        for each in masked(written, 1):
            address = f"/gestion/acteurs/{each.seen.public_id}"
            assert client.post(f"{address}{OPENS}").status_code == 303
            own = written.sentinels.in_text(each.place.line().encode())
            own |= written.sentinels.in_text(each.seen.record.model_dump_json().encode())
            for part in ("", "/historique", "/lever", "/proteger", "/modifier"):
                answer = client.get(f"{address}{part}")
                assert answer.status_code == 200, part
                found = written.sentinels.in_text(answer.content)
                assert found <= allowed | own, (part, each.place.case, found - allowed - own)


def test_no_address_of_a_hidden_place_reaches_the_geocoder(written: Attacked) -> None:
    asked = 0
    with (
        geocoder_peer("HTTP/1.0") as peer,
        desk_of(written, Role.CURATEUR, geocoder_url=peer.url) as (client, _),
    ):
        new = fields(client.get("/gestion/acteurs/nouveau"))
        for each in masked(written, 1):
            record, own = each.seen.record, f"/gestion/acteurs/{each.seen.public_id}"
            assert client.post(f"{own}{OPENS}").status_code == 303
            given = fields(client.get(f"{own}/modifier"))
            innocent = {"name": ["Service calme"], "category": ["association"]}
            sent = [(f"{own}/situer", given), (f"{own}/situer", given | innocent)]
            if each.place.case in AT_HOMES:
                where = {"address": "address", "postcode": "postcode", "city": "city"}
                there = {name: [getattr(record, field) or ""] for name, field in where.items()}
                there["territory"] = [record.territory]
                sent.append(("/gestion/acteurs/nouveau/situer", new | innocent | there))
            for path, form in sent:
                answer = client.post(path, data=form)
                assert answer.status_code == 200, (each.place.case, path)
                assert "data-take" not in answer.text
                assert peer.seen == [], (each.place.case, path)
                asked += 1
        # What nothing hides is asked for: the peer would have seen the others.
        free = {**innocent, "address": ["1 rue Libre"], "territory": ["93"]}
        place = {"postcode": ["93000"], "city": ["Bobigny"]}
        client.post("/gestion/acteurs/nouveau/situer", data=new | free | place)
        assert len(peer.seen) == 1
    assert asked > 10
