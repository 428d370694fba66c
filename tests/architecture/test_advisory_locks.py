"""What waits for one advisory lock of PostgreSQL waits for nothing else: each has a number."""

import re
from collections import Counter

from app.settings import ROOT

NUMBER = re.compile(r"^\w+_LOCK = (\d+)$", re.MULTILINE)


def test_each_lock_has_a_number_of_its_own() -> None:
    sources = (path.read_text() for path in (ROOT / "app").rglob("*.py"))
    found = Counter(number for source in sources for number in NUMBER.findall(source))
    assert len(found) > 5
    assert [number for number, times in found.items() if times > 1] == []
