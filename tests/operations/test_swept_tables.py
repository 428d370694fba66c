"""An erasure takes what refers to an actor from each table, which would refuse it otherwise."""

from app.models import Base
from app.operations import sweep


def test_whatever_refers_to_an_actor_goes_with_it() -> None:
    referring = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "actor.id" and key.ondelete not in {"CASCADE", "SET NULL"}
    }
    assert "actor_question" in referring
    assert referring <= {model.__tablename__ for model in sweep._OF_ACTOR}
