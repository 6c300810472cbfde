"""A usage statement as a paper: what was used, the arithmetic, what stands against it, and how its payee checks it."""

from hashlib import sha256

import msgspec

from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS
from edgecode.answers.report.paper import Figure, Figures, Paper, Stamp, Table, Words
from edgecode.answers.statement.working import Inputs, Working, amount_text, frames_once

LINE_COLUMNS = (
    "Line",
    "Cut",
    "Reel",
    "Shot",
    "In",
    "Out",
    "Frames",
    "Seconds",
    "Kind",
    "Seen or heard",
    "Model + version",
    "Agreement",
    "Given?",
    "Against it",
    *LAST_COLUMNS,
)
MONEY_COLUMNS = ("Agreement", "Unit", "Quantity", "How counted", "Counted", "Rate", "Clause", "Arithmetic", "Proposed")
UNKNOWN_COLUMNS = (
    "Cut",
    "Frames of picture",
    "Unaccounted picture",
    "Frames of sound",
    "Unaccounted sound",
    "Frames with somebody who cannot be told",
)


def working_bytes(working: Working) -> bytes:
    """The file of a working: canonical JSON, so that its digest can be made again."""
    return msgspec.json.encode(working, order="sorted")


def statement_paper(working: Working, *, stamp: Stamp) -> Paper:
    """The paper of *working*. Where nothing was used it says so in as many words and frames."""
    inputs = working.inputs
    given = [line for line in inputs.lines if line.covered == "yes"]
    blocks = (
        Figures(
            (
                Figure(f"{frames_once(inputs.lines):,}", f"frames of {inputs.payee} in these cuts, each counted once"),
                Figure(f"{frames_once(given):,}", "frames that an agreement on file gives"),
                Figure(f"{len(inputs.lines) - len(given):,}", "lines that none gives, or of which nobody knows"),
                Figure(_total(working), "proposed, from the rates below; no residuals are computed"),
            )
        ),
        _lines(inputs),
        _money(working),
        Table(
            "Frames that nobody can account for",
            UNKNOWN_COLUMNS,
            tuple(
                (one.cut, *map(str, (one.frames, one.unaccounted, one.sound_frames, one.sound_unaccounted, one.people)))
                for one in inputs.unknown
            ),
            numbers=UNKNOWN_COLUMNS[1:],
            foot=("Any of these may show or sound the payee. They are in no amount above.",),
        ),
        Words("Outside the agreements", tuple(_outside(inputs))),
        Words("Training", tuple(inputs.training) or ("None is on record.",)),
        Words("Contested and not answered", tuple(inputs.contests) or ("Nothing in an earlier statement.",)),
        Words("How to check it", _checking(working)),
    )
    title = f'USAGE STATEMENT  {inputs.payee}  {_period(inputs)}  "{inputs.production}"'
    return Paper(kind="statement", title=title, stamp=stamp, blocks=blocks)


def _lines(inputs: Inputs) -> Table:
    rows = tuple(
        (
            str(line.line),
            line.cut,
            line.reel,
            line.shot,
            line.timecode_in,
            line.timecode_out,
            str(line.frames),
            _seconds(line.frames, line.rate),
            line.kind,
            "seen" if line.medium == "picture" else "heard",
            line.model,
            line.agreement or "none on file",
            line.covered,
            line.why or "nothing on record",
            line.edge_code or NOT_RECORDED,
            line.grade,
            line.entry or NOT_RECORDED,
        )
        for line in inputs.lines
    )
    cuts = ", ".join(inputs.cuts) or "no cut"
    foot: tuple[str, ...] = (
        f"{counted(len(rows), 'line')} in {cuts}. Out is exclusive. A frame that is seen and heard stands in two lines and is counted once."
        if rows
        else f"Zero uses of {inputs.payee} are on record in {cuts}: 0 frames, 0.00 seconds.",
    )
    if inputs.since or inputs.until:
        foot = (*foot, f"The period chooses no lines: these are all uses in those cuts as of {inputs.day}.")
    return Table("What was used", LINE_COLUMNS, rows, numbers=("Frames",), foot=foot)


def _seconds(frames: int, rate: str) -> str:
    numerator, _, denominator = rate.partition("/")
    hundredths = frames * 100 * int(denominator or 1) // int(numerator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _money(working: Working) -> Table:
    rows = tuple(
        (
            one.agreement,
            one.unit.replace("_", " "),
            one.quantity or NOT_RECORDED,
            one.how,
            one.counted or NOT_RECORDED,
            one.rate,
            one.clause or NOT_RECORDED,
            one.arithmetic,
            amount_text(one.proposed, one.currency) if one.proposed is not None else "a question",
        )
        for one in working.money
    )
    unpaid = sorted(
        {line.agreement for line in working.inputs.lines if line.agreement} - {one.agreement for one in working.money}
    )
    sources = sorted({rate.source for rate in working.inputs.rates if rate.source})
    foot = (
        f"Proposed in all: {_total(working)}. Payroll or the guild computes what is due; contributions and residuals are not in it.",
        f"No rate is on file for: {', '.join(unpaid) or 'none of the agreements used'}.",
        *(f"Rates: {source}." for source in sources),
    )
    return Table("What it comes to", MONEY_COLUMNS, rows, foot=foot)


def _total(working: Working) -> str:
    sums: dict[str, int] = {}
    for one in working.money:
        if one.proposed is not None:
            sums[one.currency] = sums.get(one.currency, 0) + one.proposed
    open_ = sum(one.proposed is None for one in working.money)
    said = " + ".join(amount_text(amount, currency) for currency, amount in sorted(sums.items())) or "nothing"
    return f"{said} and {counted(open_, 'open row')}" if open_ else said


def _outside(inputs: Inputs) -> list[str]:
    found = [
        f"Line {line.line}: {counted(line.frames, 'frame')}, {line.why or 'no agreement gives it'}."
        for line in inputs.lines
        if line.covered != "yes"
    ]
    return found or ["None: every line rests on an agreement that gives it."]


def _period(inputs: Inputs) -> str:
    if not inputs.since and not inputs.until:
        return f"as of {inputs.day}"
    return f"{inputs.since or 'from the beginning'} … {inputs.until or inputs.day}"


def _checking(working: Working) -> tuple[str, ...]:
    digest = sha256(working_bytes(working)).hexdigest()
    return (
        "This paper was computed from a file of its lines, rates and quantities, which goes with it.",
        f"SHA-256 of that file: {digest}",
        "Without the record: edgecode statement --check FILE does the arithmetic again and says which row differs.",
        "In the record at the size above: edgecode statement with the same words makes the same file, byte for byte.",
        "That the lines are in the record: ask for an evidence pack of the cut, and look a line up by its edge code.",
        "This statement gives units and a proposed amount. It is no account of what is due.",
    )
