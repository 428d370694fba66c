"""How many actors each filter of a list would leave, beside what already narrows it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from app.models import Actor, SourceRecord
from app.records.finding import COLUMNS, Finding, asked_of, chosen_columns, split, together
from app.records.wanted import CAUSES, Wanted, conditions, of_list

Counts = dict[str, Counter[str]]
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
    if "absent" in asked:
        absent = finding.gathered(replace(wanted, absent="oui"))
        found["absent"] = Counter({"oui": len(absent & finding.ids(wanted))})
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
