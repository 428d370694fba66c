"""What becomes of what was counted: days of few views go into their month, and all of it goes."""

from datetime import date, timedelta

from sqlalchemy import Date, Integer, delete, extract, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.models import PageView

# A number below it could be one person's.
FLOOR = 5
MONTHS = 25
# The database takes views of yesterday as well.
OPEN_DAYS = 2
_KEY = (PageView.page, PageView.territory_code, PageView.facet, PageView.embed_id)


def fold(session: Session, today: date) -> None:
    """Put together what days of fewer than FLOOR had in months that are over, for good.

    Run twice it does nothing more, and two at once take no row twice. today: in Paris.
    """
    first = (today - timedelta(days=OPEN_DAYS)).replace(day=1)
    gone = (
        delete(PageView)
        .where(~PageView.is_rest, PageView.count < FLOOR, PageView.day < first)
        .returning(PageView.day, *_KEY, PageView.count)
        .cte("gone")
    )
    month = func.date_trunc("month", gone.c.day).cast(Date)
    names = [column.name for column in _KEY]
    key = [gone.c[name] for name in names]
    rest = (
        select(month.label("month"), *key, func.sum(gone.c.count).label("count"))
        .group_by(month, *key)
        .cte("rest")
    )
    many = aliased(PageView)
    # As it was before the statement: the days that stay are shown one by one.
    shown = (
        select(func.count())
        .where(
            ~many.is_rest,
            many.count >= FLOOR,
            func.date_trunc("month", many.day) == rest.c.month,
            *(getattr(many, name) == rest.c[name] for name in names),
        )
        .scalar_subquery()
    )
    last = rest.c.month + func.make_interval(0, 1) - func.make_interval(0, 0, 0, 1)
    # If they had the most that so many days can have, it would say of each that it had the most.
    most = (FLOOR - 1) * (extract("day", last) - shown) - 1
    added = insert(PageView).from_select(
        ["day", "is_rest", *names, "count"],
        select(
            rest.c.month,
            literal(True),
            *(rest.c[name] for name in names),
            func.least(rest.c.count, most).cast(Integer),
        ),
    )
    session.execute(
        added.on_conflict_do_update(
            constraint="pk_page_view", set_={"count": PageView.count + added.excluded.count}
        )
    )


def forget(session: Session, today: date) -> None:
    """Take what is past its months."""
    oldest = func.date_trunc("month", literal(today, Date) - func.make_interval(0, MONTHS))
    session.execute(delete(PageView).where(PageView.day < oldest.cast(Date)))
