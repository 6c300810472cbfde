"""verify.html in a real Chromium with the network off: the same word as the installed verifier, shown with everything it rests on."""

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lying_keeper import LIES as TOLD
from lying_keeper import Keeper
from test_pack_attacks import LIES, changed_answer, flipped
from test_pack_zip import MEMBERS, many, with_wide_records

import chromium
from edgecode.answers.verify_page import verify_page
from edgecode.ledger.packs import ANSWER, HEAD, KEEPERS_POLICY, MANIFEST, PackReport, verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.zips import MAX_PLAIN, read_zip, write_zip
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
    reopen: bool = True,
) -> str:
    """The word that the page shows for a pack, chosen as a person does."""
    page = folder / "verify.html"
    page.write_bytes(verify_page())
    (folder / "pack.zip").write_bytes(pack)
    browser.messages.clear()
    browser.asked.clear()
    if reopen:
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


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    made = Keeper(tmp_path_factory.mktemp("keeper") / "show")
    yield made
    made.show.close()


def test_the_page_finds_every_lie_of_a_keeper_that_python_finds(
    browser: chromium.Page, keeper: Keeper, tmp_path: Path
) -> None:
    shown(browser, tmp_path, keeper.pack().data)
    unlike = []
    for name, lie in {"honest": None, **TOLD}.items():
        pack = keeper.pack(lie)
        here, there = (
            judged_here(verify_pack(pack.data, pack.policy)),
            judged_by_script(browser, pack.data, pack.policy.encode()),
        )
        unlike += [(name, here, there)] if here != there or (lie is None) != (here[0] == "WITNESSED") else []

    assert unlike == []


def test_nothing_of_a_pack_stays_on_the_page_under_the_word_of_the_next(
    browser: chromium.Page, keeper: Keeper, tmp_path: Path
) -> None:
    shown(browser, tmp_path, keeper.pack().data)
    browser.value("document.documentElement.dataset.verdict = ''")
    (tmp_path / "second").mkdir()
    word = shown(browser, tmp_path / "second", keeper.pack(TOLD["no six numbers"]).data, reopen=False)

    assert word == "INVALID"
    assert browser.value("document.getElementById('ranges').innerText + document.getElementById('six').innerText") == ""


def test_a_proof_of_many_bytes_is_judged_and_named(browser: chromium.Page, tiny: Packed, tmp_path: Path) -> None:
    name = next(name for name in tiny.members if name.startswith("seal/proofs/"))
    data = rewritten(tiny, {name: b"a" * 300_000 + b"\n\nx"}, relist=False)
    shown(browser, tmp_path, tiny.data)

    assert judged_by_script(browser, data, b"") == judged_here(verify_pack(data))


def test_the_page_says_how_old_the_answer_is(browser: chromium.Page, tiny: Packed, tmp_path: Path) -> None:
    shown(browser, tmp_path, tiny.data)

    assert "given at 6 entries; the head has 7; the pack was made at entry 6" in text(browser, "facts")


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


# FIPS 180-4's examples (NIST, "Secure Hash Algorithm - Examples with Intermediate Values"), the empty message of the CAVP byte tests,
# and RFC 4231's first two cases of HMAC.
SHA256_VECTORS = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    ("a" * 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
]
HMAC_VECTORS = [
    ("\x0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    ("Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
]


def test_the_pages_own_sha256_and_hmac_say_what_was_published(browser: chromium.Page, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    hashed = browser.value(
        f"{json.dumps([text for text, _ in SHA256_VECTORS])}.map((text) => hex(sha256(ascii(text))))"
    )
    keyed = browser.value(
        f"{json.dumps([[key, text] for key, text, _ in HMAC_VECTORS])}.map(([key, text]) => hex(hmacSha256(ascii(key), ascii(text))))"
    )

    assert hashed == [digest for _, digest in SHA256_VECTORS]
    assert keyed == [digest for *_, digest in HMAC_VECTORS]


def test_the_pages_own_sha256_agrees_with_two_others_at_every_length_around_its_blocks(
    browser: chromium.Page, tmp_path: Path
) -> None:
    opened(browser, tmp_path)
    data = random.Random(4).randbytes(4_096)
    lengths = [*range(260), 1_023, 1_024, 4_095, 4_096]
    found = browser.value(
        f"""(async () => {{
          const data = ascii(atob("{base64.b64encode(data).decode()}")), salt = data.subarray(0, 32), found = [];
          for (const length of {lengths}) {{
            const piece = data.subarray(0, length), theirs = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", piece)));
            found.push([hex(sha256(piece)), theirs, hex(hmacSha256(salt, piece))]);
          }}
          return found;
        }})()"""
    )
    expected = [
        [hashlib.sha256(data[:n]).hexdigest()] * 2 + [hmac.digest(data[:32], data[:n], "sha256").hex()] for n in lengths
    ]

    assert found == expected


def walked_by_script(browser: chromium.Page, data: bytes) -> list[object]:
    """The number of members, and the object of every finding, that the page's own reader of zips says of a file."""
    found = browser.value(
        f"""(() => {{
          const read = readZip(ascii(atob("{base64.b64encode(data).decode()}")));
          return [read.members.size, read.whole, read.findings.map((finding) => [finding.object, finding.what])];
        }})()"""
    )
    assert isinstance(found, list)
    return found


def walked_here(data: bytes) -> list[object]:
    read = read_zip(data)
    return [len(read.members), read.whole, [[one.object, one.what] for one in read.findings]]


def test_the_page_reads_the_64_bit_records_as_the_installed_verifier_does(
    browser: chromium.Page, tmp_path: Path
) -> None:
    opened(browser, tmp_path)
    large = write_zip(many(70_000))
    wide = len(large) - 98
    whole = [large, write_zip(many(MAX_PLAIN)), write_zip(many(MAX_PLAIN + 1)), write_zip(MEMBERS)]
    damaged = [flipped(large, (wide + place) * 8 + place % 8) for place in range(0, 98, 14)]
    damaged += [large[:wide] + large[-22:], large[:-1], large + b"x", large[:wide] + large[wide + 56 :]]
    damaged += [with_wide_records(write_zip(MEMBERS), len(MEMBERS), see=see) for see in (False, True)]

    assert [walked_by_script(browser, data) for data in whole] == [
        [count, True, []] for count in (70_000, MAX_PLAIN, MAX_PLAIN + 1, len(MEMBERS))
    ]
    assert [walked_by_script(browser, data) for data in damaged] == [walked_here(data) for data in damaged]
    assert [data for data in damaged if not walked_here(data)[2]] == []


def opened(browser: chromium.Page, folder: Path, *, width: int = 1280) -> None:
    """The page alone, before anybody gives it a pack."""
    (folder / "verify.html").write_bytes(verify_page())
    browser.open(folder / "verify.html", width=width, height=900)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_alone_says_in_one_sentence_what_to_give_it(
    browser: chromium.Page, tmp_path: Path, width: int
) -> None:
    opened(browser, tmp_path, width=width)

    assert "Drop the file that you were handed, edgecode-pack-….zip as it is, anywhere on this page." in str(
        browser.value("document.querySelector('.lead').innerText")
    )
    assert (
        browser.value("[...document.querySelectorAll('#result, #details, #working')].every((e) => !e.offsetHeight)")
        is True
    )
    assert browser.value("document.documentElement.scrollWidth") == width


def test_the_page_shows_how_far_it_is_while_it_works_and_no_more_once_the_word_is_there(
    browser: chromium.Page, demo_pack: Packed, tmp_path: Path
) -> None:
    opened(browser, tmp_path)
    browser.value(
        "(() => { globalThis.seen = []; new MutationObserver(() => seen.push(byId('doing').textContent))"
        ".observe(byId('doing'), { childList: true, characterData: true, subtree: true }); })()"
    )
    shown(browser, tmp_path, demo_pack.data, reopen=False)

    assert browser.value("[seen[0], byId('working').hidden]") == ["Reading the pack …", True]
