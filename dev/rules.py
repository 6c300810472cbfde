"""Writes docs/reference/rules.md from the packs that ship; with --check, says whether it is up to date."""

import sys
from pathlib import Path

from edgecode.checks.rules.pack import Pack, Rule, severity_of
from edgecode.checks.rules.pack_reading import read_pack

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "src" / "edgecode" / "checks" / "packs"
PAGE = ROOT / "docs" / "reference" / "rules.md"
TIERS = ("maintained", "template", "watch")
HEAD = """# Rules

Made from the packs that ship by `python dev/rules.py`; do not edit. {rules} rules in {packs} packs. They are data with citations,
drafts that nobody has checked against their sources, and no legal advice.

A *maintained* pack is on where its scope matches. A *template* is on when the production declares its agreement. A pack that is only
*watched* never judges: whoever releases where such a rule may bind reads its source, and keeps a copy with another name and tier among
the production's own packs. Severity: `info` and `warn` are listed, `disclose` holds delivery, `approve` holds publish and deliver,
`block` refuses; a rule whose confidence is below high asks for approval at most until the production adopts its pack. *Bites at*: the
gates that look at the rule. *Waivable*: by whom and for how many days at most.

Numbers: R1 origin and coverage, R2 person and consent, R3 license, archive and music, R4 model and dataset, R5 disclosure and credit,
R6 delivery, R7 ledger.
"""


def shipped() -> list[Pack]:
    """Every pack that ships: maintained ones first, our own before all."""
    packs = [read_pack(path.read_bytes(), name=path.name) for path in sorted(PACKS.glob("*.yaml"))]
    return sorted(packs, key=lambda pack: (TIERS.index(pack.header.tier), pack.id != "edgecode-desk", pack.id))


def page() -> str:
    """The whole page."""
    packs = shipped()
    head = HEAD.format(rules=sum(len(pack.rules) for pack in packs), packs=len(packs))
    return head + overview(packs) + "".join(section(pack) for pack in packs)


def overview(packs: list[Pack]) -> str:
    """Every pack in one table: what it rests on and when it judges."""
    lines = [
        "\n## The packs\n",
        "*Softened*: rules that would block, and ask for approval at most while the cap stands. *Verified*: who opened the sources,",
        "and when. What to read first stands in each pack's `must_verify`: `edgecode packs show PACK`.\n",
        "| pack | tier | kind of source | in force | judges when | rules | softened | verified |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(line_of, packs)]) + "\n"


def line_of(pack: Pack) -> str:
    """One pack of the overview."""
    header, force = pack.header, pack.header.in_force
    days = f"{force.since or '?'} to {force.until or 'open'}" if force.since or force.until else "not established"
    when = header.agreement or header.scope or "always"
    judges = "never" if header.tier == "watch" else "always" if when == "always" else f"`{cell(when)}`"
    softened = sum(severity_of(rule, header, adopted=False)[1] for rule in pack.rules)
    verified = f"{header.verified_by}, {header.last_verified}" if header.verified_by else "nobody"
    cells = [f"[{pack.id}](#{pack.id})", header.tier, header.authority.kind, days, judges]
    return f"| {' | '.join([*cells, str(len(pack.rules)), str(softened), verified])} |"


def section(pack: Pack) -> str:
    """One pack's heading and table."""
    header = pack.header
    lines = [
        f"\n## {pack.id}\n",
        f"{cell(header.title)} ({header.tier}, {header.version}). {cell(header.authority.issuer)}: {cell(header.authority.instrument)}; "
        f"{cell(header.edition)}.\n",
        "| rule | number | code | what it asks | severity | confidence | bites at | waivable |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [row(rule) for rule in pack.rules]
    return "\n".join(lines) + "\n"


def row(rule: Rule) -> str:
    """One rule."""
    asks = "; and ".join(cell(requirement.say) for requirement in rule.require)
    severity = f"{rule.severity}, always on" if rule.always else rule.severity
    waivable = "no" if rule.waivable is None else f"{', '.join(rule.waivable.by)}: {rule.waivable.max_days} days"
    cells = [rule.id, rule.number, rule.code, f"{cell(rule.title)}: *{asks}*", severity, rule.confidence]
    return f"| {' | '.join([*cells, ', '.join(rule.gates), waivable])} |"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", "\\|").replace("*", "\\*").replace("\n", " ")


def main() -> int:
    """Write the page, or with --check compare it; 1 when it differs."""
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("out of date: docs/reference/rules.md (run python dev/rules.py)")
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    print(f"{len(shipped())} packs written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
