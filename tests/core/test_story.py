"""The story names its sources, every founding figure is followed up, and disagreements are shown."""

import pytest

from ics_core import catalogue, story, words

NUMERIC = story.founding().query("numeric")


def test_events_are_in_order_and_each_names_its_source():
    events = story.events()
    assert events.date.is_monotonic_increasing and len(events) == len(catalogue.table("timeline"))
    assert events.source.notna().all() and events.publisher.notna().all()
    assert events.theme_label.notna().all()


@pytest.mark.parametrize(
    ("event_id", "words"),
    [
        ("EVT-04", "March 2016"),
        ("EVT-09", "January to March 2018"),
        ("EVT-22", "1 April 2020"),
        ("EVT-30", "reported 8 December 2020"),
        ("EVT-42", "1 July 2022"),
        ("EVT-49", "5 July 2023"),
        ("EVT-65", "May 2025"),
        ("EVT-72", "1 April 2026"),
    ],
)
def test_the_milestones_of_the_story_are_there_with_their_dates(event_id, words):
    assert story.events().set_index("event_id").when[event_id] == words


def test_a_theme_and_a_system_narrow_the_timeline():
    assert set(story.events(theme="performance").theme) == {"performance"}
    sussex = story.events(system="Sussex")
    assert list(sussex.event_id) == ["EVT-23"]  # named in the announcement of four, not an event of its own
    assert sum(len(story.events(theme=t)) for t in story.themes()) == len(story.events())


@pytest.mark.parametrize("arguments", [{"theme": "gossip"}, {"system": "Atlantis"}])
def test_an_unknown_theme_or_system_is_refused_with_what_exists(arguments):
    with pytest.raises(story.StoryError, match="Choose one of"):
        story.events(**arguments)


def test_nineteen_organisations_each_have_a_fate():
    partners = story.partners()
    assert len(partners) == 19 and partners.line.nunique() == 18
    assert partners.now.str.endswith(".").all()
    norwich = partners.set_index("organisation").now["NHS Norwich CCG"]
    assert norwich.index("1 April 2020") < norwich.index("1 July 2022") < norwich.index("1 April 2026")
    assert "Norfolk and Suffolk" in norwich


def test_what_was_not_checked_is_called_not_checked():
    unchecked = story.partners().query("status == 'not checked'")
    assert len(unchecked) and unchecked.now.str.startswith("Not checked").all()


def test_five_places_and_eight_partnerships():
    assert len(story.structure("place")) == 5
    assert len(story.structure("health and wellbeing partnership")) == 8
    with pytest.raises(story.StoryError):
        story.structure("parish")


def test_every_row_of_the_founding_tables_is_in_one_frame():
    names = {
        "fact": "founding_facts",
        "projection": "founding_projections",
        "commitment": "founding_commitments",
        "finance": "founding_finance",
    }
    founding = story.founding()
    for kind, table in names.items():
        assert set(founding.ref[founding.kind == kind]) == set(catalogue.table(table).iloc[:, 0])
    assert founding.document.notna().all()


@pytest.mark.parametrize("ref", NUMERIC.ref)
def test_every_figure_has_a_published_figure_or_says_where_one_would_be(ref):
    rows = story.then_and_now(ref)
    assert rows.figure.notna().all() and rows.now.str.len().gt(10).all()
    for row in rows.itertuples():
        if row.link == "none":
            assert (
                words.NOT_FOUND in row.now and isinstance(row.official_dataset, str) and row.official_dataset in row.now
            )
        elif row.link in {"same", "related"}:
            assert isinstance(row.source, str) and row.period or isinstance(row.now_value, float)
        else:
            assert row.link == "moment" and story.MOMENT in row.now


def test_a_figure_that_cannot_be_compared_is_not_called_the_same():
    rows = story.then_and_now().set_index("ref")
    assert set(rows.link[["PRJ-04"]]) == {"related"}  # the county, by another method
    assert set(rows.link[["FIN-01"]]) == {"related"}  # three services, not all money


def test_the_figures_since_are_read_from_the_data():
    networks = story.then_and_now("FCT-21")
    assert networks.now_value.iloc[0] == 20 and networks.value.iloc[0] == 17
    major = story.then_and_now("PRJ-02").query("says.str.contains('major')").iloc[0]
    monthly = (
        catalogue.table("observations")
        .query("indicator_id == 'ae_4hr_type1' and area_code == 'QMM'")
        .set_index("period_end")
        .denominator
    )
    last, then = monthly.iloc[-12:], monthly["2017-04-01":"2018-03-31"]
    assert len(last) == len(then) == 12
    assert major.now_value == last.sum() - then.sum()
    assert f"12 months to {words.month(last.index[-1])}" in major.now


def test_registered_and_resident_people_are_never_mixed_up():
    words = story.then_and_now("FCT-01").now
    assert words.str.contains("registered").sum() == 1 and words.str.contains("resident").sum() == 1


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("start", ["December 2020", "1 April 2021", "1 July 2022"]),
        ("networks", ["17", "18", "20"]),
        ("systems", ["14", "18", "20"]),
        ("partners", ["18", "19"]),
    ],
)
def test_disagreements_name_every_figure_and_who_gives_it(id, words):
    found = {d.id: d for d in story.disagreements()}[id]
    assert all(word in found.reading for word in words)
    assert len(found.claims) >= 2 and found.claims.source.notna().all()
    assert "{" not in found.reading


def test_dates_are_no_more_precise_than_known():
    assert words.when("2019", "year") == "2019"
    assert words.when("2017-11/2018-01", "range") == "November 2017 to January 2018"
    assert words.when("2018-19") == "2018/19"
