"""The directory of the network among 5,000 members, by the desk of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts import sessions
from app.desk.shell.gate import COOKIE
from app.models import Account, NetworkMember, Role, StaffSession, Territory
from app.models.network import CHARTER_ON
from app.network.profile import COLUMN, TABLE, Profile, as_json
from app.network.words import FUNCTIONS, themes
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.platform.database.sessions import among, read, write
from app.vault.sealing import Vault, parse_keys
from bench.desk import Browser, search, signed_in
from bench.setting import KEYS, SEALED
from bench.tools import Measure, Work, figure_at_most, p95, timed

FOUND = "directory_of_5000_members_p95_milliseconds"
FOUND_AIM_MS = 300.0
MEMBERS, TIMES = 5_000, 40
ROOM = "/pro/reseau"
SEARCHES = (
    "",
    "?former=oui&territoire=93",
    "?q=maraude+numerique",
    "?fonction=soin&theme=fugue",
    "?q=absent",
    "?page=200",
)
HELPS = "Monter une maraude numérique, repérer sur les réseaux, accueillir une première parole."


def network(cluster: Cluster) -> Iterator[Measure]:
    """Measure searches in the directory, beside the form by which one asks for an access."""
    vault = parse_keys(KEYS)
    with (
        signed_in(cluster, vault, SEALED) as (browser, databases, _),
        members(databases, vault) as accounts,
    ):
        own = as_member(browser, databases, vault, accounts[0])
        found = [search(own, query, ROOM) for query in islice(cycle(SEARCHES), TIMES)]
        # A process opens what is sealed of all with the first one.
        found[0]()
        nothing: list[Work] = [search(own, "", "/pro/reseau/charte")] * TIMES
        [turns] = timed(found, nothing, p95)
        yield figure_at_most(FOUND, turns, FOUND_AIM_MS)


@contextmanager
def members(databases: Databases, vault: Vault) -> Iterator[list[UUID]]:
    """Add professionals who are members and say all that one may; take them away afterwards."""
    chosen, now = Random(23), datetime.now(UTC)  # noqa: S311 - invented people
    with read(databases.staff) as session:
        codes = list(session.scalars(select(Territory.code).order_by(Territory.code)))
    ids = [uuid4() for _ in range(MEMBERS)]
    accounts, rows = [], []
    for number, account in enumerate(ids):
        territory = chosen.choice(codes)
        person = {"name": f"Exemple {number}", "mail": f"{number}@example.org"}
        sealed = vault.seal_json("account", account, "person", person)
        reason = vault.seal("account", account, "reason", b"essai")
        given = {"id": account, "login": account.bytes, "person": sealed, "made_by": "os:bench"}
        given |= {"approved_by": "os:bench", "approved_at": now, "reason": reason}
        accounts.append({**given, "role": Role.PROFESSIONNEL.value, "territories": [territory]})
        profile = Profile(
            function=chosen.choice(list(FUNCTIONS)),
            function_text="Éducatrice de rue",
            territories=tuple(chosen.sample(codes, 2)),
            themes=tuple(chosen.sample(list(themes()), 3)),
            trains=number % 3 == 0,
            trains_text=HELPS,
            helps=HELPS * 3,
            languages=("en", "ar"),
        )
        said = vault.seal_json(TABLE, account, COLUMN, as_json(profile))
        member = {"account_id": account, "charter_on": CHARTER_ON, "accepted_at": now}
        rows.append({**member, "profile": said})
    with write(databases.staff) as session:
        session.execute(insert(Account), accounts)
        session.execute(insert(NetworkMember), rows)
    yield ids
    with write(databases.staff) as session:
        session.execute(delete(StaffSession).where(among(StaffSession.account_id, ids)))
        session.execute(delete(Account).where(among(Account.id, ids)))


def as_member(browser: Browser, databases: Databases, vault: Vault, account: UUID) -> Browser:
    """Return a browser in which one of them is signed in."""
    with write(databases.staff) as session:
        row, now = session.get_one(Account, account), datetime.now(UTC)
        token = sessions.open_session(
            session, vault, row, "password", device="", network=b"", now=now
        )
    client = browser.client
    client.headers["Cookie"] = f"{COOKIE}={token}"
    return replace(browser, client=client)
