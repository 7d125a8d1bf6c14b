"""Levers, scenario bar and present mode on a small page of their own."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from ics_core.scenario import Scenario, levers, presets

SLIDER = "lever-{}"


def _page() -> None:
    import streamlit as st

    from pages.components.scenario import bar as scenario_bar
    from pages.components.scenario import levers

    bar = scenario_bar.show(groups=st.session_state.get("groups", ("population",)))
    levers.forget_figures()
    scenario_bar.choose()

    def figures() -> None:
        st.metric("births", bar.scenario.fertility)
        st.metric("arrivals", bar.scenario.migration)
        if bar.pinned:
            st.metric("kept arrivals", bar.pinned.migration)

    levers.live("figures", figures)
    levers.number("minutes", "Minutes", 5, 60, 1, "minutes", 20)
    levers.tools()
    levers.panel(bar.groups, st.session_state.get("most", 0))
    scenario_bar.said(bar.groups)
    st.session_state["share-box"] = True
    scenario_bar.share()
    message = st.session_state.pop("message", None)
    if message:
        from ics_core.scenario import levers as register

        levers.receive(register()[message[0]], message[1])


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30)


def sliders(page: AppTest) -> dict[str, dict]:
    found = [json.loads(element.proto.json) for element in page.get("bidi_component")]
    return {slider["label"]: slider for slider in found}


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def send(page: AppTest, lever: str, **message: object) -> AppTest:
    page.session_state["message"] = (lever, message)
    page.run()
    return page.run()


def asked(page: AppTest, key: str) -> str:
    value = page.query_params[key]
    return value if isinstance(value, str) else value[-1]


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label == label)


def test_a_shared_link_sets_sliders_and_figures(page):
    page.query_params.update(fertility="-10", migration="500", basis="ons-2018")
    page.run()
    assert not page.exception
    assert metrics(page) == {"births": "-10.0", "arrivals": "500.0"}
    assert sliders(page)["Birth rates"]["value"] == -10
    assert page.radio[0].value == "ons-2018"


@pytest.mark.parametrize(
    "key, value",
    [("mortality", "900"), ("fertility", "nan"), ("fertility", "<b>"), ("fertilty", "5"), ("basis", "ons-1066")],
)
def test_bad_parts_of_a_link_are_named_and_the_rest_is_used(page, key, value):
    page.query_params.update({key: value, "migration": "500"})
    page.run()
    assert not page.exception
    assert metrics(page)["arrivals"] == "500.0"
    assert any("Ignored from the link" in note.value for note in page.info)
    assert key not in page.query_params


def test_parameters_of_the_page_itself_are_left_alone(page):
    page.query_params.update(place="E07000147", fertility="5")
    page.run()
    assert asked(page, "place") == "E07000147"
    assert not page.info


def test_a_moving_thumb_is_followed_without_touching_address_or_history(page):
    page.run()
    send(page, "fertility", value=7, final=False)
    assert metrics(page)["births"] == "7.0"
    assert "fertility" not in page.query_params
    assert button(page, "Undo").disabled


def test_a_released_thumb_is_in_the_address_and_can_be_undone(page):
    page.run()
    send(page, "fertility", value=6, final=False)
    send(page, "fertility", value=7, final=True)
    assert asked(page, "fertility") == "7"
    button(page, "Undo").click().run()
    assert metrics(page)["births"] == "0.0"
    assert sliders(page)["Birth rates"]["value"] == 0
    assert "fertility" not in page.query_params


def test_a_lever_has_drawn_again_what_shows_something_else_since_and_no_more():
    def page():
        import streamlit as st

        from pages.components.scenario import levers

        word = ["undo"]
        levers.forget_figures()
        levers.live("figure", lambda: st.text("always"))
        levers.live("tools", lambda: st.text(word[0]), shows=lambda: word[0])
        st.session_state["at once"] = levers.changed()
        word[0] = "redo"
        st.session_state["later"] = levers.changed()

    ran = AppTest.from_function(page).run()
    assert ran.session_state["at once"] == ["figure"]
    assert ran.session_state["later"] == ["figure", "tools"]


@pytest.mark.parametrize("value", [99, float("nan"), "7", None, [7], True])
def test_a_message_no_lever_can_take_leaves_the_scenario_as_it_was(page, value):
    page.query_params["fertility"] = "5"
    page.run()
    send(page, "fertility", value=value, final=True)
    assert not page.exception
    assert metrics(page)["births"] == "5.0"
    assert any("Birth rates" in note.value and "Choose a number from" in note.value for note in page.info)


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_a_preset_moves_the_sliders_and_says_what_it_is(page, preset):
    page.run()
    page.selectbox[0].set_value(preset.id).run()
    shown = sliders(page)
    for lever in levers().values():
        if lever.group == "population" and (lever.public or lever.id in dict(preset.scenario.moved)):
            assert shown[lever.label]["value"] == preset.scenario[lever.id]
    assert preset.sentence in page.text[0].value
    assert page.selectbox[0].value == preset.id


def test_reset_all_brings_back_the_official_projection(page):
    page.query_params.update(fertility="5", basis="ons-2018", name="Mine")
    page.run()
    button(page, "Reset all").click().run()
    assert metrics(page)["births"] == "0.0"
    assert page.session_state["scenario"] == Scenario()
    assert not {"fertility", "basis", "name"} & set(page.query_params)


def test_a_name_with_markup_is_shown_as_plain_text(page):
    name = "<script>alert(1)</script> **loud**"
    page.query_params["name"] = name
    page.query_params["fertility"] = "5"
    page.run()
    assert name in page.text[0].value
    assert not any(name in markdown.value for markdown in page.markdown)


def test_a_label_has_no_signs_that_markdown_acts_on():
    name = "![x](http://evil.example/x.png) <b>50%</b> *more*, `so`_far_"
    assert not set(Scenario(name=name).label) & set("![]()<>*`_:/#")
    assert Scenario(name="***").label == "Official projection"
    assert Scenario(fertility=5, name="North Norfolk's plan, 2040").label == "North Norfolk's plan, 2040"


def test_changes_are_told_in_words(page):
    page.query_params.update(fertility="-10", virtual_wards="50")
    page.run()
    for change in Scenario(fertility=-10, virtual_wards=50).changes():
        assert change in page.text[0].value


def test_outside_the_observed_range_the_bar_warns_of_levers_not_on_the_page(page):
    page.query_params["fertility"] = "-25"
    page.session_state["groups"] = ("money",)
    page.run()
    assert any("outside the observed range" in caption.value for caption in page.caption)


def test_a_kept_scenario_stays_while_the_other_moves(page):
    page.query_params["migration"] = "500"
    page.run()
    button(page, "Keep as A").click().run()
    send(page, "migration", value=1000, final=True)
    assert metrics(page) == {"births": "0.0", "arrivals": "1000.0", "kept arrivals": "500.0"}
    button(page, "Drop A").click().run()
    assert "kept arrivals" not in metrics(page)


def test_a_saved_file_brings_the_scenario_back(page):
    page.run()
    saved = Scenario(fertility=-10, name="Mine").to_json().encode()
    page.file_uploader[0].upload("scenario.json", saved, "application/json").run()
    assert metrics(page)["births"] == "-10.0"
    assert page.session_state["scenario"].name == "Mine"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"schema": ',
        b"[]",
        b'{"schema": "other"}',
        Scenario().to_json().replace('"1.', '"9.').encode(),
        b'{"levers": {}, "levers": {}}',
    ],
    ids=["empty", "cut short", "a list", "another schema", "another version", "an entry twice"],
)
def test_a_file_that_cannot_be_read_says_so_and_changes_nothing(page, content):
    page.query_params["fertility"] = "5"
    page.run()
    page.file_uploader[0].upload("scenario.json", content, "application/json").run()
    assert not page.exception
    assert metrics(page)["births"] == "5.0"
    assert any("Your scenario stays as it was" in error.value for error in page.error)


def test_a_plain_number_comes_from_the_address(page):
    page.query_params["minutes"] = "35"
    page.run()
    assert sliders(page)["Minutes"]["value"] == 35


@pytest.mark.parametrize("asked", ["soon", "nan", "-1", "1e9", ""])
def test_a_number_that_cannot_be_is_the_default(page, asked):
    page.query_params["minutes"] = asked
    page.run()
    assert not page.exception
    assert sliders(page)["Minutes"]["value"] == 20


def test_what_was_undone_can_be_done_again_until_something_else_is_chosen(page):
    page.run()
    send(page, "fertility", value=7, final=True)
    button(page, "Undo").click().run()
    button(page, "Redo").click().run()
    assert metrics(page)["births"] == "7.0" and asked(page, "fertility") == "7"
    button(page, "Undo").click().run()
    send(page, "fertility", value=3, final=True)
    assert button(page, "Redo").disabled


@pytest.mark.parametrize("kept", ["migration=500", "official"])
def test_a_link_brings_scenario_a_along(page, kept):
    page.query_params.update(migration="1000", kept=kept)
    page.run()
    assert metrics(page)["kept arrivals"] == ("500.0" if kept != "official" else "0.0")
    assert asked(page, "kept") == kept


def test_keeping_a_scenario_writes_it_in_the_address(page):
    page.query_params["migration"] = "500"
    page.run()
    button(page, "Keep as A").click().run()
    assert asked(page, "kept") == "migration=500"


def test_a_room_sees_at_most_three_levers_the_moved_ones_first(page):
    page.query_params["overseas_share" if "overseas_share" in levers() else "retirement_migration"] = "10"
    page.session_state["most"] = 3
    page.run()
    shown = [label for label in sliders(page) if label != "Minutes"]
    assert len(shown) == 3 and any(
        lever.label in shown for lever in levers().values() if lever.id == "retirement_migration"
    )


def test_every_public_lever_has_a_slider_with_its_range(page):
    page.run()
    shown = sliders(page)
    for lever in levers().values():
        if lever.group == "population" and lever.public:
            slider = shown[lever.label]
            assert (slider["low"], slider["high"], slider["step"], slider["default"]) == (
                lever.low,
                lever.high,
                lever.step,
                lever.default,
            )
            assert slider["purpose"] == lever.purpose
