"""What tests of every folder may take: databases, two worlds, and the demonstration.

Fixtures that one folder alone takes stand in the conftest.py of that folder.
"""

import gc

import hypothesis
import pytest

# Each may import those before it: pytest prepares their assertions as it loads them.
pytest_plugins = [
    "tests.databases",
    "tests.world",
    "tests.crowd",
    "tests.demonstration",
    "tests.chromium",
]

# How long an example takes says most of all what else the machine does.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is long as slow too, so that `-m "not slow"` leaves both out."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """Count the tests and what they import as there for good: a collection looks at the rest."""
    gc.collect()
    gc.freeze()
