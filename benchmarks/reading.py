"""Reading at scale: reports per second per core, load time, memory; and that memory stays flat.

Reports are made of the sentences of the example reports, 300 words each, in another order every
time, so that no report is read twice. Run with: python benchmarks/reading.py [REPORTS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from treves.catalogue import folder, sources_of
from treves.reading.corpus import read_many

WORDS = 300
LOADING = (
    "import resource, time; start = time.process_time(); "
    "from treves.case.evidence import Source; from treves.reading import read; "
    "read(Source.of('De VVD eist een wet.', lang='nl')); "
    "print(time.process_time() - start, "
    "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seconds, megabytes = map(float, _python(LOADING).split())
    print(f"load and first claim: {seconds:.2f} s of CPU, {megabytes:.0f} MB at most")
    with tempfile.TemporaryDirectory() as place:
        files = _write(Path(place), count)
        at_half: list[float] = []

        def look(done: int, total: int) -> None:
            if not at_half and done >= total / 2:
                at_half.append(_peak())

        start = time.process_time()
        table = read_many(files, Path(place) / "claims.jsonl", look)
        took = time.process_time() - start
        print(
            f"{count} reports of {WORDS} words: {count / took:.0f} a second per core, "
            f"{table.claims / count:.1f} claims each"
        )
        print(
            f"memory at most: {at_half[0]:.0f} MB after half of them, {_peak():.0f} MB at the end"
        )


def _write(place: Path, count: int) -> list[Path]:
    text = " ".join(source.text for source in sources_of(folder("asylum")))
    sentences = [s.strip() + "." for s in text.split(". ") if s.strip()]
    draw = np.random.default_rng(0)
    files = []
    for k in range(count):
        told: list[str] = []
        while len(told) < WORDS:
            told += sentences[draw.integers(len(sentences))].split()
        path = place / f"{k:06}.txt"
        head = "outlet: bench\ndate: 2023-07-06\nlang: nl\n\n"
        path.write_text(f"{head}{' '.join(told[:WORDS])}", encoding="utf-8")
        files.append(path)
    return files


def _peak() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main()
