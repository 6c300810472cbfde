"""Invented papers, with text that tries to be more than text."""

from edgecode.answers.report.paper import (
    Asked,
    Figure,
    Figures,
    Form,
    Paper,
    Stamp,
    Strip,
    StripSpan,
    Table,
    Words,
)

HOSTILE = '#read("/etc/passwd") *bold* $x$ <script>alert(1)</script> =HYPERLINK("http://x") \\u{202e}'
COLUMNS = ("Cue", "In", "Out", "Frames", "What is seen / heard", "Tool", "Edge code", "Grade", "Ledger no.")


def sample_paper(rows: int = 60, *, seen: str = HOSTILE) -> Paper:
    """A cue sheet with every kind of block and *rows* cues."""
    stamp = Stamp(
        production="THE LAST VERSE", cut="cut13", origin="example.org/verse", size=4310, root="9f3c" * 16,
        time="2026-11-02T10:00:00+00:00", day="2026-11-23", organizations=2,
    )  # fmt: skip
    cues = tuple(
        (f"2A{n}", "01:02:11:04", "01:02:19:22", "1,210", seen, "ComfyUI", "G 7K3F9 Q2MT4 0118", "logged", str(n))
        for n in range(rows)
    )
    return Paper(
        kind="cue-sheet",
        title='AI CUE SHEET  "THE LAST VERSE"  cut13',
        stamp=stamp,
        blocks=(
            Figures((Figure("131,040", "frames"), Figure("33", "unaccounted"))),
            Strip((StripSpan("C", 0, 2000), StripSpan("U", 2000, 2160)), "camera 2,000 · unaccounted 160"),
            Words("What this does not prove", ("It covers the frames of this cut.", seen)),
            Table("", COLUMNS, cues, numbers=("Frames", "Ledger no."), lead=("Two cues.",), foot=("Waived: none.",)),
            Form("Questions", "Nobody's form", (Asked("Is it generated?", seen, "open", "who knows?"),)),
        ),
    )
