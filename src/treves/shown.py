"""Results that show themselves: a notebook asks a result, the result asks the room `report`.

Imports go down only, and drawing is done upstairs. This is the one place that looks up the stairs,
by name and only when something is to be shown, so that no room below draws anything itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Shown:
    """Base of Case, Forecast and Deals: HTML in a notebook, charts by name, a table."""

    def _repr_html_(self) -> str:
        html: str = _drawer().html_of(self)
        return html

    def chart(self, name: str = "", **choices: Any) -> Any:
        """A chart of this result by name; without a name its most telling one.

        Case and Forecast: every chart of ``treves chart``; first ``issue-lines`` and ``outcomes``.
        A Case is forecast for it (``seed``, ``draws``). Deals: ``packages``, ``parallel`` or
        ``frontier`` (``pair``: two parties). ``lang``: en or nl.

        Raises InputError on a name that is not there, listing those that are, and MissingExtra
        where the extra ``charts`` is needed.
        """
        return _drawer().chart_of(self, name, **choices)

    def to_pandas(self) -> Any:
        """This result as a pandas table; MissingExtra where the extra ``notebook`` is needed.

        Case: a row per party and issue. Forecast and Deals: a row per package.
        """
        return _drawer().table_of(self)

    def to_xarray(self) -> Any:
        """This result as labelled arrays (xarray); MissingExtra as for :meth:`to_pandas`.

        Case: its most likely numbers by party and issue. Forecast: odds with intervals, who leaves,
        settlements. Deals: packages, who refuses them and what they are worth.
        """
        return _drawer().array_of(self)


def _drawer() -> Any:
    return import_module("treves.report.notebook")
