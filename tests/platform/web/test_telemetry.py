"""No request is told to a collector, whatever the environment asks for."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry import trace

from app.desk.application import create_desk
from app.main import create_app
from app.settings import Settings
from app.vault.sealing import Vault
from tests.serving import serving
from tests.world import World

WORDS = "une rue que personne ne doit voir"


class Collector(trace.TracerProvider):
    """Notes what a span would say."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def get_tracer(self, *args: Any, **options: Any) -> trace.Tracer:
        sentences = self.sentences

        class Noting(trace.NoOpTracer):
            def start_span(self, *args: Any, **options: Any) -> trace.Span:
                sentences.append(f"{args} {options}")
                return super().start_span(*args, **options)

            def start_as_current_span(self, *args: Any, **options: Any) -> Any:
                sentences.append(f"{args} {options}")
                return super().start_as_current_span(*args, **options)

        return Noting()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Collector:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    found = Collector()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: found)
    return found


def test_no_collector_is_told_what_was_looked_for(
    world: World, vault: Vault, collector: Collector
) -> None:
    ask_for_words(create_app(Settings(), world.databases))
    ask_for_words(create_desk(Settings(), world.databases, vault))
    assert not collector.sentences


def test_an_application_that_does_not_forbid_it_would_tell_it(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is set up for it here: an exporter would be looked for.
    monkeypatch.delenv("FASTAPI_OTEL_AUTO_CONFIGURE")
    ask_for_words(FastAPI())
    assert collector.sentences


def ask_for_words(app: FastAPI) -> None:
    """Ask an application for something, whatever it answers."""

    with serving(app) as address:
        httpx.get(address, params={"q": WORDS})
