"""The import of a long list, beside the same file read by csv and copied into a bare table.

By hand, for one of LONG lines or of any number: `python -m bench.imports [LINES]`.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from bench.actors import SEED
from bench.database import alone, connect, filled
from bench.import_child import Cost
from bench.setting import SMALL
from bench.tools import PACE, Measure, figure_at_most, ratio_at_most
from importers import vocabulary

LINES, LONG = 10_000, 50_000
# Of the processor. LONG lines in a minute are 1,200 for a thousand, where a bare copy takes 2.5.
WORK = "import_of_1000_lines_milliseconds"
WORK_AIM = 500.0
# Of which 180 before the first line; LONG lines are to take 600.
MEMORY = f"import_of_{LINES}_lines_megabytes"
MEMORY_AIM = 300.0
COPY = f"{DATABASE}_import"
TITLES = (
    "Nom", "Catégorie", "Adresse", "Code postal", "Commune", "Téléphone", "Courriel", "Horaires",
    "Public", "Description", "Date de vérification",
)  # fmt: skip
WAYS = ("rue", "avenue", "boulevard", "place", "chemin", "impasse")
NAMES = ("Victor Hugo", "des Lilas", "de la République", "Jean Jaurès", "de l’Église", "Pasteur")
HOURS = ("du lundi au vendredi de 9h à 17h", "lundi-jeudi 9h-12h, 14h-17h", "24h/24", "")
SENTENCES = (
    "Un service qui reçoit et oriente les jeunes et leurs familles.",
    "Écoute, conseil et accompagnement, sur rendez-vous.",
    "",
)


def imports(cluster: Cluster) -> Iterator[Measure]:
    """Measure one import, in a process of its own, into a copy of the small database."""
    lines = PACE.part(LINES)
    ours, bare = _costs(cluster, lines)
    work = (each.processor * 1_000_000 / lines for each in (ours, bare))
    yield ratio_at_most(WORK, (next(work), next(work)), WORK_AIM)
    yield figure_at_most(MEMORY, (ours.megabytes, bare.megabytes), MEMORY_AIM)


def _costs(cluster: Cluster, lines: int) -> tuple[Cost, Cost]:
    """Return what an import and a bare copy of as many lines take."""
    maintenance = cluster.url(cluster.superuser, "postgres")
    with TemporaryDirectory() as directory:
        path = Path(directory) / "liste.csv"
        write_list(cluster, path, lines)
        alone(maintenance, f"DROP DATABASE IF EXISTS {COPY}")
        alone(maintenance, f"CREATE DATABASE {COPY} TEMPLATE {SMALL}")
        ours = run_child(path, cluster.url(role(DATABASE, "staff"), COPY), "import")
        bare = run_child(path, cluster.url(cluster.superuser, COPY), "copy")
        alone(maintenance, f"DROP DATABASE {COPY}")
    return ours, bare


def write_list(cluster: Cluster, path: Path, lines: int) -> None:
    """Write an invented list of all France."""
    with connect(cluster, cluster.superuser) as owner:
        found = owner.execute("SELECT name, postcodes FROM commune WHERE postcodes <> '{}'")
        communes = [(name, codes[0]) for name, codes in found]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows((TITLES, *_rows(communes, lines)))


def write_changed(path: Path, former: Path) -> None:
    """Write a list that says of all whom another one names another phone and another sentence."""
    with former.open(encoding="utf-8", newline="") as file:
        titles, *rows = csv.reader(file, delimiter=";")
    phone, said = titles.index("Téléphone"), titles.index("Description")
    for number, row in enumerate(rows):
        row[phone] = f"0{number % 5 + 1} 99" + row[phone][5:]
        row[said] = f"{row[said]} Nouveaux locaux.".strip()
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows((titles, *rows))


def _rows(communes: list[tuple[str, str]], lines: int) -> Iterator[tuple[str, ...]]:
    """Yield the lines of an invented list; one in some twenty houses children."""
    random = Random(SEED)  # noqa: S311 - no secret
    words = vocabulary.load().categories.values()
    homes = [each.label for each in words if each.protected]
    others = [each.label for each in words if each.publishable and not each.protected]
    for number in range(lines):
        town, postcode = random.choice(communes)
        category = random.choice(homes if number % 20 == 0 else others)
        yield (
            f"{category} {town} {number}",
            category,
            f"{random.randint(1, 300)} {random.choice(WAYS)} {random.choice(NAMES)}",
            postcode,
            town,
            f"0{random.randint(1, 5)} " + " ".join(f"{random.randint(10, 99)}" for _ in range(4)),
            f"contact{number}@exemple{number % 400}.fr",
            random.choice(HOURS),
            "mineurs",
            random.choice(SENTENCES),
            "12/03/2026",
        )


def run_child(path: Path, url: str, what: str) -> Cost:
    """Return what a child process took."""
    command = [sys.executable, "-m", "bench.import_child", what, str(path), url]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Cost(**json.loads(done.stdout))


def main() -> None:
    """Print what one import of LONG lines takes, and a bare copy of them."""
    with filled() as cluster:
        for cost in _costs(cluster, int(sys.argv[1]) if sys.argv[1:] else LONG):
            print(cost)  # noqa: T201


if __name__ == "__main__":
    main()
