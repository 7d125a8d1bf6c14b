"""Towns and villages, postcodes, and what became of places that are no more.

Sources: the tables ``villages``, ``postcodes``, ``lsoa_links``, ``pcns`` and ``practices``.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from ics_core import catalogue, words
from ics_core.area import AREA
from ics_core.errors import GeographyError
from ics_core.geography.ground import PCN_SETS, dated, lsoa_table

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?:(\d)(?:[A-Z]{2})?)?")


def villages() -> pd.DataFrame:
    """Towns and villages: name, also (another name), outward (postcode), lat, lon, lsoa_code, around, place_code.

    ``place_code`` is the area that tells most of it: the district of that name, else, where a neighbourhood (MSOA)
    is named after it, the neighbourhood its point lies in, else the small area. Points are rough: see the table.
    """
    return _villages().copy(deep=False)


@cache
def _villages() -> pd.DataFrame:
    frame, lsoas = catalogue.table("villages"), lsoa_table()
    here = lsoas.loc[frame["lsoa_code"]]
    districts = dict(zip(lsoas["lad_name"], lsoas["lad_code"]))
    neighbourhoods = lsoas.drop_duplicates("msoa_code")["local_name"]
    told = []
    for name, lsoa, msoa in zip(frame["name"], here["lsoa_code"], here["msoa_code"]):
        pattern = rf"\b{re.escape(name.replace('-', ' '))}\b"
        named = neighbourhoods.str.replace("-", " ").str.contains(pattern, case=False).any()
        told.append(districts.get(name) or (msoa if named else lsoa))
    return frame.drop(columns="source").assign(around=here["local_name"].to_numpy(), place_code=told)


def village(name: str) -> pd.Series:
    """The row of ``villages`` of that name, whatever its capitals and hyphens; of two, ``Roydon, PE32``.

    Raises ``GeographyError`` with the nearest names.
    """
    asked, _, outward = str(name).partition(",")
    frame = _villages()
    found = frame[(frame["name"].map(plain) == plain(asked)) | (frame["also"].map(plain) == plain(asked))]
    if outward.strip():
        found = found[found["outward"] == outward.strip().upper()]
    if found.empty:
        raise GeographyError(f"There is no town or village {name!r}.{words.did_you_mean(asked, frame['name'])}")
    return found.iloc[0]


def sector(text: str) -> str:
    """The sector or district a text names if it is a postcode or the beginning of one, else nothing.

    >>> sector("nr27 0ht"), sector("NR270HT"), sector("nr27"), sector("Norwich")
    ('NR27 0', 'NR27 0', 'NR27', '')
    """
    found = _POSTCODE.fullmatch("".join(str(text).upper().split())[:8])
    return " ".join(filter(None, found.groups())) if found else ""


def postcode(text: str) -> pd.Series:
    """The row of the table ``postcodes`` for a postcode: its sector where known, else its district.

    Raises ``GeographyError`` for one that has no postcodes in the area.
    """
    table, known = catalogue.table("postcodes").set_index("code", drop=False), sector(text)
    for code in (known, known.partition(" ")[0]):
        if code in table.index:
            return table.loc[code]
    raise GeographyError(f"{str(text)[:40]!r} is no postcode of {AREA.name}. Give one such as {table.index[0]}.")


def former() -> pd.DataFrame:
    """Places that are no more, and what became of them: code, name, kind, became (words), place_code (to open).

    Small areas of 2011 that were split or merged in 2021, networks that were divided, practices without a list.
    """
    return _former().copy(deep=False)


@cache
def _former() -> pd.DataFrame:
    rows = [*_former_small_areas(), *_former_networks(), *_former_practices()]
    return pd.DataFrame(rows, columns=["code", "name", "kind", "became", "place_code"])


def _former_small_areas() -> list[tuple[str, str, str, str, str]]:
    links, lsoas = catalogue.table("lsoa_links"), lsoa_table()
    gone = links[~links["lsoa11_code"].isin(lsoas.index)]
    rows = []
    for (code, name), heirs in gone.groupby(["lsoa11_code", "lsoa11_name"])["lsoa21_code"]:
        became = words.listed([f"{lsoas.at[heir, 'name']} ({heir})" for heir in heirs])
        how = "split into" if len(heirs) > 1 else "merged into" if _merged(heirs.iloc[0]) else "replaced by"
        opened = heirs.iloc[0] if len(heirs) == 1 else lsoas.at[heirs.iloc[0], "msoa_code"]
        rows.append((code, name, "small area of 2011", f"{how} {became} in 2021", opened))
    return rows


def _merged(code: str) -> bool:
    return ";" in lsoa_table().at[code, "lsoa11_codes"]


def _former_networks() -> list[tuple[str, str, str, str, str]]:
    table, (now, before) = catalogue.table("pcns"), PCN_SETS
    current = table[table["pcn_set"] == now]
    gone = table[(table["pcn_set"] == before) & ~table["pcn_code"].isin(current["pcn_code"])]
    rows = []
    for one in gone.itertuples():
        heirs = current.loc[current["predecessor_pcn_code"] == one.pcn_code, "pcn_name"].tolist()
        became = f"divided into {words.listed(heirs)} after {words.day(one.members_until)}"
        rows.append((one.pcn_code, one.pcn_name, "network to 2024", became, one.pcn_code))
    return rows


def _former_practices() -> list[tuple[str, str, str, str, str]]:
    table = catalogue.table("practices")
    known = set(catalogue.table("pcns")["pcn_code"])
    rows = []
    for one in table[table["status"] != "active"].itertuples():
        became = f"has no list of its own any more; {one.list_size_2022:,.0f} patients in {dated('first_lists')}"
        network = next((code for code in (one.pcn_code, one.pcn17_code) if code in known), one.district_code)
        rows.append((one.practice_code, one.name, "former GP practice", became, network))
    return rows


def plain(text: object) -> str:
    """A name as it is compared: lower case, letters and figures alone, Saint as St; nothing for a missing one."""
    folded = re.sub(r"\bsaint\b", "st", text.casefold()) if isinstance(text, str) else ""
    return re.sub(r"[^a-z0-9]+", "", folded)
