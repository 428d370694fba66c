"""nginx and PgBouncer as the files of deploy/ set them, on the loopback, each in a folder."""

import configparser
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.server import Cluster
from app.settings import ROOT
from bench.tools import BenchFailed

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PGBOUNCER = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
BOUNCER_PORT = 6432


def nginx_file(folder: Path, port: int, behind: Sequence[int]) -> str:
    """Return deploy/nginx.conf with a folder and ports of ours; behind: those of two processes."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for given, here in zip(("127.0.0.1:8001", "127.0.0.1:8002"), behind, strict=True):
        if text.count(given) != 1:
            raise BenchFailed(f"deploy/nginx.conf ne nomme pas {given}.")
        text = text.replace(given, f"127.0.0.1:{here}")
    text = text.replace("listen 80 default_server;", f"listen 127.0.0.1:{port};")
    text = text.replace("    listen [::]:80 default_server;\n", "")
    text = text.replace("/run/mesure23-nginx", str(folder / "kept"))
    text = text.replace("/var/log/nginx/mesure23.log", str(folder / "access.log"))
    text = text.replace("/var/lib/mesure23/spare", str(folder / "spare"))
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\n"
        f"error_log {folder}/error.log warn;\nevents {{}}\nhttp {{\n{temporary}{text}\n}}\n"
    )


@dataclass
class Bouncer:
    """A PgBouncer that runs. place: the folder of its file and of its Unix socket."""

    place: Path
    account: SystemAccount
    user: str
    database: str
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it, and return once it listens; raises BenchFailed."""
        listens = self.place / f".s.PGSQL.{BOUNCER_PORT}"
        # One that was killed leaves it.
        listens.unlink(missing_ok=True)
        self.child = subprocess.Popen(
            [PGBOUNCER, "-q", self.place / "pgbouncer.ini"],
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=[],
        )
        for _ in range(200):
            if listens.exists():
                return
            time.sleep(0.05)
        raise BenchFailed("PgBouncer n’écoute pas.")

    def end(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """End it at once: TERM waits for clients."""
        if self.child is not None:
            self.child.send_signal(number)
            self.child.wait(20)

    def url(self) -> str:
        where = {"host": str(self.place), "port": str(BOUNCER_PORT)}
        url = URL.create("postgresql+psycopg", self.user, database=self.database, query=where)
        return url.render_as_string(hide_password=False)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.place), port=BOUNCER_PORT, user=self.user, dbname=self.database
        )


@contextmanager
def pgbouncer(cluster: Cluster, public: URL, servers: int | None = None) -> Iterator[Bouncer]:
    """Run PgBouncer in front of a login; servers: connections of its pool, else the file's."""
    account = SystemAccount.of(cluster.data.stat().st_uid)
    place = Path(tempfile.mkdtemp(prefix="mesure23-bouncer-"))
    given = configparser.ConfigParser(comment_prefixes=(";",))
    given.read(ROOT / "deploy/pgbouncer.ini")
    given["databases"] = {
        str(public.database): f"host={cluster.sockets} port=5432 user={public.username}"
    }
    own = {
        "listen_addr": "",
        "unix_socket_dir": str(place),
        "auth_type": "any",
        "logfile": str(place / "log"),
    }
    if servers:
        own["default_pool_size"] = str(servers)
    given["pgbouncer"].update(own)
    del given["pgbouncer"]["auth_file"]
    with (place / "pgbouncer.ini").open("w") as file:
        given.write(file)
    os.chown(place, account.uid, account.gid)
    bouncer = Bouncer(place, account, str(public.username), str(public.database))
    try:
        bouncer.start()
        yield bouncer
    finally:
        bouncer.end()
        shutil.rmtree(place)
