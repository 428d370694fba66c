"""What a process counts for Prometheus: how it does, and nothing of who seeks what.

A label is a route as declared, a class of status, or a word of ours: never what somebody sent.
"""

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import accumulate
from urllib.parse import urlsplit

from prometheus_client import (
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool
from starlette.types import Scope

from app.errors import OperatorError, why_refused
from app.platform.web.observing import STATUS, Noting, route_of
from app.platform.web.site import Site
from app.platform.web.versions import FRANCE

# Seconds. A cached page takes one millisecond, a file of all of France some seconds.
BUCKETS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
BOUNDS = (*map(floatToGoString, BUCKETS), "+Inf")
UNSENT = "none"


class MetricsRefused(OperatorError):
    """Impossible de montrer les mesures sur {address} : {why}.
    Indiquez une autre adresse dans MESURE23_METRICS, ou aucune.
    """


class Metrics:
    """What is counted in one process: by its applications, and by whatever is added."""

    def __init__(self) -> None:
        self._registry, self._together = CollectorRegistry(), _Together()
        self._registry.register(self._together)
        ProcessCollector(registry=self._registry)

    def requests(self, part: str) -> Noting:
        """Return what counts the answers of an application; part: "public" or "desk"."""
        counted = _Requests(part)
        self.add(counted)
        return counted

    def watch(self, part: str, site: Site) -> None:
        """Show the turns, pools, cache and versions of an application."""
        self.add(_OfSite(part, site))

    def add(self, collector: Collector) -> None:
        """Show what something else measures each time that somebody asks."""
        self._together.several.append(collector)

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it."""
        return generate_latest(self._registry)

    @contextmanager
    def served(self, address: str) -> Iterator[None]:
        """Answer them at "host:port" for as long as the block lasts; raise MetricsRefused."""
        parts = urlsplit(f"//{address}")
        try:
            server, thread = start_http_server(
                parts.port or 0, parts.hostname or "", self._registry
            )
        except OSError as error:
            raise MetricsRefused(address=address, why=why_refused(error)) from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Together(Collector):
    """What several measure: what public pages and the desk both have is one metric."""

    def __init__(self) -> None:
        self.several: list[Collector] = []

    def collect(self) -> Iterator[Metric]:
        """Yield each metric once, with the samples of all who have it."""
        found: dict[str, Metric] = {}
        for each in self.several:
            for metric in each.collect():
                known = found.setdefault(metric.name, metric)
                if known is not metric:
                    known.samples += metric.samples
        yield from found.values()


class _Requests(Collector):
    """Counts answers, by the one thread that gives them: the library's own counters take locks,
    and three times as long.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        # By route and hundreds of a status.
        self._counts: dict[tuple[str, int], int] = {}
        self._routes: dict[str, _Times] = {}

    def note(self, scope: Scope, seconds: float) -> None:
        """Count an answer and its time."""
        route = route_of(scope)
        key = route, scope.get(STATUS, 0) // 100
        self._counts[key] = self._counts.get(key, 0) + 1
        times = self._routes.get(route) or self._routes.setdefault(route, _Times())
        times.seconds += seconds
        times.buckets[bisect_left(BUCKETS, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        """Yield how many answers there were, and how long they took."""
        count = CounterMetricFamily(
            "mesure23_requests",
            "Answers, by route as declared and class of status.",
            labels=["part", "route", "status"],
        )
        for (route, hundreds), number in [*self._counts.items()]:
            count.add_metric([self._part, route, f"{hundreds}xx" if hundreds else UNSENT], number)
        seconds = HistogramMetricFamily(
            "mesure23_request_seconds",
            "Seconds from the head of a request to the last byte of its answer.",
            labels=["part", "route"],
        )
        for route, times in [*self._routes.items()]:
            reached = zip(BOUNDS, accumulate(times.buckets), strict=True)
            seconds.add_metric([self._part, route], [*reached], times.seconds)
        yield from (count, seconds)


@dataclass(slots=True)
class _Times:
    """How long the answers of a route took. buckets: how many of them each, the longest last."""

    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BOUNDS))


class _OfSite(Collector):
    """Measures an application when somebody asks."""

    def __init__(self, part: str, site: Site) -> None:
        self._part, self._site = part, site

    def collect(self) -> Iterator[Metric]:
        """Yield how many wait, what is open, what is cached, and how old what is known is."""
        yield from self._turns()
        yield from self._pools()
        yield from self._cache()
        versions = self._site.versions
        # Read only while somebody asks: whoever measures does.
        versions.of(FRANCE)
        yield self._gauge(
            "versions_age_seconds", "Since the versions of territories were read.", versions.age
        )
        yield self._gauge(
            "replication_lag_seconds",
            "What the database is behind the one that is written to.",
            versions.behind,
        )

    def _turns(self) -> Iterator[Metric]:
        names = ["part", "row"]
        most = GaugeMetricFamily("mesure23_turns", "Answers made at once at most.", labels=names)
        taken = GaugeMetricFamily("mesure23_turns_taken", "Answers being made.", labels=names)
        waiting = GaugeMetricFamily(
            "mesure23_turns_waiting", "Requests that wait for their turn.", labels=names
        )
        refused = CounterMetricFamily(
            "mesure23_turns_refused", "Requests that waited too long.", labels=names
        )
        for turn, row in self._site.turns.rows.items():
            labels = [self._part, turn.value]
            most.add_metric(labels, row.most)
            taken.add_metric(labels, row.taken)
            waiting.add_metric(labels, row.waiting)
            refused.add_metric(labels, row.refused)
        yield from (most, taken, waiting, refused)

    def _pools(self) -> Iterator[Metric]:
        names = ["part", "login"]
        size = GaugeMetricFamily(
            "mesure23_pool", "Connections to the database at most.", labels=names
        )
        used = GaugeMetricFamily("mesure23_pool_used", "Connections in use.", labels=names)
        for each in fields(self._site.databases):
            engine: Engine | None = getattr(self._site.databases, each.name)
            if engine is not None and isinstance(engine.pool, QueuePool):
                size.add_metric([self._part, each.name], engine.pool.size())
                used.add_metric([self._part, each.name], engine.pool.checkedout())
        yield from (size, used)

    def _cache(self) -> Iterator[Metric]:
        cache = self._site.cache
        yield self._gauge("cache_entries", "Values in memory.", len(cache))
        yield self._gauge("cache_bytes", "What they take.", cache.size)
        yield self._gauge("cache_limit_bytes", "What they may take.", cache.limit)
        found = CounterMetricFamily(
            "mesure23_cache", "What was looked for in memory.", labels=["part", "result"]
        )
        found.add_metric([self._part, "hit"], cache.hits)
        found.add_metric([self._part, "miss"], cache.misses)
        yield found

    def _gauge(self, name: str, what: str, value: float) -> Metric:
        gauge = GaugeMetricFamily(f"mesure23_{name}", what, labels=["part"])
        gauge.add_metric([self._part], value)
        return gauge
