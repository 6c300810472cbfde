"""Packs for tests: of a tiny cut whose every statement rests on recorded events, cosigned or not, and ways to damage them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from edgecode.drivers.world import World
from edgecode.events.codec import Json, canonical, strict
from edgecode.events.kinds import (
    MediaFacts,
    PlaceSection,
    StepFact,
    StepInput,
    StepPerformed,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.ledger.notes import Note, VerifierKey
from edgecode.ledger.packs import ANSWER, MANIFEST, Manifest, listed
from edgecode.ledger.policy import Policy
from edgecode.ledger.zips import read_zip, write_zip
from edgecode.production import Production
from edgecode.production.packs import making as packing
from edgecode.production.packs.making import cut_pack, renew_pack
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind
from witness_samples import SECONDS, cosigner_named, policy

EDL = """TITLE: TINY
FCM: NON-DROP FRAME

001  PLATE    V     C        00:00:00:00 00:00:00:10 01:00:00:00 01:00:00:10
* FROM CLIP NAME: plate.mov
002  DREAM    V     C        00:00:00:00 00:00:00:08 01:00:00:10 01:00:00:18
* FROM CLIP NAME: dream.mov
003  NOBODY   V     C        00:00:00:00 00:00:00:06 01:00:00:18 01:00:01:00
* FROM CLIP NAME: nobody-knows.mov
"""
WITNESS = cosigner_named("guild.example/w1", 7)


@dataclass
class Packed:
    """A pack, the key of its log, and a policy from outside that asks for one witness of another organisation."""

    data: bytes
    key: VerifierKey
    policy: Policy

    @property
    def members(self) -> dict[str, bytes]:
        return read_zip(self.data).members


def tiny_show(folder: Path, *, seed: int = 1) -> Production:
    """An open production with one cut: a plate, a shot that a model made from it, and a clip that nobody knows."""
    world = World()
    production = Production.create(folder, title="A Tiny Show", domain="studio.example")
    plate, dream, step = (world.new_id() for _ in range(3))
    media = MediaFacts("video", rate="24/1", frames=24, start=0, start_label="00:00:00:00")
    shot = StepFact(world.new_id(), StepKind.CAMERA, "record", Grade.LOGGED, (plate,))
    made = StepFact(step, StepKind.GENERATE, "record", Grade.LOGGED, (dream,), (StepInput(plate),))
    production.append(
        [
            VersionSeen(VersionFact(plate, media), VersionBytes("a" * 64, 10), PlaceSection("root", "media/plate.mov")),
            VersionSeen(VersionFact(dream, media), VersionBytes("b" * 64, 10), PlaceSection("root", "media/dream.mov")),
            StepPerformed(shot),
            StepPerformed(made),
        ]
    )
    edl = folder / "tiny.edl"
    edl.write_text(EDL, "utf-8")
    from edgecode.terms.timebase import Rate

    production.add_cut([edl], name="tiny", rate=Rate(24, 1))
    return production


def short_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line each for the page and the program, which a pack holds and nobody but its list of digests speaks of: small packs."""
    monkeypatch.setattr(packing, "verify_page", lambda: b"<!doctype html>\n")
    monkeypatch.setattr(packing, "verifier_program", lambda: b"#!/usr/bin/env python3\n")


def tiny_pack(folder: Path, *, cosigned: bool = True) -> Packed:
    """The pack of the tiny cut; *cosigned*: renewed under a head that the guild's witness has signed."""
    with tiny_show(folder) as production:
        data, _ = cut_pack(production, "tiny")
        if cosigned:
            keep_cosigned(production)
            data = renew_pack(production, data)
        key = production.log.key
    return Packed(data, key, policy([key], {"w1": WITNESS.key}, "quorum w1"))


def keep_cosigned(production: Production) -> None:
    """The guild's witness signs the latest head, and the production keeps that."""
    note = Note.parse(production.log.checkpoint())
    signed = note._replace(signatures=(*note.signatures, WITNESS.cosign(note.text, seconds=SECONDS)))
    production.ledger.keep_cosigned(production.log.size, signed.encode())


def rewritten(pack: Packed, changed: Mapping[str, bytes | None], *, relist: bool = True) -> bytes:
    """The pack with members replaced, added, or taken away (None), in a sound zip; *relist*: pack.json lists what is there now."""
    members = {name: data for name, data in {**pack.members, **changed}.items() if data is not None}
    members = dict(sorted(members.items(), key=lambda one: packing.rank(one[0]) or (9, 0, 0)))
    if relist:
        manifest = Manifest.parse(members[MANIFEST])
        members[MANIFEST] = manifest._replace(content=listed(members)).encode()
    return write_zip(members)


def with_answer(pack: Packed, change: Mapping[str, Json]) -> bytes:
    """The pack with parts of its answer replaced and everything outside the log made to fit."""
    answer = strict(pack.members[ANSWER])
    assert isinstance(answer, dict)
    return rewritten(pack, {ANSWER: canonical({**answer, **change})})
