"""Protects an actor, and looks for what still shows it a second later."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from time import sleep

from fastapi import FastAPI

from app.letters.letter import Lead, Words
from app.platform.database.sessions import write
from app.platform.web.versions import PERIOD
from app.records.acts import protect
from app.resources.forms import Form
from app.runtime.staff import Runtime
from geo.names import slug as name_slug
from tests.attack.conftest import client_of
from tests.attack.dataset import Dataset
from tests.attack.places import InventedPlace
from tests.attack.sentinels import plain_text
from tests.attack.unpacking import unpack
from tests.attack.values import values_of
from tests.attack.walk import Answer, Asked, Values, ask, requests
from tests.makers import decide
from tests.makers_letters import MONTH, approved
from tests.makers_resources import make_resource

LIMIT = 1.0


def nothing() -> None:
    """Let things be as they are."""


def stale(
    runtime: Runtime,
    dataset: Dataset,
    apps: Iterable[FastAPI],
    hinder: Callable[[], None] = nothing,
    beginning: tuple[str, ...] = ("/",),
) -> set[str]:
    """Return the answers that name a published actor a second after it was protected.

    All of them were asked for before, so that the cache is warm. hinder: what goes wrong just
    before the act. beginning: of the addresses that are asked.
    """
    place = next(place for place in dataset.places if place.case == "open" and place.lon)
    slug = f"service-{place.word(0).lower()}"
    public_id = next(key for key, value in dataset.published.items() if value == slug)
    all_values = values_of(dataset)
    code = place.commune.territory
    resource, title = send_of(runtime, place, public_id)
    values = Values(
        paths={
            (): [()],
            ("code",): [(code,)],
            ("public_id", "slug"): [(public_id, slug)],
            ("public_id",): [(public_id,)],
            **{("embed_id",): [], ("event_id",): [], ("token",): [], ("month",): [(MONTH,)]},
            ("resource_id",): [(resource,)],
            ("resource_id", "slug"): [(resource, name_slug(title))],
            ("resource_id", "number"): [(resource, "1")],
            ("collection",): [],
        },
        query={**all_values.query, "q": [place.word(0)]},
        few=0,
        others=4,
        # All of France takes long to write, and is written the same way.
        anchors=[(("territoire", code),)],
    )
    words = [plain_text(each) for each in (*place.words, place.phone[1:], public_id)]
    with ExitStack() as open_clients:
        several = list(apps)
        clients = [open_clients.enter_context(client_of(app)) for app in several]
        asked = [
            each for each in plainest_first(several[0], values) if each[1].startswith(beginning)
        ]
        for client in clients:
            # The first question of all is about versions that nobody knows yet.
            ask(client, asked[0])
        sleep(PERIOD)
        named = [
            (client, each)
            for client in clients
            for each in asked
            if named_in(ask(client, each), each, words)
        ]
        assert {client for client, _ in named} == set(clients)
        of_both = (f"/ressources/{resource}", f"/lettres/{MONTH}")
        assert all(any(each[1].startswith(of) for _, each in named) for of in of_both)
        hinder()
        decide(runtime, protect, public_id, who="essai", why="menaces")
        sleep(LIMIT)
        return {each[1] for client, each in named if named_in(ask(client, each), each, words)}


def send_of(runtime: Runtime, place: InventedPlace, public_id: str) -> tuple[str, str]:
    """Publish what says where an actor is, and send a letter that does."""
    resource, title = publish_of(runtime, place, public_id)
    approved(runtime, Words(f"Au {place.phone}."), Lead("resource", resource))
    return resource, title


def publish_of(runtime: Runtime, place: InventedPlace, public_id: str) -> tuple[str, str]:
    """Publish what says where an actor is, and is tied to its sheet; return its id and title."""
    title = f"{place.word(0)}, {place.street}"
    with write(runtime.staff) as session:
        of = (session, runtime.vault, Form.PRACTICE)
        return make_resource(*of, title=title, actor_ids=[public_id]), title


def plainest_first(app: FastAPI, values: Values) -> list[Asked]:
    """Return what is asked; what is cached, before it could have gone by itself."""
    asked = (
        each
        for each in requests(app, values)
        if each[0] == "GET" and "/static/" not in each[1]
        # One of the forms that an address may answer in: the walk asks for each.
        if not any(name == "accept" for name, _ in each[2])
    )
    return sorted(asked, key=lambda each: len(each[1]))


def named_in(answer: Answer, asked: Asked, words: list[str]) -> bool:
    """Say whether an answer holds one of the words, other than those that were asked for."""
    echo = plain_text(asked[1])
    body = b"\n".join(unpack(answer.body, answer.encoding)) + answer.searched
    plain = plain_text(body.decode("utf-8", "replace"))
    return any(word in plain and word not in echo for word in words)
