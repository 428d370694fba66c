"""Public pages by which one subscribes, where nobody has yet."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, text

from app.models import LetterSubscriber
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.letters_asked import Post, posting


@pytest.fixture(scope="module")
def _post(module_runtime: Runtime) -> Iterator[Post]:
    with posting(module_runtime) as post:
        yield post


@pytest.fixture
def post(_post: Post) -> Post:
    with write(_post.runtime.staff) as session:
        session.execute(delete(LetterSubscriber))
        session.execute(text("DELETE FROM mail_act"))
    return _post
