"""Any figure by its address: the very table of the page, open to other sites; what is wrong is said in one line."""

import io
import json
from urllib.parse import urlencode

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ics_core import catalogue
from ics_core.figure import Figure
from ics_core.scenario import BASES, MODEL_VERSION, Scenario, levers
from pages.components import by_address
from pages.figures import registry


@pytest.fixture(scope="module")
def site():
    return TestClient(Starlette(routes=[by_address.route("/under")]))


def holds(sent, one: Figure) -> bool:
    """Whether a CSV that was sent holds the table of the figure; its first lines may be notes that begin with #."""
    read = pd.read_csv(io.BytesIO(sent.content), comment="#", encoding="utf-8-sig")
    numbers = one.table.select_dtypes("number")
    pd.testing.assert_frame_equal(read[list(numbers)], numbers, check_dtype=False, rtol=1e-5)
    return list(read) == list(one.table)


def get(site, path: str, **headers: str):
    return site.get(f"/under/data/{path}", headers=headers)


def test_a_figure_for_the_choices_of_an_address_is_the_one_of_the_page(site):
    one, _ = registry.make("population", "over-time", {"place": "E07000147", "migration": "500"})
    query = "?place=E07000147&migration=500&figure=over-time&embed=true"
    sent = get(site, f"population/over-time.csv{query}")
    assert sent.status_code == 200 and sent.headers["content-type"] == "text/csv; charset=utf-8"
    assert holds(sent, one)
    told = get(site, f"population/over-time.json{query}").json()
    pd.testing.assert_frame_equal(
        pd.DataFrame(told["rows"]), one.table, check_dtype=False, check_exact=False, rtol=1e-9
    )
    assert told["choices"] == {"place": "E07000147", "migration": "500"} and told["finding"] == one.finding
    assert told["data_release"] == catalogue.release() and told["official"] is False
    assert [source["publisher"] for source in told["sources"]]
    assert all(source["citation"].count(source["title"]) for source in told["sources"])


def test_a_program_reads_which_scenario_a_figure_is_of_in_words_and_in_values(site):
    moved = Scenario(migration=500, mortality=-10, name="More people").with_range("fertility", (-5, 5))
    told = get(site, f"population/over-time.json?{urlencode(moved.to_query())}").json()
    said = told["scenario"]
    assert said["name"] == "More people" and said["changes"] == moved.changes() and len(said["changes"]) == 3
    assert {one["lever"]: one["value"] for one in said["levers"]} == {"migration": 500, "mortality": -10}
    assert all(one["label"] == levers()[one["lever"]].label and one["unit"] for one in said["levers"])
    assert [(one["lever"], one["low"], one["high"]) for one in said["ranges"]] == [("fertility", -5, 5)]
    assert said["starts_from"] == BASES[said["basis"]] and told["compared_with"] is None
    assert told["model_version"] == MODEL_VERSION and told["data_release"] == catalogue.release()
    unmoved = get(site, "population/over-time.json").json()["scenario"]
    assert unmoved["changes"] == unmoved["levers"] == unmoved["ranges"] == []
    assert get(site, "story/timeline.json").json()["scenario"] is None


@pytest.mark.parametrize(
    ("page", "id", "query"),
    [
        ("population", "likelihood", {"ages": "85+", "mortality": "-10", "name": "Longer lives & more"}),
        ("travel", "by-minutes", {"off": ["jpuh", "qehkl"], "border": "false"}),
        ("indicators", "beside", {"indicator": "suicide_rate_3y", "area": "E07000148", "with": ["E07000144"]}),
        ("nearest-systems", "nearest", {"weigh_rural": "3", "neighbours": "7"}),
        ("system", "compare", {"system": "Sussex", "with1": "Devon", "with2": "none"}),
        ("ambition", "milestones", {"ambition": "8"}),
    ],
    ids=lambda part: str(part)[:20],
)
def test_the_address_a_figure_gives_of_itself_leads_to_it(site, page, id, query):
    one, _ = registry.make(page, id, query)
    sent = get(site, f"{page}/{id}.csv?{urlencode(one.query)}")
    assert sent.status_code == 200 and holds(sent, one)


def test_several_values_of_one_choice_are_heard(site):
    one, _ = registry.make("travel", "beyond", {"off": ["jpuh", "qehkl"]})
    sent = get(site, "travel/beyond.csv?off=jpuh&off=qehkl")
    assert one.query["off"] == "jpuh,qehkl"
    assert holds(sent, one)


def test_everything_there_is_can_be_asked_for_and_is_small(site):
    for entry in get(site, "figures.json").json()["figures"]:
        sent = get(site, f"{entry['page']}/{entry['figure']}.json")
        view, _ = registry.view(entry["page"]).from_query({})
        there = registry.entry(entry["page"], entry["figure"]).when(view)
        assert sent.status_code == (200 if there else 404), sent.text
        assert len(sent.content) < 500_000
        if there:
            assert json.loads(sent.text)["figure"] == entry["figure"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("population/overtime.csv", 404, "Did you mean over-time"),
        ("populaton/over-time.csv", 404, "Did you mean population"),
        ("over-time.csv", 404, "/data/demand/over-time and /data/population/over-time"),
        ("pyramidd.csv", 404, "Did you mean pyramid"),
        ("population/over-time.xlsx", 404, ".csv, .json or .ipynb"),
        ("population/%2e%2e/%2e%2e/etc/passwd.csv", 404, "figures.json"),
        ("indicators/bands.csv", 404, "For these choices"),
        ("population/over-time.csv?plase=E07000147", 400, "Did you mean place"),
        ("population/over-time.csv?place=Breklnd", 400, "Did you mean Breckland"),
        ("population/over-time.csv?migration=999999", 400, "from −4,000 to 4,000"),
        ("population/over-time.csv?migratoin=5", 400, "Did you mean migration"),
        ("population/over-time.csv?place=" + "x" * 5000, 400, "longer than 4,000"),
        ("population/over-time.csv?" + "&".join(f"a{n}=1" for n in range(200)), 400, "more than 100"),
    ],
)
def test_what_is_wrong_is_said_in_one_plain_line_with_the_nearest_name(site, path, status, said):
    sent = get(site, path)
    assert sent.status_code == status and said in sent.text, sent.text
    assert sent.text.count("\n") == 1 and sent.headers["content-type"].startswith("text/plain")
    assert sent.headers["access-control-allow-origin"] == "*"


def test_programs_of_other_sites_may_read_and_nobody_may_write(site):
    sent = get(site, "method/structure.json", Origin="https://www.council.example")
    assert sent.headers["access-control-allow-origin"] == "*"
    assert site.post("/under/data/method/structure.json").status_code == 405
    assert site.head("/under/data/method/structure.json").status_code == 200


def test_what_has_not_changed_is_not_sent_again_nor_made_again(site):
    first = get(site, "population/growth.csv?migration=123")
    made = by_address._KEPT.made
    again = get(site, "population/growth.csv?migration=123", **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content and by_address._KEPT.made == made


def test_when_many_wait_the_next_is_asked_to_come_again():
    desk = by_address.Desk()
    desk.waiting = by_address.MOST_WAITING
    app = Starlette(routes=[by_address.Route("/data/{name:path}", desk.answer)])
    sent = TestClient(app).get("/data/method/structure.json")
    assert sent.status_code == 503 and sent.headers["retry-after"] == "5"
