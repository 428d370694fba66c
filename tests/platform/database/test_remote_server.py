"""A server that is reached over a network, with and without TLS, as `mesure23 doctor` sees it."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import URL, make_url

from app.operations.doctor import examine
from app.platform.cluster.accounts import account_for_new_cluster
from app.platform.cluster.directory import find_binaries
from app.platform.database.engines import Databases, libpq_address, make_engine, role
from app.platform.database.logins import set_login
from app.platform.database.migrating import migrate
from app.vault.sealing import Vault
from tests.outside.tls_proxy import make_certificate

# A cluster that only these tests connect to is made for them.
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Remote:
    """A prepared database; host: an address of this machine that is not its loopback."""

    host: str
    port: int

    def url(self, user: str, host: str, sslmode: str) -> str:
        query = {"sslmode": sslmode}
        url = URL.create("postgresql+psycopg", user, "secret", host, self.port, "mesure23", query)
        return url.render_as_string(hide_password=False)

    def in_clear(self, vault: Vault, host: str, sslmode: str) -> set[str]:
        """Return what doctor says of connections in clear."""
        engines = [
            make_engine(self.url(role("mesure23", login), host, sslmode), pool_size=1)
            for login in ("staff", "public")
        ]
        databases = Databases(*engines)
        try:
            found = {each.what: each.todo for each in examine(databases, vault)}
        finally:
            databases.dispose()
        assert all("sslmode=verify-full" in found[each] for each in found if "ssl" in each)
        return {each for each in found if each.startswith("ssl")}


def own_address() -> str:
    """Return an address of this machine that is not its loopback."""
    for addresses in psutil.net_if_addrs().values():
        for each in addresses:
            if each.family == socket.AF_INET and not each.address.startswith("127."):
                return str(each.address)
    pytest.skip("This machine has no address but its loopback.")


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    host, account = own_address(), account_for_new_cluster()
    with socket.create_server((host, 0)) as free:
        port: int = free.getsockname()[1]
    # Short, since a socket lies in it, and the account's own.
    place = Path(tempfile.mkdtemp(prefix="mesure23-remote-"))
    for path in (place, *make_certificate(place)):
        os.chown(path, account.uid, account.gid)
        path.chmod(0o700 if path.is_dir() else 0o600)
    (place / "password").write_text("secret")
    os.chown(place / "password", account.uid, account.gid)
    binaries = find_binaries(place)
    made = account.run(
        *(binaries / "initdb", "--pgdata=data", "--username=postgres", "--pwfile=password"),
        *("--auth=scram-sha-256", "--no-sync"),
        cwd=place,
    )
    assert made.returncode == 0, made.stderr
    with (place / "data/pg_hba.conf").open("a") as rules:
        rules.write("host all all all scram-sha-256\n")
    settings = {
        "listen_addresses": f"{host},127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(place),
        "ssl": "on",
        "ssl_cert_file": str(place / "certificate.pem"),
        "ssl_key_file": str(place / "key.pem"),
        "fsync": "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    control = (binaries / "pg_ctl", "--pgdata=data", "--log=log", "--wait")
    assert account.run(*control, "start", "-o", options, cwd=place).returncode == 0
    try:
        built = Remote(host, port)
        owner = built.url("postgres", host, "require")
        elsewhere = make_url(owner).set(database="postgres")
        admin = make_engine(elsewhere.render_as_string(hide_password=False))
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CREATE DATABASE mesure23")
        admin.dispose()
        migrate(owner)
        for login in ("staff", "public"):
            set_login(owner, login, "secret")
        yield built
    finally:
        account.run(*control, "stop", "--mode=immediate", cwd=place)
        shutil.rmtree(place)


def test_a_server_that_vanishes_is_given_up_within_half_a_minute(remote: Remote) -> None:
    engine = make_engine(remote.url("postgres", remote.host, "disable"), pool_size=1)
    pooled = engine.raw_connection()
    # As pages and commands connect, and as the worker does.
    with closing(pooled), psycopg.connect(libpq_address(engine)) as listening:
        for connection in (pooled.driver_connection, listening):
            assert isinstance(connection, psycopg.Connection)
            with socket.socket(fileno=os.dup(connection.fileno())) as wire:
                of = partial(wire.getsockopt, socket.IPPROTO_TCP)
                assert 0 < of(socket.TCP_USER_TIMEOUT) <= 30_000
                assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                tries = of(socket.TCP_KEEPINTVL) * of(socket.TCP_KEEPCNT)
                assert of(socket.TCP_KEEPIDLE) + tries <= 30
    engine.dispose()


def test_a_connection_in_clear_over_a_network_is_reported(remote: Remote, vault: Vault) -> None:
    assert remote.in_clear(vault, remote.host, "disable") == {"ssl (staff)", "ssl (public)"}


def test_a_connection_with_tls_is_fine(remote: Remote, vault: Vault) -> None:
    assert remote.in_clear(vault, remote.host, "require") == set()


def test_a_connection_within_the_machine_is_fine(remote: Remote, vault: Vault) -> None:
    assert remote.in_clear(vault, "127.0.0.1", "disable") == set()
