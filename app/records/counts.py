"""How many actors each filter of a list would leave, beside what already narrows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.models import Actor, SourceRecord
from app.records.finding import COLUMNS, Finding, asked_of, chosen_columns, split, together
from app.records.wanted import CAUSES, DOUBTFUL, POINTS, Wanted, conditions, of_list

Counts = dict[str, Counter[str]]
# The filters that a statement is asked for by each of their values.
_GATHERED = {"absent": ("oui",), "masque": ("oui",), "point": (DOUBTFUL, *POINTS)}
_CAUSES = {stored: value for value, (stored, _) in CAUSES.items()}


def count(finding: Finding, wanted: Wanted, facets: Iterable[str]) -> Counts:
    """Return value -> number of actors of each of some filters, as if that one were not set."""
    asked = set(facets)
    found = _by_columns(finding, wanted, asked.intersection(COLUMNS))
    if "source" in asked:
        found["source"] = _by_source(finding, wanted.without("source"))
    if "cause" in asked:
        found["cause"] = _by_cause(finding, wanted.without("cause"))
    if "decide" in asked:
        found["decide"] = _by_decision(finding, wanted.without("decide"))
    if "donner" in asked:
        here, texts = finding.ids(wanted.without("donner")), finding.texts()
        found["donner"] = Counter({name: len(here & actors) for name, actors in texts.items()})
    for name, values in _GATHERED.items():
        if name in asked:
            here = finding.ids(wanted.without(name))
            found[name] = Counter(
                {each: _number(finding, wanted, here, name, each) for each in values}
            )
    return found


def _by_columns(finding: Finding, wanted: Wanted, facets: Iterable[str]) -> Counts:
    chosen = chosen_columns(wanted)
    found: Counts = {each: Counter() for each in facets}
    for group in finding.wide(wanted):
        others = {name for name, value in chosen.items() if value not in group.values[name]}
        for name in found:
            if others <= {name}:
                for value in group.values[name]:
                    found[name][value] += len(group.ids)
    return found


def _by_source(finding: Finding, wanted: Wanted) -> Counter[str]:
    here = finding.ids(wanted)
    source = SourceRecord.source_id
    lines = of_list(conditions(finding.viewer, wanted, finding.today), source, together())
    statement = lines.join(SourceRecord, SourceRecord.actor_id == Actor.id).group_by(source)
    # An actor may have several lines of one list.
    return Counter(
        {
            str(each): len(here.intersection(split(ids)))
            for each, ids in finding.session.execute(statement)
        }
    )


def _by_cause(finding: Finding, wanted: Wanted) -> Counter[str]:
    here = finding.ids(wanted)
    known = finding.whys().items()
    sets = Counter(asked_of(wanted, whys) for actor, whys in known if actor.bytes in here)
    found: Counter[str] = Counter()
    # Most are hidden for the same few reasons.
    for whys, number in sets.items():
        for why in whys:
            found[_CAUSES[why]] += number
    return found


def _by_decision(finding: Finding, wanted: Wanted) -> Counter[str]:
    here = finding.ids(wanted)
    decided = len(here & finding.decided())
    return Counter({"oui": decided, "non": len(here) - decided, "tous": len(here)})


def _number(finding: Finding, wanted: Wanted, here: set[bytes], name: str, value: str) -> int:
    """Return how many of some actors a value of a filter leaves."""
    narrowed: dict[str, Any] = {name: value}
    return len(here & finding.gathered(replace(wanted, **narrowed)))
