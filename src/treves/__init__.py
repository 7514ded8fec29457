"""treves: from reports of a negotiation to sourced claims, a case and a scored forecast.

The public names. Each is imported when it is first used, so that ``import treves`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from treves.case.edits import Edit, apply
    from treves.case.evidence import Claim, Source
    from treves.case.formats.native import dumps, load
    from treves.case.model import Case
    from treves.catalogue import load_example
    from treves.forecast.result import Forecast
    from treves.forecast.run import run as forecast
    from treves.forecast.settling import settle
    from treves.forecast.whatif import whatif
    from treves.forecast.zones import deals
    from treves.reading import read
    from treves.reading.draft import draft
    from treves.report.summary import summarise

_HOMES = {
    "Case": "case.model:Case",
    "Claim": "case.evidence:Claim",
    "Edit": "case.edits:Edit",
    "Forecast": "forecast.result:Forecast",
    "Source": "case.evidence:Source",
    "apply": "case.edits:apply",
    "deals": "forecast.zones:deals",
    "draft": "reading.draft:draft",
    "dumps": "case.formats.native:dumps",
    "forecast": "forecast.run:run",
    "load": "case.formats.native:load",
    "load_example": "catalogue:load_example",
    "read": "reading:read",
    "settle": "forecast.settling:settle",
    "summarise": "report.summary:summarise",
    "whatif": "forecast.whatif:whatif",
}

__all__ = [
    "Case",
    "Claim",
    "Edit",
    "Forecast",
    "Source",
    "apply",
    "deals",
    "draft",
    "dumps",
    "forecast",
    "load",
    "load_example",
    "read",
    "settle",
    "summarise",
    "whatif",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'treves' has no attribute {name!r}")
    module, attribute = _HOMES[name].split(":")
    return getattr(import_module(f"treves.{module}"), attribute)


class _Package(ModuleType):
    """The package, in which the public name of a function wins over the room of the same name.

    Importing ``treves.forecast.run`` would otherwise bind the room to ``treves.forecast``, and
    ``treves.forecast(case)`` would work only until then.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
