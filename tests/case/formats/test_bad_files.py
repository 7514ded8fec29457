"""Files that cannot be used are refused with every line that is wrong; nothing is guessed."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treves.case.estimate import Estimate
from treves.case.formats import decide, deu, dna, genius, ktab, negmas, raw, registry, table
from treves.errors import CaseError


def lines_of(error: pytest.ExceptionInfo[CaseError]) -> list[int | None]:
    return [p.line for p in error.value.problems]


def test_deu_names_every_bad_cell_at_once() -> None:
    text = "prnr,isnr,pde,sde,rp\np1,a,50,101,\np1,b,x,10,0\np1,b,10,10,0\np1,c,10\n"
    with pytest.raises(CaseError) as error:
        deu.load(text)
    assert lines_of(error) == [2, 3, 4, 5]
    assert "101" in str(error.value)
    assert "already given" in str(error.value)


def test_deu_needs_its_columns() -> None:
    with pytest.raises(CaseError) as error:
        deu.load("prnr,pde\np1,50\n")
    assert [p.what for p in error.value.problems] == [
        "column isnr is missing",
        "no actor has columns p<actor> and s<actor>",
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_deu_with_any_delimiter_and_power(mark: str) -> None:
    text = "prnr,isnr,proc,counvte,intro,pde,pep,sde,sep,rp\n1,1a,COD,Unan,26-01-00,50,0,80,,20\n"
    (case,) = deu.load(text.replace(",", mark), power={"de": 9.1})
    assert case.rule.decision == "unanimity"
    assert case.as_of == dt.date(2000, 1, 26)
    assert case.party("de").power == Estimate.of(9.1)
    assert case.party("ep").power is None
    assert case.party("ep").votes == 0
    assert case.stance("ep", "1a").salience is None
    assert case.issues[0].status_quo == 20


def test_a_decimal_comma_is_read_where_the_comma_is_free() -> None:
    (case,) = deu.load("prnr;isnr;pde;sde\n1;1a;12,5;80\n")
    assert case.stance("de", "1a").position == Estimate.of(12.5)


def test_deu_by_issue() -> None:
    text = "prnr,isnr,pde,sde\np,a,1,1\np,b,2,2\n"
    assert [c.id for c in deu.load(text, by_issue=True)] == ["a", "b"]
    assert [len(c.issues) for c in deu.load(text)] == [2]


DECIDE = """#/\ta comment\twith\tcells
#D\tA\tx\t3\t.5\t1
#M\tx\t7\thigh
#M\tx\t.5\tlow, and a comma
#A\tA\tActor A\tnote
#P\tx\tThe issue
#M\tx\t3\t
"""


def test_decide_takes_rows_and_points_in_any_order() -> None:
    (case,) = decide.load(DECIDE)
    position = case.stance("A", "x").position
    assert position is not None
    assert position.mode == pytest.approx(38.4615384615)
    assert list(case.issues[0].points.values()) == ["low, and a comma", "3", "high"]
    assert case.as_of is None
    assert decide.load(DECIDE, as_of=dt.date(2020, 1, 2))[0].as_of == dt.date(2020, 1, 2)


def test_decide_without_points_is_on_0_to_100() -> None:
    (case,) = decide.load("#A,A,A\n#P,x,x\n#D,A,x,70,0.5,1\n")
    assert case.stance("A", "x").position == Estimate.of(70)


def test_decide_names_every_bad_row_at_once() -> None:
    text = DECIDE + "#D\tA\tx\t9\t50\t1\n#D\tB\tx\t1\t1\t1\n#D\tA\ty\t1\t1\t1\n#X\t1\n#M\tx\n"
    with pytest.raises(CaseError) as error:
        decide.load(text)
    assert lines_of(error) == [11, 12]
    with pytest.raises(CaseError) as error:
        decide.load(text[: text.index("#X")])
    assert lines_of(error) == [8, 8, 8, 9, 10]


def test_decide_refuses_a_power_that_changes_between_issues() -> None:
    text = "#A,A,A\n#P,x,x\n#P,y,y\n#D,A,x,70,0.5,1\n#D,A,y,70,0.5,2\n"
    with pytest.raises(CaseError, match="has power 2 here and 1 on another issue"):
        decide.load(text)


def test_ktab_counts_and_numbers() -> None:
    text = (
        "Name,About,3,1,\nActor,Description,Power,x Position,x Salience\nA,a,1,50,50\nB,b,,200,5\n"
    )
    with pytest.raises(CaseError) as error:
        ktab.load(text)
    assert lines_of(error) == [1, 4, 4]


def test_ktab_xml_switches_are_checked() -> None:
    text = """<Scenario><name>n</name><ModelParameters><VotingRule>Lottery</VotingRule>
    <Unheard>1</Unheard></ModelParameters><Dimensions><dName>x</dName></Dimensions>
    <Actors><Actor><name>A</name><capability>1</capability><Position><dCoord>1</dCoord></Position>
    <Salience><dSal>1</dSal></Salience></Actor></Actors>
    <IdealAdjustment><iaPair><adjustingIdeal>A</adjustingIdeal><referencePos>Z</referencePos>
    <adjust>1</adjust></iaPair></IdealAdjustment></Scenario>"""
    with pytest.raises(CaseError) as error:
        ktab.read(text)
    assert lines_of(error) == [1, 2, 5]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
<Scenario>&lol2;</Scenario>
"""


def test_xml_with_entities_is_refused_before_it_is_expanded() -> None:
    with pytest.raises(CaseError, match="DOCTYPE") as error:
        ktab.load(BOMB)
    assert lines_of(error) == [2]


def test_xml_nested_too_deeply_or_broken() -> None:
    with pytest.raises(CaseError, match="too many elements"):
        ktab.load("<a>\n" * 500)
    with pytest.raises(CaseError, match="not XML") as error:
        ktab.load("<Scenario>\n<name>x</Scenario>\n")
    assert lines_of(error) == [2]


def test_dna_reads_statements_up_to_a_day() -> None:
    text = (
        '"ID";"Time";"Document title";"Person";"Organization";"Concept";"Agreement"\n'
        '1;2023-07-01 10:00:00;"a; b";P;VVD;"quota";yes\n'
        '2;2023-07-02 10:00:00;t;P;VVD;"quota";no\n'
        '3;2023-07-09 10:00:00;t;Q;D66;"quota";0\n'
    )
    (case,) = dna.load(text)
    assert case.as_of == dt.date(2023, 7, 9)
    assert case.stance("VVD", "quota").position == Estimate.of([0, 50, 100])
    assert case.stance("D66", "quota").position == Estimate.of(0)
    assert case.stance("VVD", "quota").salience is None
    (earlier,) = dna.load(text, as_of=dt.date(2023, 7, 1))
    assert [p.id for p in earlier.parties] == ["VVD"]
    assert earlier.stance("VVD", "quota").position == Estimate.of(100)
    assert [p.id for p in dna.load(text, actor="Person")[0].parties] == ["P", "Q"]
    with pytest.raises(CaseError) as error:
        dna.load("organization,concept,agreement,time\nA,x,perhaps,\n,y,1,\nA,y,1,July\n")
    assert lines_of(error) == [2, 3, 4]


def test_a_wide_table() -> None:
    text = (
        "actor,influence,Tax position,Tax salience,EU law position\nA,2,10,50,\nB,1,,20,40|50|60\n"
    )
    (case,) = table.load(text)
    assert [i.id for i in case.issues] == ["Tax", "EU_law"]
    assert case.party("A").power == Estimate.of(2)
    assert case.stance("A", "EU_law").position is None
    assert case.stance("B", "EU_law").position == Estimate.of([40, 50, 60])


def test_a_table_names_every_bad_cell_at_once() -> None:
    text = (
        "party,issue,position,salience,power,accepts_low,accepts_high,status_quo\n"
        "A,x,101,50,1,,,0\n"
        "A,y,50,sixty,2,,,0\n"
        "B,x,50|40|60,50,1,10,,10\n"
        "B,y,50,50,1,30,20,\n"
        "B,y,1|2,nan,1,,,\n"
        ",y,50,50,1,,,\n"
    )
    with pytest.raises(CaseError) as error:
        table.load(text)
    assert lines_of(error) == [2, 3, 3, 4, 4, 4, 5, 6, 6, 6, 7]


def test_a_salience_scale_is_never_guessed() -> None:
    text = "party,issue,position,salience\nA,x,10,0.9\nB,x,20,1\n"
    with pytest.raises(CaseError, match="0 to 1 or 0 to 100"):
        table.load(text)
    assert table.load(text, salience_to=1)[0].stance("A", "x").salience == Estimate.of(90)
    said = text.replace("salience", "salience (0-1)")
    assert table.load(said)[0].stance("A", "x").salience == Estimate.of(90)


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    strings = "".join(f"<si><t>{w}</t></si>" for w in ("party", "issue", "position", "A", "x"))
    sheet = """<worksheet><sheetData>
    <row r="1"><c r="A1" t="s"><v>0</v></c>
    <c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
    <row r="3"><c r="A3" t="s"><v>3</v></c>
    <c r="B3" t="s"><v>4</v></c><c r="C3"><v>62.5</v></c></row>
    <row r="4"><c r="A4" t="inlineStr"><is><t>B</t></is></c>
    <c r="B4" t="s"><v>4</v></c><c r="C4"><v>{}</v></c></row>
    </sheetData></worksheet>"""
    for last, good in (("40", True), ("400", False)):
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
            book.writestr("xl/worksheets/sheet1.xml", sheet.format(last))
        if good:
            (case,) = registry.recognise(path).load(path)
            assert case.stance("A", "x").position == Estimate.of(62.5)
            assert case.stance("B", "x").position == Estimate.of(40)
        else:
            with pytest.raises(CaseError) as error:
                table.load(path)
            assert lines_of(error) == [4]
    path.write_bytes(b"PK no")
    with pytest.raises(CaseError, match="not an XLSX workbook"):
        table.load(path)


DOMAIN = """<negotiation_template><utility_space><objective>
<issue index="1" name="Price" vtype="integer" type="integer">
<range lowerbound="0" upperbound="1000"/></issue>
<issue index="2" name="Colour"><item index="1" value="red"/><item index="2" value="blue"/></issue>
</objective></utility_space></negotiation_template>"""
SPACE = """<utility_space><objective>
<issue index="1" name="Price" vtype="integer" type="integer">
<range lowerbound="0" upperbound="1000"/>
<evaluator ftype="linear" offset="0" slope="0.001"/></issue>
<issue index="2" name="Colour"><item index="1" value="red" evaluation="2"/>
<item index="2" value="blue" evaluation="8"/></issue>
<weight index="1" value=".4"/><weight index="2" value=".6"/>
</objective><reservation value="0.25"/></utility_space>"""


def test_a_domain_with_a_range(tmp_path: Path) -> None:
    (tmp_path / "domain.xml").write_text(DOMAIN)
    (tmp_path / "one.xml").write_text(SPACE)
    made = genius.read(tmp_path)
    assert made.topics[0].line
    assert made.parties[0].ratings == ((0.0, 1.0), (0.25, 1.0))
    (case,) = genius.load(tmp_path)
    assert case.stance("one", "Price").position == Estimate.of(100)
    assert case.stakes["one"].collapse == Estimate.of((0.25 - 0.15) / 0.85)


def test_a_domain_says_what_a_party_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "domain.xml").write_text(DOMAIN)
    broken = SPACE.replace('<item index="1" value="red" evaluation="2"/>', "")
    broken = broken.replace('<weight index="1" value=".4"/>', "")
    (tmp_path / "one.xml").write_text(broken)
    with pytest.raises(CaseError) as error:
        genius.read(tmp_path)
    assert [(p.file, p.line) for p in error.value.problems] == [("one.xml", 2), ("one.xml", 5)]


@pytest.mark.parametrize("form", [genius, negmas], ids=["genius", "negmas"])
def test_an_empty_folder(form: object, tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        form.load(tmp_path)
    with pytest.raises(CaseError):
        form.load(tmp_path / "absent")


def test_a_negmas_folder_with_a_utility_that_is_not_additive(tmp_path: Path) -> None:
    (tmp_path / "d.yml").write_text(
        "type: DiscreteCartesianOutcomeSpace\n"
        "issues:\n- {name: a, type: CategoricalIssue, values: [x, y]}\n"
    )
    (tmp_path / "u.yml").write_text("type: HyperRectangleUtilityFunction\nname: u\n")
    with pytest.raises(CaseError, match="one function per issue"):
        negmas.load(tmp_path)


def test_names_of_folders_and_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("party,issue,position\nA,x,1\n")
    assert registry.recognise(tmp_path / "t.csv").name == "table"
    (tmp_path / "n.csv").write_text("organization;concept;agreement\nA;x;1\n")
    assert registry.recognise(tmp_path / "n.csv").name == "dna"
    with pytest.raises(CaseError):
        registry.recognise(tmp_path / "absent.csv")


def test_writing_says_what_is_lost(tmp_path: Path) -> None:
    text = "party,issue,position,power,accepts_low,accepts_high,status_quo\nA,x,1|2|3,1,0,9,5\n"
    cases = table.load(text)
    assert registry.dump(cases, "table", tmp_path / "t.csv") == ()
    lost = registry.dump(cases, "ktab", tmp_path / "k.csv")
    assert lost == ("accepts", "status_quo", "width")
    with pytest.raises(CaseError, match="neither agreement nor"):
        registry.dump(cases, "dna", tmp_path / "d.csv")
    with pytest.raises(CaseError, match="holds one case"):
        registry.dump(cases * 2, "ktab", tmp_path / "k.csv")


KTAB = "Toll,about,2,1\nActor,Description,Power,Tax Pos,Tax Sal\nA,a,1.5,20,50\nB,,2,80,5.5\n"
VARIANTS = {
    "windows ends": lambda t: t.replace("\n", "\r\n"),
    "old ends": lambda t: t.replace("\n", "\r"),
    "mark of UTF-8": lambda t: "\ufeff" + t,
    "semicolons and decimal commas": lambda t: t.replace(",", ";").replace(".", ","),
    "tabs": lambda t: t.replace(",", "\t"),
    "blank lines": lambda t: "\n" + t.replace("\n", "\n\n"),
    "empty rows": lambda t: ",,,\n" + t.replace("\n", "\n,,,,\n"),
    "delimiter said": lambda t: "sep=;\n" + t.replace(",", ";"),
    "quoted": lambda t: (
        "\n".join('"' + r.replace(",", '", "') + '"' for r in t.splitlines()) + "\n"
    ),
    "blanks around": lambda t: t.replace(",", " , "),
    "empty cells at the end": lambda t: t.replace("\n", ",,\n"),
    "UTF-16": lambda t: t.encode("utf-16"),
}


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize(
    "text",
    [
        KTAB,
        "prnr,isnr,pde,sde,pfr,sfr,rp\np1,i1,12.5,80,,,0\np1,i2,100,5,20,30,\n",
        "party,issue,position,salience\nA,x,12.5,80\nB,x,20,\n",
        "#A,A,Ann\n#A,B,Bob\n#P,x,Tax\n#D,A,x,12.5,0.8,2\n#D,B,x,50,0.5,1\n",
    ],
)
def test_what_spreadsheets_make_of_a_file(text: str, name: str, tmp_path: Path) -> None:
    path, twin = tmp_path / "plain.csv", tmp_path / "other" / "plain.csv"
    twin.parent.mkdir()
    path.write_text(text)
    made = VARIANTS[name](text)
    twin.write_bytes(made if isinstance(made, bytes) else made.encode())
    expected = registry.recognise(path)
    assert registry.recognise(twin).name == expected.name
    assert registry.recognise(twin).load(twin) == expected.load(path)


def test_absent_numbers_of_statistics_programs() -> None:
    (case,) = deu.load("prnr,isnr,pde,sde,rp\np1,i1,NA,80,.\n")
    assert case.stance("de", "i1").position is None
    assert case.issues[0].status_quo is None


def test_an_xml_file_says_its_encoding(tmp_path: Path) -> None:
    scenario = (
        "<Scenario><name>Zölle</name><Dimensions><dName>x</dName></Dimensions><Actors><Actor>"
        "<name>É</name><capability>1</capability><Position><dCoord>1</dCoord></Position>"
        "<Salience><dSal>1</dSal></Salience></Actor></Actors></Scenario>"
    )
    for encoding in ("iso-8859-1", "windows-1252", "utf-8"):
        head = f"<?xml version='1.0' encoding='{encoding.upper()}'?>\n"
        path = tmp_path / "x.xml"
        path.write_bytes((head + scenario).encode(encoding))
        assert ktab.load(path)[0].title == "Zölle"


def test_many_equal_names_take_no_longer() -> None:
    start = time.process_time()
    ids = raw.ids_for(["x"] * 50_000)
    assert time.process_time() - start < 5
    assert len(set(ids)) == len(ids)


READERS = [deu.load, decide.load, ktab.load, dna.load, table.load]
HEADS = (
    "prnr,isnr,pde,sde\n",
    "#A,A\n#P,x\n",
    "n,d,1,1\nActor,Description\n",
    "organization,concept,agreement\n",
    "party,issue,position\n",
    "<Scenario>\n",
    "",
)


@given(
    st.sampled_from(HEADS), st.text(max_size=60) | st.text("#ADMP,;\t\n\"'019.-e<>&/x", max_size=80)
)
@settings(max_examples=150, deadline=None)
def test_nonsense_is_a_case_error_or_a_case(head: str, tail: str) -> None:
    for load in READERS:
        cases = []
        with contextlib.suppress(CaseError):
            cases = load(head + tail + "\n")
        assert all(case.parties and case.issues for case in cases)


@pytest.mark.parametrize("load", READERS)
def test_files_that_are_no_text(load: object, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content, words in (
        (b"a\x00b", "binary"),
        (b"a\n\xff\xfe", "UTF-8"),
        (b"", "empty|not that of|not XML"),
        (b"\n\n", "empty"),
    ):
        path.write_bytes(content)
        with pytest.raises(CaseError, match=words):
            load(path)
    with pytest.raises(CaseError):
        load(tmp_path / "absent.csv")
