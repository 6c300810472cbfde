"""An older copy of the record put back: the ledger alone, the whole folder, and what only a witness can know. None may be continued."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from edgecode.drivers.witness_server import Witness
from edgecode.errors import DivergedError, EdgecodeError
from edgecode.ledger.evidence import verify_evidence
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy
from edgecode.ledger.verify import Verdict
from edgecode.production import Production, witnessing
from edgecode.production.log.stores import open_ledger
from edgecode.settings import read_settings, write_settings
from faults.fault_counts import Counts
from faults.outer_steps import Near
from faults.power_loss import quick_folder
from sample_log import Chance, version_seen
from witness_samples import policy_text, witness_in

URL = "https://guild.example/"


class Case(NamedTuple):
    """One way to go back: what is put back, and what notices."""

    name: str
    high_water: str
    put_back: Callable[[Path, Path], None]
    noticed_by: str


def _ledger_alone(show: Path, older: Path) -> None:
    for path in (show / ".edgecode").glob("ledger.db*"):
        path.unlink()
    for path in (older / ".edgecode").glob("ledger.db*"):
        shutil.copy2(path, show / ".edgecode" / path.name)


def _whole_folder(show: Path, older: Path) -> None:
    shutil.rmtree(show)
    shutil.copytree(older, show)


def _all_but_published(show: Path, older: Path) -> None:
    published = show / ".edgecode" / "published"
    kept = show.parent / "published kept"
    shutil.move(published, kept)
    _whole_folder(show, older)
    shutil.rmtree(published, ignore_errors=True)
    shutil.move(kept, published)


CASES = (
    Case("the ledger's file alone", "", _ledger_alone, "opening"),
    Case("the whole folder, the high water on another disk", "../water/high-water", _whole_folder, "opening"),
    Case("the whole folder but what was published", "", _all_but_published, "opening"),
    Case("the whole folder, and only a witness knows better", "", _whole_folder, "witness"),
    Case(
        "the whole folder, and it was recorded on before a witness was asked",
        "",
        _whole_folder,
        "witness, after recording",
    ),
)


def old_stores(*, sizes: int) -> Counts:
    """Each case for an older copy of each of *sizes* sizes."""
    counts = Counts("an older store put back")
    for case in CASES:
        with quick_folder() as folder:
            (folder / "water").mkdir()
            show, witness = _production(folder, case)
            with closing(witness.store):
                for size in range(2, 2 + sizes):
                    shutil.copytree(show, folder / f"older {size}")
                    _record(show, size)
                _submit(show, witness)
                shutil.copytree(show, folder / "newest")
                shutil.copytree(folder / "water", folder / "newest water")
                for size in range(2, 2 + sizes):
                    case.put_back(show, folder / f"older {size}")
                    what = _went_on(show, witness, case)
                    counts.add("accepted" if what else "fine", f"{case.name}, {size} entries: {what}")
                    _whole_folder(show, folder / "newest")
                    shutil.rmtree(folder / "water")
                    shutil.copytree(folder / "newest water", folder / "water")
                with Production.open(show) as production:
                    right = production.log.size == sizes + 1
                counts.add("fine" if right else "lost", "the newest copy is refused")
    return counts


def _production(folder: Path, case: Case) -> tuple[Path, Witness]:
    show = folder / "show"
    Production.create(show, title="A Show", domain="studio.example").close()
    key = VerifierKey.parse((show / ".edgecode" / "log.vkey").read_text().strip())
    witness = witness_in(folder / "guild", key)
    (show / "policy.txt").write_bytes(policy_text([], {"guild": f"{witness.cosigner.key} {URL}"}, "quorum guild"))
    settings = replace(read_settings(show), policy="policy.txt")
    write_settings(show, replace(settings, high_water=case.high_water) if case.high_water else settings)
    return show, witness


def _record(show: Path, number: int) -> None:
    with Production.open(show) as production:
        production.append([version_seen(Chance(number))])
        production.publish()


def _submit(show: Path, witness: Witness) -> None:
    with Production.open(show) as production:
        witnessing.submit(production, ask=lambda url: Near(witness))


def _went_on(show: Path, witness: Witness, case: Case) -> str:
    """What was wrongly possible; "" when the older copy was refused, froze, and stays frozen."""
    try:
        if case.noticed_by != "opening":
            _ask(show, witness, fork="recording" in case.noticed_by)
        else:
            Production.open(show).close()
        return "it was opened and went on"
    except DivergedError as error:
        if error.code not in ("ledger.rolled_back", "ledger.diverged"):
            return f"refused as {error.code}"
    if (again := _refusal(show)) not in ("ledger.frozen", "ledger.rolled_back"):
        return f"the second opening says {again or 'nothing'}"
    with closing(open_ledger(read_settings(show), show, read_only=True)) as ledger:
        if ledger.frozen() is None:
            return "it is not frozen"
    return _evidence(show) if "recording" in case.noticed_by else ""


def _ask(show: Path, witness: Witness, *, fork: bool) -> None:
    with Production.open(show) as production:
        if fork:
            production.append([version_seen(Chance(1_000 + number)) for number in range(100)])
        witnessing.submit(production, ask=lambda url: Near(witness))


def _refusal(show: Path) -> str:
    try:
        Production.open(show).close()
    except EdgecodeError as error:
        return error.code
    return ""


def _evidence(show: Path) -> str:
    key = VerifierKey.parse((show / ".edgecode" / "log.vkey").read_text().strip())
    files = list((show / ".edgecode" / "evidence").glob("*.evidence.json"))
    if not files:
        return "there is no evidence file"
    verdicts = {verify_evidence(path.read_bytes(), Policy.of_keys(key)).verdict for path in files}
    return "" if verdicts == {Verdict.DIVERGED} else f"the evidence shows {verdicts}"
