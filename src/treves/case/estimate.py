"""A number that is not exactly known: one value, or [low, mode, high]."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from treves.case.evidence import Record


class Estimate(Record):
    """A triangular estimate; a plain number is an estimate without width.

    Written in a case file as ``60`` or ``[45, 60, 75]``: the lowest, the most likely and the
    highest value that can be defended.

    >>> Estimate.of([45, 60, 75]).mode
    60.0
    >>> Estimate.of(60).is_exact
    True
    """

    low: float
    mode: float
    high: float

    @classmethod
    def of(cls, value: object) -> Estimate:
        """Read an estimate from a number or a list of three."""
        return cls.model_validate(value)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, Estimate | dict):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float | list | tuple):
            raise PydanticCustomError(
                "estimate", f"{short(value)} is not a number or a list [low, mode, high]"
            )
        if isinstance(value, int | float):
            return {"low": value, "mode": value, "high": value}
        if len(value) != 3:
            raise PydanticCustomError(
                "estimate",
                f"a list of {len(value)} numbers is not an estimate; it takes one number or three",
            )
        return dict(zip(("low", "mode", "high"), value, strict=True))

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not all(abs(v) < 1e12 for v in (self.low, self.mode, self.high)):
            raise PydanticCustomError("estimate", "an estimate must be made of finite numbers")
        if not self.low <= self.mode <= self.high:
            raise PydanticCustomError(
                "estimate_order",
                f"low {self.low:g}, mode {self.mode:g}, high {self.high:g} are not in rising order",
            )
        return self

    @model_serializer
    def _write(self) -> Any:
        if self.is_exact:
            return _short(self.mode)
        return [_short(self.low), _short(self.mode), _short(self.high)]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """Editors should offer what people write, not the fields of the record."""
        number = {"type": "number"}
        return {
            "title": "Estimate",
            "description": "One number, or [low, mode, high].",
            "anyOf": [
                number,
                {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
            ],
        }

    @property
    def is_exact(self) -> bool:
        """Whether the number is taken as known."""
        return self.low == self.high

    @property
    def mean(self) -> float:
        """Mean of the triangular distribution."""
        return (self.low + self.mode + self.high) / 3.0


class Interval(Record):
    """What a party can live with on one issue: two edges, each of them an estimate.

    Written as ``[0, [25, 40, 55]]``. The inner edge is the red line.
    """

    low: Estimate
    high: Estimate

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, Interval | dict):
            return value
        if isinstance(value, list | tuple) and len(value) == 2:
            return {"low": value[0], "high": value[1]}
        raise PydanticCustomError(
            "interval", "accepts takes two edges: [low, high], each a number or [low, mode, high]"
        )

    @model_validator(mode="after")
    def _ordered(self) -> Interval:
        if self.low.mode > self.high.mode:
            raise PydanticCustomError(
                "interval_order",
                f"the lower edge {self.low.mode:g} lies above the upper edge {self.high.mode:g}",
            )
        return self

    @model_serializer
    def _write(self) -> Any:
        return [self.low.model_dump(), self.high.model_dump()]

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """A pair of estimates."""
        estimate = Estimate.__get_pydantic_json_schema__(core_schema, handler)
        return {
            "title": "Interval",
            "description": "[lower edge, upper edge], each a number or [low, mode, high].",
            "type": "array",
            "items": estimate,
            "minItems": 2,
            "maxItems": 2,
        }


def short(value: object) -> str:
    """A value as it is quoted in a message: never long, never a template of its own."""
    text = repr(value).replace("{", "(").replace("}", ")")
    return text if len(text) <= 60 else text[:57] + "..."


def _short(value: float) -> float:
    """Whole numbers are written without a decimal point."""
    return int(value) if float(value).is_integer() else value


def _within(low: float, high: float) -> AfterValidator:
    def check(value: Estimate) -> Estimate:
        if value.low < low or value.high > high:
            raise PydanticCustomError(
                "scale", f"{value.model_dump()} lies outside the scale {low:g} to {high:g}"
            )
        return value

    return AfterValidator(check)


Score = Annotated[Estimate, _within(0, 100), Field(description="0 to 100")]
Share = Annotated[Estimate, _within(0, 1), Field(description="0 to 1")]
Weight = Annotated[Estimate, _within(0, 1e9), Field(description="not negative")]
Worth = Annotated[
    Estimate,
    _within(-1, 2),
    Field(description="worth to a party: 0 = its worst package, 1 = its own package in full"),
]
