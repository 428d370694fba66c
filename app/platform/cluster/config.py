"""What the embedded cluster is made of: initdb, settings, and who may connect."""

import os
import shlex
import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

from app.platform.cluster.accounts import SystemAccount
from app.platform.cluster.errors import CannotInitialise

# How files are named until they are whole, as a pattern.
UNFINISHED = r"conf\.[0-9a-f]{32}\.\w{8}"
SETTINGS = """\
# Written by mesure23 at each start; for a setting of your own use ALTER SYSTEM.
listen_addresses = ''
unix_socket_directories = '{sockets}'
port = 5432
cluster_name = 'mesure23'

# The log must hold nothing of a person or a protected place. The text of an ERROR quotes values
# ("invalid input syntax for type integer: …"), its DETAIL quotes rows, the statement its
# parameters: the service reports errors, the server only what concerns itself.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_timezone = 'UTC'

# A machine of 2 cores and 2 GB holds this beside the service.
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 512MB
max_connections = 100
max_parallel_workers_per_gather = 1
random_page_cost = 1.1
# Compiling a query costs more than these queries take.
jit = off
# What a command that was killed had asked for ends too, and with it what others wait for.
client_connection_check_interval = 2s

timezone = 'UTC'
lc_messages = 'C.UTF-8'
"""

# For tests: a crash of the machine may lose everything.
UNSAFE = """
fsync = off
full_page_writes = off
"""

# Where backups are set up: what is lost with the disk is no more than the last minute.
ARCHIVING = """
archive_mode = on
archive_timeout = 60
archive_command = '{command}'
"""

# What pgBackRest calls the cluster.
STANZA = "mesure23"
HBA = "local all all peer map=mesure23\n"


def initialise(binaries: Path, data: Path, account: SystemAccount, *, fsync: bool) -> None:
    """Make a new cluster: UTF-8, sorted in French by ICU (C.UTF-8 puts école after zoo)."""
    # Under another name until it is whole: initdb may be killed half-way.
    unfinished = data.with_name("data.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    os.chown(unfinished, account.uid, account.gid)
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr"]
    if not fsync:
        options.append("--no-sync")
    made = account.run(
        *(binaries / "initdb", "--pgdata=.", "--username=postgres", "--auth=peer"),
        *options,
        cwd=unfinished,
    )
    if made.returncode != 0:
        raise CannotInitialise(data=data, log=(made.stderr or made.stdout).strip())
    unfinished.rename(data)


def configure(data: Path, sockets: Path, account: SystemAccount, *, fsync: bool) -> None:
    """Write the settings and who may connect: root, the cluster's account and ours, as any role."""
    names = dict.fromkeys(("root", account.name, SystemAccount.of(os.geteuid()).name))
    ident = "".join(f'mesure23 "{name}" all\n' for name in names)
    settings = SETTINGS.format(sockets=sockets) + ("" if fsync else UNSAFE) + _archiving(data)
    for name, text in (
        ("postgresql.conf", settings),
        ("pg_hba.conf", HBA),
        ("pg_ident.conf", ident),
    ):
        replace_file(data / name, text, account)


def archiving(data: Path) -> Path:
    """Return where the settings of pgBackRest for a cluster lie; it archives if they are there."""
    return data.with_name("pgbackrest.conf")


def backups_of(data: Path) -> Path | None:
    """Return where the backups of a cluster lie, or lay; None where it has none yet."""
    settings = archiving(data)
    if not settings.exists():
        return None
    folder = Path(settings.read_text("utf-8").partition("\nrepo1-path=")[2].partition("\n")[0])
    # A folder that is away, as of a disk that is not mounted, may hold some.
    return None if folder.exists() and not (folder / "backup" / STANZA).exists() else folder


def _archiving(data: Path) -> str:
    settings = archiving(data)
    if not settings.exists():
        return ""
    push = f"/usr/bin/pgbackrest --config={shlex.quote(str(settings))} --stanza={STANZA}"
    # As PostgreSQL reads it: a per cent sign begins a name, and two quotes are one.
    command = f"{push} archive-push ".replace("%", "%%").replace("'", "''") + "%p"
    return ARCHIVING.format(command=command)


def replace_file(path: Path, text: str, account: SystemAccount) -> None:
    """Write a file of the cluster's account, 0600, whole or not at all."""
    # Never written through: the account owns the directory and could have left a link there.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"conf.{uuid4().hex}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchown(handle, account.uid, account.gid)
    Path(temporary).replace(path)
