"""A territory as an address names it."""

from typing import Annotated

from fastapi import Path

from app.gazetteer.territories import CODE

# Documented and not enforced here: any other text is a territory that does not exist, 404.
TerritoryCode = Annotated[
    str,
    Path(json_schema_extra={"pattern": f"^({CODE.pattern})$"}, examples=["93", "2A", "69M", "974"]),
]
