"""What docs/operations.md says of backups, tried: the dump restores, and grants come back."""

import subprocess
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, make_url, text

from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from tests.databases import cloned
from tests.short_lists import ASE, CRIP, csv, run


def test_a_backup_restores_into_a_database_at_head(
    cluster: Cluster, admin: Connection, lean_template: str, runtime: Runtime, tmp_path: Path
) -> None:
    run(runtime, csv(CRIP, ASE))
    binaries, dump = find_binaries(cluster.data), tmp_path / "mesure23.dump"

    def address(url: str) -> str:
        plain = make_url(url).set(drivername="postgresql")
        return plain.render_as_string(hide_password=False)

    source = address(runtime.owner_url)
    subprocess.run([binaries / "pg_dump", "--format=custom", f"--file={dump}", source], check=True)
    name = f"clone_{uuid4().hex[:12]}"
    with cloned(cluster, admin, lean_template, name) as restored:
        target = address(cluster.url(cluster.superuser, name))
        restore = [str(binaries / "pg_restore"), "--clean", "--if-exists", "--exit-on-error"]
        subprocess.run([*restore, f"--dbname={target}", dump], check=True)
        with restored.public.connect() as connection:
            names = connection.scalars(text("SELECT name FROM actor ORDER BY name")).all()
        assert names == ["ASE d'exemple", "CRIP d'exemple"]
        again = Runtime(runtime.settings, restored, runtime.vault, "", None)
        assert run(again, csv(CRIP, ASE)).unchanged == 2
