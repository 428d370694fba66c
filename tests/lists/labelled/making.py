"""Writes the labelled pairs anew: `python -m tests.lists.labelled.making`.

A pair is two lines of two lists; what the second does otherwise is a function of same.py or of
different.py. Its label is what a person who knows the actors would say: "same", "different", or
"doubtful" where the lines alone do not tell. The same pairs are made at every run.
"""

import csv
import io
from pathlib import Path

from tests.lists.labelled.different import DIFFERENT
from tests.lists.labelled.maker import COLUMNS, Maker, Variations
from tests.lists.labelled.same import DOUBTFUL, SAME

HERE = Path(__file__).parent
LABELS: dict[str, Variations] = {"same": SAME, "different": DIFFERENT, "doubtful": DOUBTFUL}


def written() -> dict[str, str]:
    """Return the file of each label: pair, variation, then what the line says."""
    maker, files, number = Maker(), {}, 0
    for label, variations in LABELS.items():
        file = io.StringIO()
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(("Paire", "Variation", *COLUMNS))
        for name, (count, make) in variations.items():
            for _ in range(count):
                number += 1
                for line in make(maker):
                    writer.writerow((number, name, *(line[title] for title in COLUMNS)))
        files[label] = file.getvalue()
    return files


if __name__ == "__main__":
    for label, text in written().items():
        (HERE / f"{label}.csv").write_text(text, encoding="utf-8")
