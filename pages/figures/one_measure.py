"""One measure in one area: its course, beside others, by deprivation, in order. The recipes of two pages."""

from __future__ import annotations

from collections.abc import Sequence

from ics_core import ambitions, catalogue, systems, words
from ics_core.ambitions import Status, explorer
from ics_core.figure import Figure
from pages.components.charts import compared as compared_charts
from pages.components.charts import lines as charts
from pages.components.charts import spc as spc_charts
from pages.components.charts import systems as system_charts
from pages.components.charts.picture import Listing
from pages.figures.registry import Made

KINDS = {"trust": "NHS trusts", "district": "districts"}
_AMBITIONS = "from ics_core import ambitions\ntable = ambitions."
_EXPLORER = "from ics_core.ambitions import explorer\ntable = explorer."


def _method(name: str) -> str:
    return catalogue.toml("text/pages")["indicators"]["method"][name]


def course(one: Status) -> Made:
    """The series so far, as a control chart where it can be judged by one, else as a trend."""
    table = ambitions.chart(one.indicator_id, one.area_code)
    steps = ambitions.target_steps(one.indicator_id, one.area_code)
    limits = f"natural limits ({one.trial_words[0].lower()}{one.trial_words[1:]})" if one.trial else "natural limits"
    cut = f", cut at {words.listed(table.attrs['cut_at'])} as none can lie beyond" if table.attrs.get("cut_at") else ""
    reading = f"control chart with mean and {limits}{cut}" if one.chart_kind == "xmr" else "trend"
    drawn = "; thick lines are targets" if len(steps) else ""
    columns = {"period_label": "Period", "value": one.name}
    if one.chart_kind == "trend":
        columns |= {"lower_ci": "95% interval from", "upper_ci": "to"}
    else:
        columns |= {"mean": "Mean", "lower": "Lower limit", "upper": "Upper limit", "signal": "Signal"}
    made = Figure(
        id="measure",
        finding=ambitions.finding(one),
        subtitle=f"{one.unit}, {one.area}, {table['period_label'].iloc[0]} to {one.period}, {reading}{drawn}",
        table=table,
        sources=("observations", "targets") if len(steps) else ("observations",),
        credit=one.source,
        method=catalogue.text("method_spc"),
        code=f'{_AMBITIONS}chart("{one.indicator_id}", "{one.area_code}")',
        alt=f"Line chart. {ambitions.finding(one)}. {one.chart_reason}",
        columns=columns,
    )
    return made, spc_charts.series(one, table, steps)


def beside_the_number(one: Status) -> list[str]:
    """What stands beside the latest figure: the year before, the target, England, the age. In Markdown, a line each."""
    if one.previous is not None:
        before = f"A year before: {one.previous_text}."
    elif one.changed:
        before = f"Not compared with the year before: what is counted changed in {one.changed}."
    else:
        before = "No figure a year before."
    target = f"Target: {one.target_text}{f', {one.asked_of}' if one.target else ''}."
    compared = (
        f"{one.comparator}: {one.comparator_text} ({one.comparator_note})." if one.comparator else one.comparator_note
    )
    age = [f":material/history: {words.capital(one.age_words)}."] if one.age_words else []
    return [before, target, compared, *age]


def cautions(one: Status) -> list[str]:
    """What to read it with: its caveats, and each break on the chart with its day and reason."""
    breaks = (
        f"Break {n} on the chart, {ambitions.format_day(b.date)}: {b.reason}."
        for n, b in enumerate(one.breaks, start=1)
    )
    return [*one.caveats, *breaks]


def notes(one: Status) -> list[str]:
    """How to read the chart: each break on it, why it is of its kind, the comparator, the caveats. In Markdown."""
    breaks = (f"**{n}** · {ambitions.format_day(b.date)}: {b.reason}." for n, b in enumerate(one.breaks, start=1))
    compared = "" if one.comparator is None else f" {one.comparator}: {one.comparator_text} ({one.comparator_note})."
    caveats = (f":material/warning: {caveat}" for caveat in one.caveats)
    return [*breaks, f":material/info: {one.chart_reason}{compared}", *caveats]


def counted(one: Status) -> list[str]:
    """What the measure counts, its targets and those near it that are not drawn. In Markdown, a paragraph each."""
    said = [f"**What it counts.** {ambitions.definition(one.indicator_id)} {one.source}."]
    if drawn := ambitions.target_words(one.indicator_id, one.area_code):
        said.append("**Targets**\n" + "\n".join(f"- {target}" for target in drawn))
    near = ambitions.related(one.indicator_id).fillna("no date")
    if len(near):
        said.append(
            "**On the same subject, but not the same measure, so not drawn**\n"
            + "\n".join(
                f"- {n.metric}: {n.target}, {n.date} ({n.scope}). {n.why_not_drawn}." for n in near.itertuples()
            )
        )
    return said if len(said) > 1 else [*said, catalogue.toml("text/pages")["ambition"]["none_in_words"]]


def beside(one: Status, codes: Sequence[str]) -> Made:
    """One to four areas on one scale. Raises ``ValueError`` where they cannot share one."""
    table = explorer.side_by_side(one.indicator_id, list(codes))
    scale = table.attrs["scale"]
    index = scale.startswith("index, ")
    single = table.groupby("area").size().max() == 1
    areas = words.listed(list(dict.fromkeys(table["area"])))
    apart = explorer.apart(table)
    made = Figure(
        id="beside",
        finding=apart,
        subtitle=f"{one.name}, {scale}, the published figures of each area",
        table=table,
        sources=("observations",),
        credit=one.source,
        method=_method("beside"),
        code=f'{_EXPLORER}side_by_side("{one.indicator_id}", {list(codes)})',
        alt=f"{'Bars' if single else 'Lines over time'} of {one.name} for {areas}. Latest in common: {apart}.",
        kind="our calculation" if index else "fact",
        columns={
            "area": "Area",
            "period_label": "Period",
            "value": one.unit.capitalize(),
            **({"shown": scale.capitalize()} if index else {}),
        },
    )
    if single:
        return made, compared_charts.bars(table, one.area, scale)
    return made, compared_charts.lines(table, scale, one.indicator_id)


def comparable(one: Status, codes: Sequence[str]) -> bool:
    """Whether there is something to set beside, on one scale."""
    try:
        return len(codes) > 1 and len(explorer.side_by_side(one.indicator_id, list(codes))) > 0
    except ValueError:
        return False


def bands(one: Status) -> Made:
    """The measure by the deprivation of the practices, where that is published."""
    table = ambitions.bands(one.indicator_id, one.area_code)
    last = table[table["period_end"] == table["period_end"].max()].set_index("band")["value"]
    most, least = (ambitions.format_value(last[band], one.unit) for band in ("Most deprived", "Least deprived"))
    made = Figure(
        id="bands",
        finding=f"Most deprived band {most}, least deprived {least}",
        subtitle=f"{one.name}, {one.unit}, by deprivation of the GP practice, {one.area.split(',')[0]}, {one.period}",
        table=table,
        sources=("observations",),
        credit=one.source,
        method="Averages or medians of GP practices, put in bands by the deprivation of the area they serve. The bands "
        "are those of the compiler; people are not grouped by where they live.",
        code=f'{_AMBITIONS}bands("{one.indicator_id}", "{one.area_code}")',
        alt="Line chart of the measure over time, one line for each deprivation band of GP practices.",
        columns={"band": "Band", "period_label": "Period", "value": one.name},
    )
    return made, charts.line(table, "period_end", "value", "band", unit=one.unit)


def has_bands(one: Status) -> bool:
    """Whether bands of deprivation are published."""
    return not ambitions.bands(one.indicator_id, one.area_code).empty


def ranked(one: Status, area_type: str) -> Made:
    """The trusts or districts in order, the chosen one marked; see ``has_ranks``."""
    table = explorer.ranked(one.indicator_id, area_type)
    standing = explorer.standing(one.indicator_id, table, one.area_code)
    margins = "; thin lines are 95% intervals" if table["lower_ci"].notna().any() else ""
    made = Figure(
        id=f"rank-{area_type}",
        finding=standing,
        subtitle=f"{one.name}, {one.unit}, {KINDS[area_type]}, {table['period_label'].iloc[0]}{margins}",
        table=table,
        sources=("observations",),
        credit=one.source,
        method=_method(f"rank_{area_type}"),
        code=f'{_EXPLORER}ranked("{one.indicator_id}", "{area_type}")',
        alt=f"Bars of {one.name} for {len(table)} {KINDS[area_type]}. {standing}.",
        kind="our calculation",
        columns={"rank": "Rank", "area": "Area", "says": "Figure", "lower_ci": "95% interval from", "upper_ci": "to"},
    )
    return made, compared_charts.ranked(table, one.area_code, one.unit)


def has_ranks(one: Status, area_type: str) -> bool:
    """Whether there are enough areas of this type to put in order."""
    return not explorer.ranked(one.indicator_id, area_type).empty


def among_systems(one: Status) -> Made:
    """The 42 systems on the measure that is this very indicator; see ``explorer.system_measure``."""
    measure = explorer.system_measure(one.indicator_id)
    if measure is None:
        raise ValueError(f"{one.name} is not among the measures of the 42 systems.")
    about = systems.metrics().set_index("metric_id").loc[measure]
    stands = systems.rank(measure)
    if stands is None:
        raise ValueError(f"No published figure found for this area: {measure}.")
    table = systems.distribution(measure)
    england, england_words = systems.england(measure)[0], systems.england_in_words(measure)
    finding = f"{stands.name} is {stands.position} systems, at {systems.worded(stands.value, stands.unit)}"
    made = Figure(
        id="systems",
        finding=finding,
        subtitle=f"{about['metric']}, {words.when(stands.period)}. {england_words}",
        table=table,
        sources=("system_observations",),
        credit=systems.credit(measure),
        method=_method("systems") + "\n\n" + "\n".join(f"- {caution}" for caution in systems.cautions(measure)),
        code=f'from ics_core import systems\ntable = systems.distribution("{measure}")',
        alt=f"Bars of {about['metric']} for each of {len(table)} systems from highest to lowest. {finding}.",
        columns={"rank": "Rank", "name": "System", "says": "Figure", "basis": "How it was made"},
    )
    return made, system_charts.ranked(table, stands.name, stands.unit, england, england_words)


def gaps(ambition: int | None) -> Made:
    """Headline measures without a recent figure, as cards."""
    table = explorer.gaps(ambition)
    some = words.plural(len(table), "headline measure")
    made = Figure(
        id="gaps",
        finding=f"{some} {'has' if len(table) == 1 else 'have'} no recent figure here",
        subtitle="What was promised or named in the plan but cannot be followed yet, with the official dataset that "
        "would fill the gap",
        table=table,
        sources=("metric_gaps", "reported_values"),
        method=_method("gaps"),
        code=f"{_EXPLORER}gaps({ambition or ''})",
        alt=f"Cards for {some} without a recent figure, each with the official dataset and how to bring it in.",
        columns={
            "ambition_name": "Ambition",
            "what": "Measure",
            "last_known": "Last known",
            "publisher": "Publisher",
            "dataset": "Official dataset",
            "address": "Address",
            "how": "How to bring it in",
        },
    )
    return made, Listing("gap_cards", table)
