"""Members of the network who work for hidden places and write what leads there: who reads it."""

from typing import Any
from uuid import UUID

import pytest

from app.models import Role
from app.network.errors import ActorNotRead
from tests.attack.conftest import Attacked
from tests.attack.test_desk import sign_in
from tests.attack.test_desk_actors import desk_of, masked
from tests.attack.test_desk_walk import walked
from tests.networked import joins, moved_to, says, works_for

pytestmark = pytest.mark.slow
ROOM = "/pro/reseau"
OF_EACH_CASE = 2


def written_of(world: Attacked) -> tuple[list[UUID], str]:
    """Members who work for each hidden place that they may choose, and say where it is; with a word
    that all may read.
    """
    found = []
    for each in masked(world, OF_EACH_CASE):
        account, _ = sign_in(world, Role.PROFESSIONNEL)
        joins(world.runtime, account)
        said = {"helps": f"Au {each.place.street}", "phone": each.place.phone, "function": "soin"}
        given: dict[str, Any] = said | {"audiences": {"phone": "reseau"}}
        says(world.runtime, account, **given)
        try:
            works_for(world.runtime, account, each.seen.public_id)
        except ActorNotRead:
            assert each.seen.record.status != "published"
        found.append(account)
    return found, "Médecin, soin"


@pytest.mark.parametrize("territory", ["93", "13"])
def test_no_member_is_led_to_a_hidden_place(written: Attacked, territory: str) -> None:
    members, said = written_of(written)
    with desk_of(written, Role.PROFESSIONNEL) as (client, _):
        # Whoever is no member yet reads of none.
        for path in (ROOM, f"{ROOM}/membres/{members[0]}"):
            answer = client.get(path)
            assert answer.status_code in (303, 403)
            assert written.sentinels.in_text(answer.content, asked=path) == set()
    account, token = sign_in(written, Role.PROFESSIONNEL)
    joins(written.runtime, account)
    moved_to(written.runtime, account, territory)
    seen = 0
    with desk_of(written, Role.PROFESSIONNEL) as (client, _):
        client.headers["Cookie"] = client.headers["Cookie"].partition("=")[0] + f"={token}"
        paths = [ROOM, *(f"{ROOM}/membres/{each}" for each in members)]
        for path, answer in walked(client, paths):
            if not path.startswith(ROOM):
                continue
            assert answer.status_code < 500, path
            seen += said in answer.text
            assert written.sentinels.in_text(answer.content, asked=path) == set(), path
    assert seen > len(members)


def test_nothing_of_what_members_say_lies_in_clear(written: Attacked) -> None:
    written_of(written)
    with written.databases.staff.connect() as connection:
        for table in ("network_member", "network_mark"):
            rows = connection.exec_driver_sql(f"SELECT t::text FROM {table} t").scalars()
            assert not written.sentinels.in_bytes("\n".join(rows).encode()), table
