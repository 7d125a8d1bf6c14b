"""Method: what each model is for, what goes in, how it works, how well it does and where its limits lie."""

import pandas as pd
import streamlit as st

from ics_core import catalogue, demand_tables, population
from ics_core.scenario import MODEL_VERSION
from pages.components import charts, figure, page, projection_charts

page.start("method")
topic = st.segmented_control("Which part", list(catalogue.toml("text/method")["topics"]), default="Overview", required=True, key="part", bind="query-params")
structure = catalogue.toml("text/model_structure")
links = pd.DataFrame(structure["link"])

if topic == "Overview":
    figure.show(
        figure.Figure(
            id="structure",
            title="People lead to demand, and demand to money; levers act on each",
            subtitle="How the three models hang together",
            table=links,
            sources=("base_population", "demand_rates", "local_activity", "founding_finance"),
            method="Each arrow is an input of the box it points to. Nothing flows back: money does not change demand, and demand does not change the population.",
            code='import pandas as pd\nfrom ics_core import catalogue\ntable = pd.DataFrame(catalogue.toml("text/model_structure")["link"])',
            alt="Boxes and arrows: official estimates and projections feed the population model, which with published activity feeds the demand model, which with published money figures feeds the money model. Levers act on all three models.",
            kind="our calculation",
            columns={"from": "From", "to": "To", "carries": "What it carries"},
        ),
        charts.flow(pd.DataFrame(structure["box"]), links),
    )
    with st.container(width=page.READING_WIDTH):
        st.markdown(catalogue.text("method_overview").format(version=MODEL_VERSION, release=catalogue.release()))
elif topic == "Population":
    test = population.back_test()
    worst = test.loc[test["percent"].abs().idxmax()]
    figure.show(
        figure.Figure(
            id="back-test",
            title=f"By mid-2024 the 2018-based projection was furthest out in {worst['place']}, by {worst['percent']:+.1f}%",
            subtitle="2018-based projection of mid-2024 against the mid-2024 estimate, per cent, residents",
            table=test,
            sources=("components", "base_population"),
            method="Projected minus estimated, as a share of the estimate. A projection that misses by some per cent after six years can miss by more after twenty.",
            code="from ics_core import population\ntable = population.back_test()",
            alt=f"Bars of the difference in per cent for each district and the footprint; the largest is {worst['place']} with {worst['percent']:+.1f}%.",
            kind="our calculation",
            columns={"place": "Place", "projected": "Projected", "estimate": "Estimate", "percent": "Difference, %"},
        ),
        projection_charts.differences(test, "place", "percent", unit="per cent"),
    )
    with st.container(width=page.READING_WIDTH):
        st.markdown(population.method())
elif topic == "Demand":
    with st.container(width=page.READING_WIDTH):
        st.markdown(demand_tables.method())
else:
    with st.container(width=page.READING_WIDTH):
        st.markdown(catalogue.text(catalogue.toml("text/method")["topics"][topic]))
