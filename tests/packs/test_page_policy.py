"""The page reads a policy as `ledger.policy` does: the same names are organisations, and the same quorums are reached."""

import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import chromium
from edgecode.answers.verify_page import verify_page
from edgecode.ledger import notes
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import Policy, PolicyError, keeper_unknown

pytestmark = chromium.needs_browser

NAMES = [
    *("guild.example", "GUILD.example", "guild.example.", ".guild.example", "guild..example", "guild.example:443"),
    *("https:", "guild.example%2Fw", "guild.example\\w", "guild.example@w", "guild_x.example", "-guild.example"),
    *(
        "guild-.example",
        "g\u0443ild.example",
        "guild.example\u00ad",
        "guild\u200b.example",
        "\u212a.example",
        "a" * 254,
    ),
    *("xn--9ca.example", "1-a.b--c.9", "log.invalid", "studio.example", "Studio.Example", "studio.example."),
]
ORIGINS = [
    "studio.example/log",
    "STUDIO.example",
    "studio.example./log",
    "studio.example:1/log",
    "log.invalid/1",
    "k\u00e9.example",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    file = tmp_path_factory.mktemp("page") / "verify.html"
    file.write_bytes(verify_page())
    with chromium.opened(tmp_path_factory.mktemp("profile")) as opened:
        opened.open(file, width=800, height=600)
        yield opened


def keys_of(name: str) -> VerifierKey:
    public = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32).public_key().public_bytes_raw()
    return VerifierKey(f"{name}/w", notes.COSIGNATURE_ED25519, public)


def here(name: str, origin: str) -> list[object]:
    key = keys_of(name)
    try:
        read = Policy.parse(f"witness w {key}\nquorum w\n".encode())
    except PolicyError:
        return ["refused"]
    reached, organisations, needed = read.judge({key.label: 1}, origin=origin)
    return [reached, list(organisations), needed, keeper_unknown(origin)]


def test_every_name_is_an_organisation_in_the_page_or_in_neither(page: chromium.Page) -> None:
    asked = [(name, origin) for name in NAMES for origin in ORIGINS]
    rows = [[f"witness w {keys_of(name)}\nquorum w\n", keys_of(name).label, origin] for name, origin in asked]
    told = page.value(
        f"""JSON.stringify({json.dumps(rows)}.map(([text, label, origin]) => {{
          try {{
            const found = judgeQuorum(parsePolicy(new TextEncoder().encode(text)), new Map([[label, 1]]), origin);
            return [found.reached, found.organisations, found.needed, keeperUnknown(origin)];
          }} catch {{ return ["refused"]; }}
        }}))"""
    )

    assert json.loads(str(told)) == [here(name, origin) for name, origin in asked]
    assert ["refused"] in json.loads(str(told))
