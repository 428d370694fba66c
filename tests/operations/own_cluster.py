"""An embedded cluster of its own, whose backups a test makes, loses and restores."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from app.operations.metrics import OfDatabase
from app.platform.cluster.server import Cluster, open_cluster
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime, open_runtime
from app.settings import Settings
from app.vault.sealing import Vault, load_vault, new_key
from tests.begun_registers import begin_registers
from tests.copied import copy_territories
from tests.serving import offline_settings
from tests.short_lists import ASE, CRIP, csv, run


@contextmanager
def own_cluster(source: Runtime) -> Iterator[Settings]:
    """Yield the settings of a cluster with two public actors, in a place that its account reaches.

    source: whose territories it has.
    """
    folder = Path(tempfile.mkdtemp(prefix="mesure23-backup-"))
    folder.chmod(0o711)
    given = {
        "backup_dir": folder / "backups",
        "backup_passphrase_file": folder / "passphrase",
        "keys": SecretStr(new_key()),
    }
    made = offline_settings(folder / "data").model_copy(update=given)
    with open_runtime(made) as runtime:
        copy_territories(source.owner_url, runtime.owner_url)
        run(runtime, csv(CRIP, ASE))
        begin_registers(runtime)
    yield made
    if (folder / "data" / "postgres" / "data").exists():
        with open_cluster(made.data_dir):
            pass
    if (folder / "data" / "postgres").is_symlink():
        shutil.rmtree((folder / "data" / "postgres").resolve())
    shutil.rmtree(folder)


def vault_of(settings: Settings) -> Vault:
    vault = load_vault(settings)
    assert vault is not None
    return vault


def public(runtime: Runtime) -> dict[str, str]:
    with runtime.databases.public.connect() as connection:
        shown = "SELECT name, public_id FROM actor WHERE status = 'published'"
        return {row.name: row.public_id for row in connection.execute(text(shown))}


def measured(runtime: Runtime) -> dict[str, float]:
    """Return what the database measures by its name, but by labels."""
    of_database = OfDatabase(runtime.staff)
    found = {each.name: each.samples[0].value for each in of_database.collect() if each.samples}
    of_database.close()
    return found


def protect(settings: Settings, name: str) -> None:
    with open_runtime(settings) as runtime, write(runtime.staff) as session:
        acts.protect(session, runtime.vault, public(runtime)[name], who="os:essai", why="essai")


def lose_the_disk(settings: Settings) -> None:
    shutil.rmtree((settings.data_dir / "postgres" / "data").resolve())


def superuser(cluster: Cluster) -> str:
    return f"host={cluster.sockets} user={cluster.superuser} dbname=postgres"
