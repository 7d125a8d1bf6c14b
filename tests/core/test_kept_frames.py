"""What a caller does to a frame it was given reaches nobody else: geography, profiles, systems, story, outlook."""

from dataclasses import fields, is_dataclass

import pandas as pd
import pytest

from ics_core import geography, outlook, profiles, story, systems
from ics_core.geography import gazetteer
from ics_core.systems import reshaping

CROMER, PRACTICE, NETWORK = "E02005572", "D82001", "U94681"
GIVEN = {
    "places": lambda: geography.places("district"),
    "directory": geography.directory,
    "find": lambda: geography.find("Cromer"),
    "place": lambda: geography.place(CROMER).to_frame(),
    "nest": lambda: geography.nest(CROMER),
    "small areas": geography.small_areas,
    "facts": geography.facts,
    "measures": geography.measures,
    "measure": lambda: geography.measure("residents", "district"),
    "drive times": geography.drive_times,
    "beyond": lambda: geography.beyond(30),
    "beyond by minutes": geography.beyond_by_minutes,
    "minutes by car": geography.minutes_by_car,
    "acute hospitals": geography.acute_hospitals,
    "hospitals": geography.hospitals,
    "practices": geography.practices,
    "networks": geography.pcns,
    "area profile": lambda: profiles.profile(CROMER),
    "practice profile": lambda: profiles.profile(PRACTICE),
    "network profile": lambda: profiles.profile(NETWORK),
    "card": lambda: profiles.card("Cley"),
    "villages": gazetteer.villages,
    "former places": gazetteer.former,
    "system metrics": systems.metrics,
    "metric values": lambda: systems.metric_values("reg_pop"),
    "distribution": lambda: systems.distribution("reg_pop"),
    "fifths": lambda: systems.fifths("reg_pop"),
    "regions": lambda: systems.regions("reg_pop"),
    "overview": systems.overview,
    "system profile": systems.profile,
    "compare": lambda: systems.compare([systems.OWN]),
    "in documents": lambda: systems.in_documents(systems.OWN),
    "characteristics": systems.characteristics,
    "distances": lambda: systems.distances(systems.OWN),
    "nearest": systems.nearest,
    "alike": systems.alike,
    "on a map": systems.nearest_on_map,
    "in common": systems.in_common,
    "waves": reshaping.waves,
    "moments": reshaping.moments,
    "boards": lambda: reshaping.boards("2026-04-01"),
    "stages": reshaping.stages,
    "events": story.events,
    "partners": story.partners,
    "head offices": lambda: tuple(story.head_offices().values()),
    "local": story.local,
    "structure": lambda: story.structure("place"),
    "documents": story.documents,
    "founding": story.founding,
    "then and now": story.then_and_now,
    "follow up": story.follow_up,
    "disagreements": story.disagreements,
    "outlook": outlook.compare,
    "outlook lines": lambda: outlook.lines("PRJ-02"),
}


def frames(thing: object) -> list[pd.DataFrame]:
    """Every frame in what a function gave: itself, the items of a tuple, the fields of a dataclass."""
    if isinstance(thing, pd.DataFrame):
        return [thing]
    if is_dataclass(thing):
        return [frame for field in fields(thing) for frame in frames(getattr(thing, field.name))]
    return [frame for one in thing for frame in frames(one)] if isinstance(thing, tuple) else []


@pytest.mark.parametrize("what", GIVEN)
def test_a_spoilt_frame_stays_with_who_spoilt_it(what):
    given = frames(GIVEN[what]())
    whole = [frame.copy() for frame in given]
    assert given
    for frame in given:
        frame.iloc[0] = frame.iloc[-1].to_numpy()
        frame["spoilt"] = True
        frame.drop(columns=frame.columns[0], inplace=True)
        frame.drop(index=frame.index, inplace=True)
    for again, before in zip(frames(GIVEN[what]()), whole, strict=True):
        pd.testing.assert_frame_equal(again, before)
