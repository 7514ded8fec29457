"""A process that adds reports to a dossier until it is killed: `python adder.py DB NAME COUNT`.

It prints the number of a report only after the addition was committed.
"""

from __future__ import annotations

import sys

from treves.case.evidence import Claim, Source
from treves.dossier.records import add_claims, add_source
from treves.dossier.store import Store


def main(path: str, name: str, count: int) -> None:
    """Add numbered reports, each with claims."""
    store = Store.open(path)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for k in range(count):
        words = " ".join(f"{name}woord{k}x{j}" for j in range(300))
        text = f"Bericht {k} van {name}. D66 is tegen. {words}"
        source = Source.of(text, outlet=name, date="2023-07-06")
        claims = [
            Claim(source=source.id, span=(j, j + 9), quote=text[j : j + 9], actor="D66")
            for j in range(40)
        ]
        with store.adding("add", name, "asylum") as batch:
            add_source(batch, "asylum", source)
            add_claims(batch, "asylum", claims, name)
        sys.stdout.write(f"{k}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
