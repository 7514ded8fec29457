"""What the README says is true."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from tests.shared import ROOT

from treves import catalogue
from treves.cli import main
from treves.cli.reports import read_all
from treves.forecast.run import run
from treves.reading.draft import draft
from treves.report.summary import summarise
from treves.report.terminal import to_text

README = (ROOT / "README.md").read_text(encoding="utf-8")


def screen() -> str:
    """What the four commands at the top of the README print."""
    folder = catalogue.folder("asylum")
    base = catalogue.load_example("asylum")
    sources = catalogue.sources_of(folder)
    case = draft(read_all(sources, base), base, sources).case
    return to_text(summarise(case, run(case)))


def test_the_screen_in_the_readme_is_what_the_commands_print() -> None:
    block = f"<!-- screen:start -->\n```\n{screen()}```\n<!-- screen:end -->"
    if block not in README:
        new = re.sub(
            r"<!-- screen:start -->.*?<!-- screen:end -->", lambda _: block, README, flags=re.DOTALL
        )
        Path(ROOT / "README.md.new").write_text(new, encoding="utf-8")
    assert block in README, "if the new screen is right: mv README.md.new README.md"


def test_the_first_result_stands_before_line_25() -> None:
    assert README[: README.index("HOW IT ENDS")].count("\n") < 25


def test_every_command_of_the_readme_exists_and_every_command_is_in_the_readme() -> None:
    main.add_commands()
    known = {command.name or command.callback.__name__ for command in main.app.registered_commands}
    known |= {str(group.name) for group in main.app.registered_groups}
    named = set(re.findall(r"^\| `treves (\w+)", README, flags=re.MULTILINE))
    assert named == known


def test_the_python_example_runs() -> None:
    code = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert code
    exec(compile(textwrap.dedent(code.group(1)), "README.md", "exec"), {})


def test_the_schema_in_the_docs_is_the_schema_of_the_records() -> None:
    import json

    from treves.case.model import Case

    stored = json.loads((ROOT / "docs" / "case.schema.json").read_text(encoding="utf-8"))
    assert stored["properties"] == Case.model_json_schema()["properties"]
    assert stored["$defs"] == Case.model_json_schema()["$defs"]
