"""Public pages by which one subscribes, where nobody has yet."""

from collections.abc import Iterator

import pytest

from app.runtime.staff import Runtime
from tests.letters_asked import Post, posting


@pytest.fixture(scope="module")
def _post(module_runtime: Runtime) -> Iterator[Post]:
    with posting(module_runtime) as post:
        yield post


@pytest.fixture
def post(_post: Post) -> Post:
    _post.forget_all()
    return _post
