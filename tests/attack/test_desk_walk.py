"""The whole desk as each role: every link that leads on, and the forms of all hidden actors."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx
import pytest

from app.models import Role
from app.platform.database.sessions import read
from app.records.sheets import is_protected
from app.records.viewing import see
from app.visibility import Viewer
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER
from tests.attack.resources import words_for
from tests.attack.test_desk import LISTS, OUTLINES, applied_in_part, readable
from tests.attack.test_desk_actors import desk_of, found_in_no_answer, masked

pytestmark = [pytest.mark.slow, pytest.mark.long]
LINKS = re.compile(r"""(?:href|hx-get)=["']([^"'#]+)""")
NUMBER = re.compile(r"\b(?:[0-9a-f]{16}|[0-9a-f-]{36}|\d+)\b")
# Of the addresses that differ in ids and values alone, so many are asked for.
OF_A_SHAPE = 200
LEAVES = "/connexion/sortir"


def open_to(written: Attacked, role: Role) -> set[str]:
    """What somebody reads without opening anything: names, and all of what nothing protects."""
    found = readable(written, role)
    if role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT):
        # Of sources and lists that are theirs.
        found |= {f"{MARKER}isource".lower()}
    found |= words_for(role)
    vault, sentinels = written.runtime.vault, written.sentinels
    own = set(sorted(written.dataset.territories)[:3]) if role.startswith("referent") else ()
    said: set[str] = set()
    with read(written.runtime.staff) as session:
        for each in see(session, vault, Viewer.staff(role, own)):
            if not is_protected(each.level, each.record.status):
                said |= sentinels.in_text(each.record.model_dump_json().encode())
    for place in written.dataset.secrets:
        if place.word(0).lower() in said:
            # Its line as it was received, and its point, however a page writes it.
            said |= sentinels.in_text(place.line().encode()) | {f"point of {place.number}"}
    return found | said


def beyond(found: set[str], own: set[str]) -> set[str]:
    """What was found that is not to be read, by whoever may read some words and points."""
    return {each for each in found - own if each.partition(" in ")[0] not in own}


def shape(address: str) -> str:
    """Return what addresses of one page have in common."""
    parts = urlsplit(address)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{NUMBER.sub('#', parts.path)}?{'&'.join(names)}"


def walked(client: httpx.Client, begin: list[str]) -> Iterator[tuple[str, httpx.Response]]:
    """Yield every address of the desk that pages lead to, and what it answers."""
    waiting, seen, of_shape = deque(begin), set(begin), Counter(map(shape, begin))
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        yield address, answer
        found = [html.unescape(each) for each in LINKS.findall(answer.text)]
        if "location" in answer.headers:
            found.append(answer.headers["location"])
        for link in found:
            parts = urlsplit(urljoin(address, link))
            here = parts.path + (f"?{urlencode(parse_qsl(parts.query))}" if parts.query else "")
            inside = not parts.netloc and parts.path.startswith(("/gestion", "/connexion", "/pro"))
            if not inside or here in seen or parts.path == LEAVES:
                continue
            seen.add(here)
            of_shape[shape(here)] += 1
            if of_shape[shape(here)] <= OF_A_SHAPE:
                waiting.append(here)


@pytest.mark.parametrize("role", Role)
def test_no_page_that_leads_on_holds_a_secret(written: Attacked, role: Role) -> None:
    own = open_to(written, role)
    # What a référent applied of a list, and what they left of it.
    _, *parts = applied_in_part(written, f"à parcourir comme {role}")
    lists = [f"/gestion/imports/{each}" for each in parts]
    asked: Counter[str] = Counter()
    knows_lists = role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
    with desk_of(written, role) as (client, _):
        client.timeout = httpx.Timeout(60)
        for each in lists:
            # Open by name to whoever may: a quarter of an hour, of the beginning of the walk.
            client.post(f"{each}/a-cote")
        for address, answer in walked(client, [*lists, "/gestion", "/pro", *LISTS]):
            assert answer.status_code < 500, address
            if address in lists:
                assert (answer.status_code == 200) is knows_lists, address
            asked[shape(address)] += 1
            if address == OUTLINES:
                # Thousands of points, some of them those of homes by chance: tests.attack.test_desk
                # compares them with those of where nobody is.
                continue
            found = written.sentinels.in_text(answer.content, asked=address)
            assert beyond(found, own) == set(), address
    assert len(asked) > 10
    assert asked.total() > (1_000 if role is Role.CURATEUR else 30)


@pytest.mark.parametrize("role", Role)
def test_no_page_or_form_of_any_hidden_actor_holds_more_than_their_names(
    written: Attacked, role: Role
) -> None:
    own = readable(written, role)
    # Nearly a thousand, each with some forty requests: half an hour for all roles.
    places = masked(written, len(written.dataset.places))
    with desk_of(written, role) as (client, paths):
        client.timeout = httpx.Timeout(60)
        for each in places:
            found_in_no_answer(written, client, paths, each, own)
    assert len(places) > 500
