"""Packs that cannot judge although they should: gone, unreadable, or failing their own tests. None of them is passed over in silence."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.checks.desk_rows import PackDecision
from edgecode.checks.rules.catalogue import VOCABULARY
from edgecode.checks.rules.pack import Authority, EffectiveTest, Header, InForce, Pack

Failing = Literal["missing", "unreadable", "tests"]
FAILING: tuple[Failing, ...] = ("missing", "unreadable", "tests")


class Fault(Struct, frozen=True):
    """Why a pack cannot judge. *why*: a sentence."""

    kind: Failing
    why: str


class Run(Struct, frozen=True):
    """A pack that judged at a gate once."""

    pack: str
    version: str
    digest: str


def stand_in(name: str, *, version: str = "", digest: str = "", judged: bool = True) -> Pack:
    """A pack without rules for one that cannot be read. *judged*: it would judge, so that switching it off is signed."""
    header = Header(
        pack=name,
        title=name,
        version=version,
        draft=True,
        schema=VOCABULARY,
        tier="maintained" if judged else "template",
        authority=Authority("", "", ""),
        edition="",
        jurisdiction=(),
        in_force=InForce(),
        effective_test=EffectiveTest(),
        scope=None,
        enabled_by_default=judged,
        transcribed_on="",
        last_verified=None,
        verified_by=None,
        confidence_cap=None,
    )
    return Pack(name, digest or "0" * 64, header, ())


def gone_packs(
    known: Collection[str], decisions: Sequence[PackDecision], runs: Iterable[Run]
) -> dict[str, tuple[Pack, Fault]]:
    """Packs that judged at a gate, or that somebody decided on, and that are not among *known* any more, by name."""
    last = {one.pack: Run(one.pack, one.version, one.digest) for one in decisions}
    judged = {one.pack: one for one in runs}
    found: dict[str, tuple[Pack, Fault]] = {}
    for name, one in sorted({**last, **judged}.items()):
        if name not in known:
            what = "judged at a gate" if name in judged else "was decided on"
            why = f"it {what}, and no file of the production holds it any more"
            pack = stand_in(name, version=one.version, digest=one.digest, judged=name in judged)
            found[name] = pack, Fault("missing", why)
    return found
