"""Nobody has the letter, and none was sent, before and after each test."""

from collections.abc import Iterator

import pytest

from app.runtime.staff import Runtime
from tests.makers_letters import forget_all


@pytest.fixture
def runtime(module_runtime: Runtime) -> Iterator[Runtime]:
    forget_all(module_runtime)
    yield module_runtime
    forget_all(module_runtime)
