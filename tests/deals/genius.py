"""GENIUS domains as tables of worth, for comparisons; the reader of the project is elsewhere."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

DOMAINS = {
    "Laptop": ("Laptop-C-prof1.xml", "Laptop-C-prof2.xml"),
    "ItexvsCypress": ("Itex.xml", "Cypress.xml"),
    "AMPOvsCity": ("ampo_vs_city_ampo_space.xml", "ampo_vs_city_city_space.xml"),
}


def read_tables(folder: Path) -> list[np.ndarray]:
    """Per issue the worth (level, party): weight times evaluation over the largest evaluation."""
    parties = [_read(folder / name) for name in DOMAINS[folder.name]]
    tables = []
    for one, other in zip(*parties, strict=True):
        assert set(one) == set(other)
        tables.append(np.array([(one[value], other[value]) for value in one]))
    return tables


def _read(path: Path) -> list[dict[str, float]]:
    objective = ElementTree.parse(path).getroot().find("objective")
    weight = {w.get("index"): float(w.get("value")) for w in objective.findall("weight")}
    columns = []
    for issue in objective.findall("issue"):
        # One file lists a value twice; the later evaluation counts.
        worth = {item.get("value"): float(item.get("evaluation")) for item in issue.findall("item")}
        scale = weight[issue.get("index")] / max(worth.values())
        columns.append({value: scale * number for value, number in worth.items()})
    return columns
