"""Resources in a database, as their projection leaves them."""

from collections.abc import Callable
from typing import Any

import pytest

from app.platform.database.engines import Databases
from app.resources.content import Content
from app.resources.stored import columns_of
from tests.makers import add_resource

Published = Callable[..., str]


@pytest.fixture
def publish(databases: Databases) -> Published:
    """Put the columns of a content in the open table; columns: further ones."""

    def added(content: Content, **columns: Any) -> str:
        with databases.staff.begin() as connection:
            return add_resource(connection, **columns_of(content) | columns)

    return added
