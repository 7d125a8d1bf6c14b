"""The indicator explorer: deep links, filters, nothing found, nonsense, and every indicator drawn."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ics_core import ambitions, catalogue
from ics_core.ambitions import explorer
from pages.components.charts import theme
from pages.components.charts.picture import Picture
from pages.figures import registry
from tests.pages.headings import headings, prose

PAGE = str(Path(__file__).resolve().parents[2] / "pages/indicators.py")


def open_page(**query: str | list[str]) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def asked(page: AppTest) -> dict[str, str]:
    return {key: value if isinstance(value, str) else ",".join(value) for key, value in page.query_params.items()}


@pytest.mark.parametrize(
    "indicator, area",
    [
        ("rtt_18wk", "QMM"),
        ("suicide_rate_3y", "E07000148"),
        ("mh_oap_days", "RMY"),
        ("hoc_copd", "E92000001"),
        ("gpps_phone_iq", "QMM"),
        ("gp_fte_100k", "ICB_MEDIAN"),
    ],
)
def test_a_link_opens_an_indicator_in_an_area_and_stays_as_it_is(indicator, area):
    page = open_page(indicator=indicator, area=area)
    one = ambitions.status(indicator, area)
    assert headings(page, 1)[0] == one.name
    assert page.metric[0].value == one.latest_text
    assert asked(page) == {"indicator": indicator, "area": area}
    for caveat in one.caveats:
        assert any(caveat in text for text in prose(page))
    for found in one.breaks:
        assert any(found.reason in text for text in prose(page))


def test_without_an_area_the_first_one_is_shown_and_written_in_the_address():
    assert asked(open_page(indicator="cwt_62d")) == {"indicator": "cwt_62d", "area": ambitions.first_area("cwt_62d")}


def test_areas_to_set_beside_come_from_the_address():
    page = open_page(
        indicator="suicide_rate_3y", area="E07000148", **{"with": ["E07000144", "E07000147", "E07000148", "E99"]}
    )
    assert page.multiselect[0].value == ["E07000144", "E07000147"]
    assert [warning.value for warning in page.warning] == [
        "The address asks for an area of this indicator that is not known here: `E99`. It was left out."
    ]


def test_at_most_four_areas_are_compared():
    codes = [code for code in ambitions.areas("suicide_rate_3y")["area_code"] if code != "E07000148"]
    page = open_page(indicator="suicide_rate_3y", area="E07000148", **{"with": codes})
    assert len(page.multiselect[0].value) == explorer.MOST_COMPARED - 1


@pytest.mark.parametrize("indicator", ["nope", "", "<script>alert(1)</script>", "`x`", "🙂" * 50])
def test_an_unknown_indicator_is_named_politely_above_the_whole_list(indicator):
    page = open_page(indicator=indicator, area="QMM")
    assert page.warning[0].value.startswith("The address asks for an indicator that is not known here: `")
    assert page.warning[0].value.count("`") == 2
    assert headings(page, 2)[0].startswith(f"{len(explorer.names())} indicators")


def test_choosing_another_indicator_keeps_the_area_where_it_can_and_writes_both():
    page = open_page(indicator="rtt_18wk", area="RM1")
    page.selectbox(key="pick_indicator").set_value("cwt_62d").run()
    assert asked(page) == {"indicator": "cwt_62d", "area": "RM1"}
    page.selectbox(key="pick_indicator").set_value("gp_registered").run()
    assert asked(page) == {"indicator": "gp_registered", "area": ambitions.first_area("gp_registered")}
    page.selectbox(key="pick_area").set_value("E92000001").run()
    assert asked(page) == {"indicator": "gp_registered", "area": "E92000001"}
    assert page.metric[0].value == ambitions.status("gp_registered", "E92000001").latest_text


def test_filters_come_from_the_address_by_code_or_by_word():
    labels = {str(row.number): f"{row.number}. {row.short_name}" for row in catalogue.table("ambitions").itertuples()}
    number = next(n for n in labels if len(explorer.find("", int(n), "improving", "monthly", "trust")))
    expected = explorer.finding(explorer.find("", int(number), "improving", "monthly", "trust"))
    for query in (
        {"ambition": number, "state": "improving", "often": "monthly", "areas": "trust"},
        {"ambition": labels[number], "state": "Better beyond chance", "often": "Monthly", "areas": "NHS trusts"},
    ):
        assert headings(open_page(**query), 2)[0] == expected


def test_nothing_found_says_so_and_the_search_can_be_cleared():
    page = open_page(search="zzz", state="improving")
    assert page.info[0].value.startswith("Nothing matches.")
    next(button for button in page.button if button.label == "Clear the search").click().run()
    assert headings(page, 2)[0].startswith(f"{len(explorer.names())} indicators")
    assert not asked(page)


def rows(page: AppTest) -> list[str]:
    return [
        text for text in (element.proto.body for element in page.get("html")) if text.startswith('<div class="nx-row">')
    ]


def test_the_list_turns_over_a_dozen_at_a_time():
    page = open_page()
    first = rows(page)
    page.session_state[f"leaf-{len(explorer.names())}"] = 2
    page.run()
    assert len(first) == len(rows(page)) == 12
    assert first != rows(page)


def test_gaps_follow_the_ambition_chosen():
    page = open_page(ambition="4")
    assert headings(page, 2)[1].startswith(f"{len(ambitions.gaps(4))} headline measures")


@pytest.mark.parametrize(
    "query",
    [
        {"search": "'; DROP TABLE"},
        {"search": "x" * 500},
        {"ambition": "99"},
        {"state": "<b>"},
        {"often": "\x00"},
        {"indicator": "rtt_18wk", "area": "<script>"},
        {"indicator": "rtt_18wk", "with": "NaN"},
    ],
)
def test_nonsense_in_the_address_breaks_nothing(query):
    open_page(**query)


def test_every_indicator_draws_its_course_its_comparison_and_its_ranks():
    """Of each form a chart can take, the first is held against the schema of Vega-Lite: others differ in data and words."""
    forms = set()
    for indicator in explorer.names():
        one = ambitions.status(indicator, ambitions.first_area(indicator))
        view, _ = registry.figures("indicators")[0].view.from_query({"indicator": indicator, "area": one.area_code})
        drawn = [entry.make(view) for entry in registry.figures("indicators") if entry.when(view)]
        assert {"measure"} <= {figure.id for figure, _ in drawn}
        for figure, picture in drawn:
            assert figure.finding[0].isupper() or figure.finding[0].isdigit(), figure.finding
            assert "nan" not in f"{figure.finding} {figure.subtitle} {figure.alt}".lower().split()
            if isinstance(picture, Picture):
                form, chart, data = (figure.id,), picture, picture.data
            else:
                chart = theme.dress(picture)
                spec = chart.to_dict(validate=False)
                layers = [str(layer["mark"]) + ",".join(layer["encoding"]) for layer in spec.get("layer", [spec])]
                form, data = (figure.id, *layers), spec["datasets"]
            if form not in forms:
                forms.add(form)
                (chart.still() if isinstance(chart, Picture) else chart).to_dict()
            marks = sum(map(len, data.values()))
            assert 0 < marks < 2000, (indicator, figure.id)
