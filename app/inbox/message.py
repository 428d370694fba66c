"""What a visitor may write to the desk, as it is sealed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.models.report import Wrong

LONGEST_TEXT = 1_000
LONGEST_MAIL = 254


class Correction(BaseModel):
    """An error on a public sheet. actor: its public id, whether there is one or not.

    right: what would be right, in their words. mail: where they want an answer, or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["correction"] = "correction"
    actor: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    wrong: Wrong
    right: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""
    mail: Annotated[str, StringConstraints(max_length=LONGEST_MAIL)] = ""
