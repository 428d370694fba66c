"""The declarative base and the names that constraints get, so that migrations can name them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase


class Texts(ARRAY[str]):
    """Several texts, the lists that the driver reads and writes: none is copied, text by text."""

    # A parameter says its type, as the dialect has its own class do.
    render_bind_cast = True

    def __init__(self) -> None:
        super().__init__(Text)

    def adapt(self, *_: object, **__: object) -> Any:
        """Stay this class: that of the dialect copies."""
        return Texts()

    def bind_processor(self, dialect: Dialect) -> None:
        """Hand lists to the driver as they are."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Take lists of the driver as they are."""
        return None


class Base(DeclarativeBase):
    """Base of every table; tables are in schema public, views for the public login in open."""

    type_annotation_map: ClassVar = {str: Text, datetime: DateTime(timezone=True)}

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
