"""Where somebody stands in the queue of pairs, so that whatever they do leads back there."""

from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, Field

from app.desk.shell import gate

HERE = f"{gate.HOME}/doublons"


class Place(BaseModel):
    """What an address, or a form, says of it. suite: the pair that follows.

    territoire, categorie: what the queue is narrowed by.
    """

    territoire: str = Field("", pattern="^[0-9A-Za-z]{0,10}$")
    categorie: str = Field("", pattern="^[a-z_]{0,40}$")
    page: int = Field(1, ge=1, lt=10**8)
    suite: UUID | None = None

    def given(self) -> dict[str, str]:
        """Return what an address, or a form, has to say of it."""
        queue = {"territoire": self.territoire, "categorie": self.categorie}
        more = {"page": str(self.page) if self.page > 1 else "", "suite": str(self.suite or "")}
        return {name: value for name, value in {**queue, **more}.items() if value}

    @property
    def query(self) -> str:
        """Return its part of an address."""
        return urlencode(self.given())

    def back(self, pair: UUID | None, **said: str) -> str:
        """Return the address of the queue, at a pair. said: what its page is to say."""
        queue = {name: value for name, value in self.given().items() if name != "suite"}
        query, anchor = urlencode({**queue, **said}), f"#p-{pair}" if pair else ""
        return f"{HERE}{'?' if query else ''}{query}{anchor}"
