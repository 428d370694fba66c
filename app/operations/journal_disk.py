"""How much of the journal waits for its archive, and what room is left beside the database."""

import shutil

from sqlalchemy import text

from app.runtime.addresses import is_outside
from app.settings import Settings

# Bytes of the segments that are full and not archived; their names count them, 16 MB each.
WAITING = text("""
SELECT greatest(0, floor(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') / size) - 1
  - (('x' || substr(last_archived_wal, 9, 8))::bit(32)::bigint * (4294967296 / size)
     + ('x' || substr(last_archived_wal, 17, 8))::bit(32)::bigint))::bigint * size::bigint
FROM pg_stat_archiver, LATERAL (
  SELECT pg_size_bytes(current_setting('wal_segment_size'))::numeric AS size) AS segment
WHERE current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()
  AND last_archived_wal ~ '^[0-9A-F]{24}'
""")


def free_beside_the_database(settings: Settings) -> int | None:
    """Return the bytes that are free on the disk of the embedded database; None of another one."""
    home = settings.data_dir / "postgres"
    if is_outside(settings) or not home.exists():
        return None
    return shutil.disk_usage(home.resolve()).free
