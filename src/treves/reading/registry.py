"""Who is who: parties, politicians and bodies by period, as data that a case can extend."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources

from ruamel.yaml import YAML

_PARTICLES = "van de der den het ter ten te von 't el al la le di du da op 's in"
PARTICLES = frozenset(_PARTICLES.split())
PARTY_OFFICES = ("leider", "voorzitter", "covoorzitter", "fractievoorzitter", "fractieleider")
PERIOD = re.compile(r"(\d{4}(?:-\d\d-\d\d)?)(\.\.|-)(\d{4}(?:-\d\d-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Role:
    """A title held for a while; `since` and `until` are ISO days or years, until may be open."""

    title: str
    since: str
    until: str | None = None

    def holds(self, day: str | None) -> bool:
        """Whether the title was held on that day (unknown day: any title counts)."""
        if not day:
            return True
        until = self.until
        return self.since <= day[: len(self.since)] and (not until or day[: len(until)] <= until)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can hold a stance: kind is person, party, body, org, country or place."""

    name: str
    kind: str
    party: str | None = None
    sex: str = ""
    country: str = ""
    since: str = ""
    until: str = ""
    roles: tuple[Role, ...] = ()
    members: tuple[str, ...] = ()

    def __hash__(self) -> int:
        # Asked for very often; the offices, which would make it slow, hardly tell two apart.
        return hash((self.name, self.party))

    def active(self, day: str | None) -> bool:
        """Whether the actor was about on that day (a year of grace on either side)."""
        if not day or not self.since:
            return True
        year = int(day[:4])
        return int(self.since) - 1 <= year <= int(self.until or 9999) + 1


@dataclass(frozen=True, slots=True)
class Government:
    """A cabinet: its parties in order of size, and the days it sat."""

    country: str
    since: str
    until: str
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Registry:
    """Actors by the words a text names them with.

    `names` maps the token sequence to the actors that carry it, the more telling first.

    >>> nl = Registry.load(("nl",))
    >>> nl.find("Rutte", "2023-07-06").name
    'Mark Rutte'
    >>> nl.extend(parties={"LOK": "Lokaal Belang"}).find("Lokaal Belang").party
    'LOK'
    """

    names: Mapping[tuple[str, ...], tuple[Actor, ...]]
    actors: tuple[Actor, ...]
    starts: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    governments: tuple[Government, ...] = ()

    @classmethod
    def load(cls, packs: Iterable[str] = ("nl", "be", "eu")) -> Registry:
        """The registry that ships with treves."""
        return _shipped(tuple(packs))

    @classmethod
    def of(cls, entries: Iterable[tuple[Actor, Iterable[str]]]) -> Registry:
        """Build from actors with the names that a text may use for them."""
        table: dict[tuple[str, ...], list[Actor]] = {}
        actors: list[Actor] = []
        for actor, names in entries:
            actors.append(actor)
            for name in names:
                for key in _spellings(name, actor):
                    held = table.setdefault(key, [])
                    if all(other.name != actor.name for other in held):
                        held.append(actor)
        starts: dict[str, list[tuple[str, ...]]] = {}
        for key in table:
            starts.setdefault(key[0], []).append(key)
        for keys in starts.values():
            keys.sort(key=len, reverse=True)
        return cls(
            {key: tuple(held) for key, held in table.items()},
            tuple(actors),
            {first: tuple(keys) for first, keys in starts.items()},
        )

    def extend(
        self,
        parties: Mapping[str, str] | None = None,
        people: Mapping[str, str | None] | None = None,
    ) -> Registry:
        """Add parties (id: name) and people (name: party id) of a case; they go first."""
        new = [Actor(name, "party", id_) for id_, name in (parties or {}).items()]
        new += [Actor(name, "person", party) for name, party in (people or {}).items()]
        return self.led_by(Registry.of((actor, _own_names(actor)) for actor in new))

    def led_by(self, others: Registry) -> Registry:
        """Add the actors of another registry; they go first."""
        names, starts = dict(self.names), dict(self.starts)
        for key, held in others.names.items():
            names[key] = held + names.get(key, ())
        for first, keys in others.starts.items():
            merged = {*starts.get(first, ()), *keys}
            starts[first] = tuple(sorted(merged, key=lambda key: (-len(key), key)))
        return replace(self, names=names, actors=others.actors + self.actors, starts=starts)

    def match(
        self, words: list[str], i: int, j: int, day: str | None, country: str = ""
    ) -> tuple[int, Actor] | None:
        """The longest name that starts at word `i`: its length in words, and who it is."""
        for key in self.starts.get(words[i], ()):
            n = len(key)
            if i + n <= j and tuple(words[i : i + n]) == key:
                actor = best_of(self.names[key], day, country)
                if actor:
                    return n, actor
        return None

    def find(self, name: str, day: str | None = None, country: str = "") -> Actor | None:
        """The actor called `name`, at that day if several are."""
        return best_of(self.names.get(tuple(split_name(name)), ()), day, country)

    def holder(self, title: str, day: str | None, country: str = "NL") -> Actor | None:
        """Who held a title on a day: `premier`, `leider VVD`."""
        if not day:
            return None
        for actor in self.actors:
            if actor.country != country:
                continue
            for role in actor.roles:
                if role.title == title and role.holds(day):
                    return actor
        return None

    def coalition(self, day: str | None, country: str = "NL") -> tuple[Actor, ...]:
        """Governing parties on a day, the largest first; empty when not known."""
        for cabinet in self.governments:
            if day and cabinet.country == country and cabinet.since <= day[:10] < cabinet.until:
                found = (self.party(id_) for id_ in cabinet.parties)
                return tuple(actor for actor in found if actor is not None)
        return ()

    def party(self, id_: str | None) -> Actor | None:
        """The party with this id."""
        return self._parties.get(id_) if id_ else None

    @functools.cached_property
    def _parties(self) -> dict[str, Actor]:
        found: dict[str, Actor] = {}
        for actor in self.actors:
            if actor.kind == "party" and actor.party:
                found.setdefault(actor.party, actor)
        return found


def best_of(held: Iterable[Actor], day: str | None, country: str = "") -> Actor | None:
    """The first actor who was about on that day, those of the country first."""
    about = [actor for actor in held if actor.active(day)]
    return next((a for a in about if a.country in ("", country)), about[0] if about else None)


def split_name(name: str) -> list[str]:
    """A name as the tokeniser would split it."""
    return re.findall(r"[^\W_]+(?:['’\-&/][^\W_]+)*|[^\w\s]", name)


def surname(name: str) -> str:
    """The family name, with its particles: Sybrand van Haersma Buma -> van Haersma Buma."""
    parts = name.split()
    for k in range(1, len(parts) - 1):
        if parts[k].lower() in PARTICLES:
            return " ".join(parts[k:])
    return parts[-1]


def _own_names(actor: Actor) -> list[str]:
    names = [actor.name]
    if actor.kind == "person" and " " in actor.name:
        names.append(surname(actor.name))
    return names


def _spellings(name: str, actor: Actor) -> Iterable[tuple[str, ...]]:
    parts = split_name(name)
    if not parts:
        return
    yield tuple(parts)
    if actor.kind == "person" and parts[0].lower() in PARTICLES:
        yield (parts[0].capitalize(), *parts[1:])
        yield (parts[0].lower(), *parts[1:])
    elif actor.kind != "person" and parts[0][0].islower():
        yield (parts[0].capitalize(), *parts[1:])


@functools.lru_cache(maxsize=8)
def _shipped(packs: tuple[str, ...]) -> Registry:
    entries: list[tuple[Actor, list[str]]] = []
    cabinets: list[Government] = []
    folder = resources.files("treves.reading") / "actors"
    for pack in packs:
        data = YAML(typ="safe").load((folder / f"{pack}.yaml").read_text(encoding="utf-8"))
        country = str(data["country"])
        entries += [_party(line, country) for line in _lines(data["parties"])]
        entries += [_person(line, country) for line in _lines(data["people"])]
        entries += [_body(line, country) for line in _lines(data["bodies"])]
        cabinets += [_government(row, country) for row in _lines(data.get("governments", ""))]
    return replace(Registry.of(entries), governments=tuple(cabinets))


def _government(row: list[str], country: str) -> Government:
    since, _, until = row[0].partition("..")
    return Government(country, since, until or "9999", tuple(row[1].split()))


def _lines(block: str) -> list[list[str]]:
    return [[part.strip() for part in row.split(";")] for row in block.splitlines() if row.strip()]


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _party(row: list[str], country: str) -> tuple[Actor, list[str]]:
    since, _, until = row[3].partition("-")
    actor = Actor(row[1], "party", row[0], "", country, since, until)
    return actor, [row[1], *_several(row[2])]


def _body(row: list[str], country: str) -> tuple[Actor, list[str]]:
    return Actor(row[0], row[2], None, "", country), [row[0], *_several(row[1])]


def _person(row: list[str], country: str) -> tuple[Actor, list[str]]:
    row = row + [""] * (6 - len(row))
    since, _, until = row[3].partition("-")
    roles = tuple(filter(None, (_role(text, row[1]) for text in _several(row[4]))))
    actor = Actor(row[0], "person", row[1] or None, row[2], country, since, until, roles)
    return actor, [*_own_names(actor), *_several(row[5])]


def _role(text: str, party: str) -> Role | None:
    match = PERIOD.search(text)
    if not match:
        return None
    title = text[: match.start()].strip()
    return Role(office(title, party), match.group(1), match.group(3))


def office(title: str, party: str) -> str:
    """A title as it is looked up: with its party where every party has one.

    >>> office("leider", "VVD"), office("premier", "VVD")
    ('leider VVD', 'premier')
    """
    return f"{title} {party}" if title in PARTY_OFFICES else title
