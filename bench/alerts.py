"""2,000 alerts of 5,000 actors that are new, of as many, in a process of its own, as the worker's.

By hand, of 100,000 as well: `python -m bench.alerts`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from bench.alert_child import ALERTS, Cost
from bench.database import filled
from bench.setting import MIDDLE, SOME
from bench.tools import BenchFailed, Measure, figure_at_most

TOOK = f"alerts_{ALERTS}_of_{SOME}_actors_seconds"
TOOK_AIM_S = 60.0
MEMORY = f"alerts_{ALERTS}_of_{SOME}_actors_megabytes_beyond_idle"
MEMORY_AIM_MB = 200.0


def alerts(cluster: Cluster) -> Iterator[Measure]:
    """Measure how all are computed, beside what their searches take when each is asked once."""
    cost = run_child(cluster, MIDDLE)
    if cost.mails < ALERTS // 2:
        raise BenchFailed(f"{cost.mails} messages")
    yield figure_at_most(TOOK, (cost.seconds, cost.once), TOOK_AIM_S)
    yield figure_at_most(MEMORY, (cost.megabytes, cost.idle), MEMORY_AIM_MB)


def run_child(cluster: Cluster, database: str) -> Cost:
    """Return what a child process took, over a database that it leaves as it was."""
    url = cluster.url(role(DATABASE, "staff"), database)
    command = [sys.executable, "-m", "bench.alert_child", url]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Cost(**json.loads(done.stdout))


def main() -> None:
    """Print what they take where 5,000 new actors are all, and where there are 100,000."""
    with filled() as cluster:
        for database in (MIDDLE, DATABASE):
            print(database, run_child(cluster, database))  # noqa: T201


if __name__ == "__main__":
    main()
