"""What is written in a format reads back the same, for generated cases and for the samples."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.case.formats.generated import DAYS, IDS, NUMBERS, WORDS, cases, numbers_of, stances
from tests.shared import shared_dir

from treves.case.estimate import Estimate
from treves.case.formats import decide, deu, dna, genius, ktab, negmas, registry, scenario, table
from treves.case.formats.scenario import Rating, Scenario, Topic
from treves.case.model import Case, Issue, Party, Rule, Stance

FEW = settings(max_examples=25, deadline=None)


@given(cases(wide=True, accepts=True))
@FEW
def test_plain_table(case: Case) -> None:
    again = table.load(table.dumps([case]))[0]
    assert again.model_copy(update={"id": "case"}) == case


@given(cases())
@FEW
def test_ktab_csv(case: Case) -> None:
    again = ktab.load(ktab.dumps([case]))[0]
    assert numbers_of(again) == _by_title(case)
    assert [(p.id, p.name, p.power) for p in again.parties] == [
        (p.id, p.name, p.power) for p in case.parties
    ]


def _by_title(case: Case) -> dict[tuple[str, str], tuple[object, ...]]:
    """KTAB names an issue by its title only: the id of the copy follows from it."""
    from_titles = ktab.load(ktab.dumps([case]))[0]
    ids = {a.id: b.id for a, b in zip(case.issues, from_titles.issues, strict=True)}
    return {(p, ids[i]): v for (p, i), v in numbers_of(case).items()}


@given(cases(), st.sampled_from(ktab.SWITCHES["PCEModel"]), st.floats(0, 1))
@FEW
def test_ktab_xml(case: Case, model: str, share: float) -> None:
    first = ktab.read(ktab.dumps([case])).case
    pulls = {(first.parties[0].id, first.parties[-1].id): share}
    whole = ktab.Scenario(first, {"PCEModel": model}, pulls)
    again = ktab.read(ktab.dumps_xml(whole))
    assert again.ideals == whole.ideals
    assert again.switches == whole.switches
    assert numbers_of(again.case) == numbers_of(first)
    assert again.case.parties == first.parties


@given(cases())
@FEW
def test_decide(case: Case) -> None:
    again = decide.load(decide.dumps([case]))[0]
    assert [(p.id, p.name or p.id) for p in again.parties] == [(p.id, p.name) for p in case.parties]
    assert [(i.id, i.title or i.id) for i in again.issues] == [(i.id, i.title) for i in case.issues]
    for key, (position, salience) in numbers_of(case).items():
        new = again.stance(*key)
        assert _close(new.position, position)
        assert _close(new.salience, salience)


def _close(one: Estimate | None, other: object) -> bool:
    if one is None or not isinstance(other, Estimate):
        return one is other
    return one.mode == pytest.approx(other.mode, rel=1e-12, abs=1e-12)


@given(
    st.lists(st.tuples(IDS, st.booleans(), DAYS), min_size=1, max_size=3, unique_by=lambda t: t[0]),
    st.data(),
)
@FEW
def test_deu(proposals: list[tuple[str, bool, dt.date]], data: st.DataObject) -> None:
    made = []
    for k, (name, unanimous, day) in enumerate(proposals):
        issues = tuple(
            Issue(id=f"i{k}-{n}", title=data.draw(WORDS), status_quo=data.draw(st.none() | NUMBERS))
            for n in range(2)
        )
        actors = ("com", "ep", "de", "nl")
        parties = tuple(_institution(a) for a in actors)
        positions = {a: {i.id: data.draw(stances()) for i in issues} for a in actors}
        rule = Rule(decision="unanimity") if unanimous else Rule(fallback="majority_vote")
        case = Case(
            id=name,
            title=data.draw(WORDS),
            as_of=day,
            rule=rule,
            parties=parties,
            issues=issues,
            positions=positions,
        )
        made.append(case)
    assert deu.load(deu.dumps(made)) == made


def _institution(actor: str) -> Party:
    if actor == "com":
        return Party(id=actor, votes=0, role="outside")
    return Party(id=actor, votes=0 if actor == "ep" else 1)


STATEMENTS = st.lists(
    st.builds(
        dna.Statement,
        WORDS,
        WORDS,
        st.booleans(),
        st.none() | DAYS,
        st.just("") | WORDS,
        st.integers(0, 999).map(str),
    ),
    min_size=1,
    max_size=12,
)


@given(STATEMENTS)
@FEW
def test_dna_statements(made: list[dna.Statement]) -> None:
    assert dna.statements(dna.written(made)) == made


@given(cases(), st.data())
@FEW
def test_dna_case(case: Case, data: st.DataObject) -> None:
    votes = st.sampled_from([Stance(position=Estimate.of(v)) for v in (0, 100)])
    positions = {p.id: {i.id: data.draw(votes) for i in case.issues} for p in case.parties}
    # Statements name parties and issues by their names, so these must differ.
    parties = tuple(
        p.model_copy(update={"name": f"{p.name} {k}"}) for k, p in enumerate(case.parties)
    )
    issues = tuple(
        i.model_copy(update={"title": f"{i.title} {k}"}) for k, i in enumerate(case.issues)
    )
    day = dt.date(2023, 7, 6)
    changed = {"positions": positions, "parties": parties, "issues": issues, "as_of": day}
    case = case.model_copy(update=changed)
    again = dna.load(dna.dumps([case]))[0]
    assert again.as_of == case.as_of
    assert list(numbers_of(again).values()) == list(numbers_of(case).values())


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    names = draw(st.lists(IDS, min_size=3, max_size=5, unique_by=str.lower))
    topics = []
    for name in names[2:]:
        if draw(st.booleans()):
            topics.append(Topic(name, ("0", "10"), line=True))
        else:
            values = draw(st.lists(WORDS, min_size=2, max_size=4, unique=True))
            topics.append(Topic(name, tuple(values)))
    parties = []
    for name in names[:2]:
        # GENIUS divides ratings by the best of their issue, so the best is 1 here.
        ratings = [(1.0, *(draw(st.floats(0, 1)) for _ in topic.values[1:])) for topic in topics]
        weights = tuple(draw(st.floats(0, 1)) for _ in topics)
        parties.append(Rating(name, weights, tuple(ratings), draw(st.none() | st.floats(-1, 1))))
    parties.sort(key=lambda p: p.name)
    return Scenario("domain", tuple(topics), tuple(parties))


@pytest.mark.parametrize("form", [genius, negmas], ids=["genius", "negmas"])
@given(made=scenarios())
@settings(max_examples=20, deadline=None)
def test_scenarios(form: object, made: Scenario, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("x") / "domain"
    folder.mkdir()
    for name, text in form.written(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    again = form.read(folder)
    assert again.topics == made.topics
    assert [p.name for p in again.parties] == [p.name for p in made.parties]
    for new, old in zip(again.parties, made.parties, strict=True):
        assert new.weights == old.weights
        assert new.reservation == old.reservation
        for one, other in zip(new.ratings, old.ratings, strict=True):
            assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("form", [genius, negmas], ids=["genius", "negmas"])
def test_a_case_as_a_scenario_keeps_the_wishes(form: object, tmp_path: Path) -> None:
    case = Case(
        id="deal",
        as_of=dt.date(2024, 1, 1),
        rule=Rule(decision="negotiation"),
        parties=(Party(id="a"), Party(id="b")),
        issues=(Issue(id="x", points={0: "0", 30: "30", 100: "100"}), Issue(id="y")),
        positions={
            "a": {"x": Stance(position=30, salience=25), "y": Stance(position=100, salience=75)},
            "b": {"x": Stance(position=100, salience=50), "y": Stance(position=0, salience=50)},
        },
        stakes={"a": {"collapse": 0.2}},
    )
    for name, text in form.dumps([case]).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    again = form.load(tmp_path)[0]
    assert numbers_of(again) == numbers_of(case)
    # 0 is the worst package of the ratings, which a party in the middle of a line does not reach.
    assert again.stakes["a"].collapse is not None
    assert "b" not in again.stakes


SAMPLES = {
    "deu/deu3_dev.csv": ("deu", 141),
    "decide/copenhagen.csv": ("decide", 1),
    "decide/sample_data.txt": ("decide", 1),
    "ktab/dummyData_3Dim.csv": ("ktab", 1),
    "ktab/SOE-Pol-Comp.csv": ("ktab", 1),
    "ktab/dummyData-a040.csv": ("ktab", 1),
    "ktab/smpExample.xml": ("ktab", 1),
    "genius/AMPOvsCity": ("genius", 1),
    "genius/ItexvsCypress": ("genius", 1),
    "genius/Laptop": ("genius", 1),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_of_the_field(sample: str, tmp_path: Path) -> None:
    name, count = SAMPLES[sample]
    path = shared_dir() / "data" / sample
    form = registry.recognise(path)
    assert form.name == name
    read = form.load(path)
    assert len(read) == count
    target = tmp_path / path.name
    registry.dump(read, name, target)
    again = form.load(target)
    if form.folder:
        return  # a case is coarser than a scenario; scenarios are compared below
    for one, other in zip(read, again, strict=True):
        new = numbers_of(other)
        for key, numbers in numbers_of(one).items():
            assert all(_close(a, b) for a, b in zip(numbers, new[key], strict=True))


@pytest.mark.parametrize("domain", ["AMPOvsCity", "ItexvsCypress", "Laptop"])
@pytest.mark.parametrize("form", [genius, negmas], ids=["genius", "negmas"])
def test_domains_of_the_field_keep_every_rating(form: object, domain: str, tmp_path: Path) -> None:
    made = genius.read(shared_dir() / "data/genius" / domain)
    for name, text in form.written(made).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    again = form.read(tmp_path)
    assert again.topics == made.topics
    old = sorted(made.parties, key=lambda p: p.name)
    new = sorted(again.parties, key=lambda p: p.name)
    assert [(p.weights, p.ratings, p.reservation) for p in new] == [
        (p.weights, p.ratings, p.reservation) for p in old
    ]


def test_outcomes_of_the_european_union_stay_outside_the_cases() -> None:
    path = shared_dir() / "data/deu/deu3_dev.csv"
    known = deu.outcomes(path)
    assert len(known) == 248
    assert known["d00032i1"] == 100.0
    assert "out" not in deu.dumps(deu.load(path)).splitlines()[0].split(",")


def test_positions_of_scenario_values() -> None:
    assert scenario.positions_of(Topic("x", ("0", "30", "100"))) == (0.0, 30.0, 100.0)
    assert scenario.positions_of(Topic("x", ("low", "middle", "high"))) == (0.0, 50.0, 100.0)
    assert scenario.positions_of(Topic("x", ("only",))) == (0.0,)


def test_a_decide_name_that_looks_like_a_number_stays_as_it_is() -> None:
    told = "#A\tx\t0,5\n#P\ti\t1,5\n#M\ti\t0\tlow\n#M\ti\t10\thigh\n#D\tx\ti\t2,5\t0,4\t3\n"
    (case,) = decide.load(told)
    assert (case.parties[0].name, case.issues[0].title) == ("0,5", "1,5")
    stance = case.stance(case.parties[0].id, case.issues[0].id)
    assert stance.position is not None
    assert stance.position.mode == 25
