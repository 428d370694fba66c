"""What tests of every folder may take: databases, two worlds, and the demonstration.

Fixtures that one folder alone takes stand in the conftest.py of that folder.
"""

import gc
import ssl
from functools import lru_cache

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

# Each may import those before it: pytest prepares their assertions as it loads them.
FIXTURES = [
    "tests.databases",
    "tests.world",
    "tests.crowd",
    "tests.demonstration",
    "tests.chromium",
    "tests.browser.points",
]
pytest.register_assert_rewrite(*FIXTURES)

# How long an example takes says most of all what else the machine does. The same examples each
# time, so that what fails is of what changed; `bin/test --long` draws others.
hypothesis.settings.register_profile("random", deadline=None, derandomize=False)
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("same")


# Each test leaves what its modules keep: as often as Python does it, the search for garbage takes a
# fifth of all tests' time. As the service does, and not at all while tests are imported.
gc.set_threshold(50_000)
gc.disable()

# No test speaks TLS, and each client of httpx would read all certificates of the world: thousands
# of clients take minutes of it.
pytest.MonkeyPatch().setattr(ssl, "create_default_context", lru_cache(ssl.create_default_context))

# Its files share a world, which takes minutes to write and to walk through.
ATTACKS = "tests/attack/"


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures where tests are run: who shares them between workers needs no service."""
    if config.getoption("dist", "no") == "no" or hasattr(config, "workerinput"):
        for name in FIXTURES:
            config.pluginmanager.import_plugin(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is long as slow too, so that `-m "not slow"` leaves both out; slow files first."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    # Quick files come last, so that no worker is left with minutes of work when the other ends.
    items.sort(key=lambda item: item.path not in slow)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Workers take whole files, so that what a module needs is made once, in their order."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return ATTACKS if path.startswith(ATTACKS) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """Say how tests are shared between workers."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """Count the tests and what they import as there for good: a collection looks at the rest."""
    gc.collect()
    gc.freeze()
    gc.enable()
