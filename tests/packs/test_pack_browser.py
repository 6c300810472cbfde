"""verify.html in a real Chromium with the network off: the same word as the installed verifier, shown with everything it rests on."""

import base64
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_pack_attacks import LIES, changed_answer, flipped

import chromium
from edgecode.answers.verify_page import verify_page
from edgecode.ledger.packs import ANSWER, HEAD, KEEPERS_POLICY, MANIFEST, PackReport, verify_pack
from edgecode.ledger.policy import Policy
from pack_samples import Packed, rewritten

pytestmark = chromium.needs_browser

MUTANTS = 300


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    with chromium.opened(tmp_path_factory.mktemp("profile")) as opened:
        opened.go_offline()
        yield opened


def shown(
    browser: chromium.Page,
    folder: Path,
    pack: bytes,
    *,
    policy: bytes = b"",
    width: int = 1280,
    dark: bool = False,
) -> str:
    """The word that the page shows for a pack, chosen as a person does."""
    page = folder / "verify.html"
    page.write_bytes(verify_page())
    (folder / "pack.zip").write_bytes(pack)
    browser.messages.clear()
    browser.asked.clear()
    browser.open(page, width=width, height=900, dark=dark)
    if policy:
        (folder / "policy.txt").write_bytes(policy)
        browser.choose("#policy-file", folder / "policy.txt")
    browser.choose("#pack", folder / "pack.zip")
    for _ in range(600):
        word = browser.value("document.documentElement.dataset.verdict || ''")
        if word:
            assert browser.value("document.getElementById('word').innerText") == word
            return str(word)
        time.sleep(0.02)
    raise AssertionError(f"no word: {browser.messages}")


def text(browser: chromium.Page, element: str) -> str:
    return str(browser.value(f"document.getElementById('{element}').innerText"))


def judged_by_script(browser: chromium.Page, data: bytes, policy: bytes) -> tuple[str, list[list[str]]]:
    """Word and (code, object) of every finding, from the page's own script."""
    written, trusted = base64.b64encode(data).decode(), base64.b64encode(policy).decode()
    found = browser.value(
        f"""(async () => {{
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const policy = "{trusted}" ? await parsePolicy(bytes("{trusted}")) : null;
          const report = await verifyPack(bytes("{written}"), policy);
          return [report.word, report.findings.map((finding) => [finding.code, finding.object])];
        }})()"""
    )
    assert isinstance(found, list)
    return str(found[0]), sorted(found[1])


def judged_here(report: PackReport) -> tuple[str, list[list[str]]]:
    return report.verdict.name, sorted([finding.code, finding.object] for finding in report.findings)


def test_the_demo_is_witnessed_with_an_outside_policy_and_the_network_off(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path
) -> None:
    word = shown(browser, tmp_path, demo_pack.data, policy=demo_pack.policy.encode())

    assert word == "WITNESSED"
    assert "guild.example signed; 1 organization needed" in text(browser, "facts")
    assert text(browser, "six").startswith("2,160\nframes in the cut")
    assert browser.value("report.seconds < 1") is True
    assert (browser.messages, browser.asked) == ([], [(tmp_path / "verify.html").as_uri()])


def test_without_a_policy_the_word_is_unwitnessed_and_says_whose_keys(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path
) -> None:
    assert shown(browser, tmp_path, demo_pack.data) == "UNWITNESSED"
    assert "whose they are, nothing here can tell" in text(browser, "facts")


def test_a_pasted_key_is_judged_as_one(browser: chromium.Page, demo_pack: Packed, tmp_path: Path) -> None:
    shown(browser, tmp_path, demo_pack.data)
    browser.value(
        f"(() => {{ const box = document.getElementById('policy-text'); box.value = '{demo_pack.key}'; "
        "box.dispatchEvent(new Event('change')); })()"
    )
    for _ in range(300):
        if "none asked for" in text(browser, "facts"):
            break
        time.sleep(0.02)

    assert "none asked for by the policy given" in text(browser, "facts")
    assert text(browser, "word") == "UNWITNESSED"


def test_a_changed_number_is_named_and_the_page_says_to_trust_nothing_below(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path
) -> None:
    place = demo_pack.data.index(b'"unaccounted":') + 14
    word = shown(browser, tmp_path, flipped(demo_pack.data, place * 8))

    assert word == "INVALID"
    assert ANSWER in text(browser, "findings")
    assert browser.value("!document.getElementById('six-warn').hidden") is True


def test_every_range_of_the_picture_is_listed_with_its_entries(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path
) -> None:
    shown(browser, tmp_path, demo_pack.data)
    frames = browser.value(
        "[...document.querySelectorAll('#ranges table')[0].tBodies[0].rows].map((r) => +r.cells[2].textContent)"
    )

    assert isinstance(frames, list)
    assert sum(frames) == 2_160


@pytest.mark.parametrize("width", [390, 760, 1280, 1440])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_off_the_page_at_any_width(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path, width: int, dark: bool
) -> None:
    shown(browser, tmp_path, demo_pack.data, width=width, dark=dark)

    assert browser.value("document.documentElement.scrollWidth") == width


def test_everything_can_be_reached_with_the_keyboard(browser: chromium.Page, demo_pack: Packed, tmp_path: Path) -> None:
    shown(browser, tmp_path, demo_pack.data)
    browser.value("document.activeElement.blur()")
    reached = []
    for _ in range(8):
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
        browser.call("Input.dispatchKeyEvent", type="keyUp", key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(browser.value("document.activeElement.id || document.activeElement.tagName"))

    assert {"pack", "policy-file", "policy-text", "SUMMARY"} & set(map(str, reached)) >= {"SUMMARY"}


def test_hostile_texts_run_nothing(browser: chromium.Page, tiny: Packed, tmp_path: Path) -> None:
    def hostile(answer: dict) -> None:
        answer["coverage"]["production"] = "<img src=x onerror=alert(1)>"
        answer["ranges"][0]["ai"] = "<script>alert(1)</script>"

    shown(browser, tmp_path, changed_answer(tiny, hostile))

    assert "<img src=x onerror=alert(1)>" in str(browser.value("document.getElementById('six-title').textContent"))
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.messages == []


def test_the_page_and_the_installed_verifier_say_the_same_of_every_mutant(
    browser: chromium.Page, tiny: Packed, tmp_path: Path
) -> None:
    shown(browser, tmp_path, tiny.data)
    chance = random.Random(12)
    policy = tiny.policy.encode()
    mutants = [tiny.data, b"", b"PK\x03\x04", tiny.data[:-3], tiny.data + b"x"]
    mutants += [changed_answer(tiny, lie) for lie in LIES]
    mutants += [flipped(tiny.data, chance.randrange(len(tiny.data) * 8)) for _ in range(MUTANTS - 120)]
    for name in chance.choices(list(tiny.members), k=60):
        data = tiny.members[name] or b"x"
        mutants.append(
            rewritten(
                tiny,
                {name: flipped(data, chance.randrange(len(data) * 8))},
                relist=chance.random() < 0.5 and name != MANIFEST,
            )
        )
    for name in tiny.members:
        mutants.append(rewritten(tiny, {name: None}, relist=name != MANIFEST))
    unlike = []
    for number, data in enumerate(mutants):
        trusted = policy if number % 3 else b""
        theirs = judged_by_script(browser, data, trusted)
        ours = judged_here(verify_pack(data, Policy.parse(trusted) if trusted else None))
        if theirs != ours:
            unlike.append((number, theirs, ours))
    print(f"\npage against installed verifier: {len(mutants)} mutants, {len(unlike)} judged differently")

    assert unlike == []


def test_a_cosignature_that_the_browser_cannot_judge_is_said_and_never_counts(
    browser: chromium.Page, tiny: Packed, tmp_path: Path
) -> None:
    mldsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.mldsa")
    from edgecode.ledger.notes import COSIGNATURE_ML_DSA_44, Note, Signature, VerifierKey, cosigned_message
    from witness_samples import policy as policy_of

    private = mldsa.MLDSA44PrivateKey.generate()
    key = VerifierKey("estate.example/w", COSIGNATURE_ML_DSA_44, private.public_key().public_bytes_raw())
    note = Note.parse(tiny.members[HEAD])
    signature = (5).to_bytes(8, "big") + private.sign(cosigned_message(key, note.text, seconds=5))
    head = note._replace(signatures=(*note.signatures, Signature(key.name, key.id, signature))).encode()
    moved = {
        name: data.replace(tiny.members[HEAD], head)
        for name, data in tiny.members.items()
        if name.startswith("seal/") and tiny.members[HEAD] in data
    }
    pack = rewritten(tiny, moved, relist=False)
    trusted = policy_of([tiny.key], {"e": key}, "quorum e")

    word = shown(browser, tmp_path, pack, policy=trusted.encode())

    assert (verify_pack(pack, trusted).verdict.name, word) == ("WITNESSED", "UNWITNESSED")
    assert "ML-DSA cosignatures of estate.example/w" in text(browser, "facts")


def test_the_forged_policy_in_a_pack_makes_no_witness_in_the_page_either(
    browser: chromium.Page, tiny: Packed, tmp_path: Path
) -> None:
    assert shown(browser, tmp_path, rewritten(tiny, {KEEPERS_POLICY: tiny.policy.encode()})) == "INVALID"
