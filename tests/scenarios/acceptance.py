"""The acceptance scenarios, read once, and the packs that they are about."""

from pathlib import Path

from edgecode.checks.rules.pack import Pack
from edgecode.testing.scenario_files import Scenario, read_scenarios
from edgecode.testing.scenario_runs import ported_packs, rules_of

FILE = Path(__file__).parent / "acceptance.yaml"
"""As handed over with the contract; the copy here is compared with the original where that is at hand."""

PORTED: dict[str, Pack] = {pack.id: pack for pack in ported_packs()}
SCENARIOS: list[Scenario] = read_scenarios(FILE.read_bytes(), name=FILE.name, rules=rules_of(PORTED.values()))
