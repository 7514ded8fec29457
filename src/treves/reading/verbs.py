"""Forms of Dutch verbs, made by rule from the lists of the language pack.

Lexicons are written in infinitives (``@af|wijzen``); texts have *wijst ... af*, *afgewezen*,
*afwees*. Making the forms once, when the pack loads, needs no lemmatiser at run time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

VOWELS = "aeiou"
UNSTRESSED = ("be", "ge", "ver", "her", "ont", "er")
VOICELESS = "tkfschpx"
_NATIVE = (
    "weigeren hameren fluisteren luisteren vergaderen verbeteren veranderen herinneren "
    "hinderen verhinderen ijveren koesteren verzekeren mopperen sputteren leveren opperen "
    "kelderen vorderen vermeerderen verminderen schamperen foeteren haperen mijmeren daveren "
    "wapperen stotteren donderen blunderen slingeren bevorderen flikkeren hunkeren bewonderen "
    "vertroebelen beginselen plunderen verwonderen zuiveren offeren opofferen wateren "
    "wankelen suikeren peperen teisteren verlinkeren verslechteren verzilveren verpieteren "
    "verbrokkelen tegensputteren sidderen modderen doormodderen ledigen kamperen verhelderen "
    "vereffenen verankeren "
)
NATIVE_EREN = frozenset(_NATIVE.split())


@dataclass(frozen=True)
class Forms:
    """Forms of one verb: `single` are surely finite, `plural` may be an infinitive."""

    particle: str
    single: frozenset[str]
    plural: frozenset[str]
    other: frozenset[str]
    past: frozenset[str] = frozenset()

    @property
    def base(self) -> frozenset[str]:
        """All forms without the particle; of a plain verb simply all forms."""
        return self.single | self.plural | self.other

    @property
    def fused(self) -> frozenset[str]:
        """Forms written together with the particle (afgewezen, afwijst, afwijzen)."""
        if not self.particle:
            return frozenset()
        return frozenset(self.particle + form for form in self.base)


def stem_of(infinitive: str) -> str:
    """First person singular of a regular verb.

    >>> [stem_of(v) for v in ("praten", "eisen", "zeggen", "geven", "weigeren")]
    ['praat', 'eis', 'zeg', 'geef', 'weiger']
    """
    if not infinitive.endswith("en") or len(infinitive) < 4:
        return infinitive[:-1]
    base = infinitive[:-2]
    if len(base) > 2 and base[-1] == base[-2] and base[-1] not in VOWELS:
        return base[:-1]
    if base.endswith(("i", "ij", "oe", "ie")) or base[-1] in VOWELS:
        return infinitive[:-1] if base.endswith(("a", "o", "u")) else base
    single = (
        len(base) > 1
        and base[-1] not in VOWELS + "wx"
        and base[-2] in VOWELS
        and (len(base) < 3 or base[-3] not in VOWELS)
    )
    if single and not _ends_unstressed(base):
        base = base[:-1] + base[-2] + base[-1]
    return base[:-1] + {"v": "f", "z": "s"}.get(base[-1], base[-1])


def _ends_unstressed(base: str) -> bool:
    """Whether an unstressed syllable closes the stem: weiger, handel, open, adem, verdedig."""
    if base.endswith("ig"):
        return True
    if base[-2] != "e" or base[-1] not in "rlnm":
        return False
    core = base[:-2]
    if base.endswith("er") and base + "en" not in NATIVE_EREN:
        return False
    for prefix in UNSTRESSED:
        if core.startswith(prefix):
            core = core[len(prefix) :]
            break
    return any(letter in VOWELS for letter in core) and not base.endswith("eer")


def regular(infinitive: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Finite singular forms, plural forms, and other forms of a regular verb."""
    stem = stem_of(infinitive)
    sound = infinitive[:-2][-1:] if infinitive.endswith("en") else stem[-1]
    dental = "t" if sound in VOICELESS else "d"
    third = stem if stem.endswith("t") else stem + "t"
    participle = stem if stem.endswith(dental) else stem + dental
    if not infinitive.startswith(UNSTRESSED) or infinitive.startswith("geld"):
        participle = "ge" + participle
    past = stem + dental + "e"
    return (
        frozenset({stem, third, past}),
        frozenset({infinitive, past + "n"}),
        frozenset({participle, participle + "e", infinitive + "d"}),
    )


def _past(infinitive: str) -> frozenset[str]:
    """Past forms of a regular verb."""
    stem = stem_of(infinitive)
    sound = infinitive[:-2][-1:] if infinitive.endswith("en") else stem[-1]
    past = stem + ("t" if sound in VOICELESS else "d") + "e"
    return frozenset({past, past + "n"})


@dataclass
class Conjugator:
    """Gives the forms of an infinitive, with strong verbs from the pack's table."""

    strong: dict[str, tuple[str, ...]]
    _known: dict[str, Forms] = field(default_factory=dict)

    @classmethod
    def of(cls, table: str) -> Conjugator:
        """Read lines ``infinitive: past pasts participle [further forms]``."""
        strong: dict[str, tuple[str, ...]] = {}
        for line in table.splitlines():
            name, _, rest = line.partition(":")
            if rest.strip():
                strong[name.strip()] = tuple(rest.split())
        return cls(strong)

    def forms(self, infinitive: str) -> Forms:
        """Forms of a verb, its particle marked off by a bar.

        >>> sorted(Conjugator.of("wijzen: wees wezen gewezen").forms("af|wijzen").single)
        ['wees', 'wijs', 'wijst']
        """
        if infinitive not in self._known:
            particle, _, base = infinitive.rpartition("|")
            row = self._row(base)
            single, plural, other = self._from_table(base, row) if row else regular(base)
            past = frozenset(row[:2]) if row else _past(base)
            self._known[infinitive] = Forms(particle, single, plural, other, past)
        return self._known[infinitive]

    def first_person(self, infinitive: str) -> frozenset[str]:
        """The bare stem of a regular verb, where the third person has another form.

        >>> known = Conjugator({})
        >>> [sorted(known.first_person(verb)) for verb in ("eisen", "praten")]
        [['eis'], []]
        """
        base = infinitive.rpartition("|")[2]
        stem = stem_of(base)
        return frozenset() if base in self.strong or stem.endswith("t") else frozenset({stem})

    def _row(self, base: str) -> tuple[str, ...] | None:
        """The row of a strong verb, its own or that of the verb it is made from; else nothing."""
        if base in self.strong:
            return self.strong[base]
        for prefix in UNSTRESSED:
            core = base[len(prefix) :]
            if base.startswith(prefix) and core in self.strong:
                past, pasts, participle, *odd = self.strong[core]
                bare = participle.removeprefix("ge")
                return (prefix + past, prefix + pasts, prefix + bare, *(prefix + o for o in odd))
        return None

    def _from_table(
        self, base: str, row: tuple[str, ...]
    ) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        past, pasts, participle, *odd = row
        single = {past, *odd}
        if not odd or base in ("houden",):
            stem = stem_of(base)
            single |= {stem, stem if stem.endswith("t") else stem + "t"}
        other = {participle, base + "d"} | ({participle + "e"} if participle[-1] in "td" else set())
        return frozenset(single), frozenset({base, pasts}), frozenset(other - {"-"})
