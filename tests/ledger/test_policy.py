"""Policies: one reading of each file, every refusal a sentence with its line, and organisations counted instead of keys."""

from itertools import combinations
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edgecode.ledger import notes
from edgecode.ledger.notes import VerifierKey
from edgecode.ledger.policy import (
    GroupLine,
    LogLine,
    Policy,
    PolicyError,
    Quorum,
    WitnessLine,
    is_domain,
    keeper_unknown,
    organisation,
)
from witness_samples import policy

ORIGIN = "studio.example/edgecode/1"


def public(seed: int) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big")).public_key().public_bytes_raw()


def log_key(seed: int, origin: str = ORIGIN) -> VerifierKey:
    return VerifierKey(origin, notes.ED25519, public(seed))


def witness_key(seed: int, name: str) -> VerifierKey:
    return VerifierKey(name, notes.COSIGNATURE_ED25519, public(seed))


LOG = log_key(1)
GUILD, GUILD_2 = witness_key(2, "guild.example/w1"), witness_key(3, "guild.example/w2")
ESTATE, INSURER = witness_key(4, "estate.example/w1"), witness_key(5, "insurer.example/w1")
OWN = witness_key(6, "studio.example/w1")
NAMED: dict[str, VerifierKey | str] = {"g1": GUILD, "g2": GUILD_2, "e": ESTATE, "i": INSURER, "own": OWN}


def judged(quorum: str, *signed: VerifierKey, origin: str = ORIGIN) -> Quorum:
    return policy([LOG], NAMED, quorum).judge({key.label: 1 for key in signed}, origin=origin)


# ------------------------------------------------------------------------------------------ reading


def test_a_policy_reads_as_the_standard_writes_it() -> None:
    text = f"""# whom we trust
  log {LOG}\thttps://log.example/
witness g1  {GUILD} https://guild.example/witness
\twitness e {ESTATE}

   # two of these
group both all g1 e
quorum both
"""

    assert Policy.parse(text.encode()) == Policy(
        (LogLine(LOG, "https://log.example/"),),
        (WitnessLine("g1", GUILD, "https://guild.example/witness"), WitnessLine("e", ESTATE)),
        (GroupLine("both", 2, ("g1", "e")),),
        "both",
    )


def test_names_are_octets_so_the_kelvin_sign_is_no_k() -> None:
    text = f"witness K {GUILD}\nwitness \u212a {ESTATE}\nquorum \u212a\n"
    read = Policy.parse(text.encode())
    latin = Policy.parse(b"witness \xe9 " + str(GUILD).encode() + b"\nquorum \xe9\n")

    assert [line.name for line in read.witnesses] == ["K", "\u212a"]
    assert latin.encode() == b"witness \xe9 " + str(GUILD).encode() + b"\nquorum \xe9\n"


def test_more_than_32_logs_witnesses_and_groups_are_read() -> None:
    logs = "".join(f"log {log_key(seed, f'studio.example/{seed}')}\n" for seed in range(100, 140))
    witnesses = "".join(f"witness w{seed} {witness_key(seed, f'o{seed}.example/w')}\n" for seed in range(200, 240))
    groups = "group g200 all w200\n" + "".join(f"group g{n} all g{n - 1} w{n}\n" for n in range(201, 240))
    read = Policy.parse((logs + witnesses + groups + "quorum g239\n").encode())

    assert (len(read.logs), len(read.witnesses), len(read.groups), read.needed) == (40, 40, 40, 40)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "the file ends without a quorum line"),
        ("log LOG\n", 2, "the file ends without a quorum line"),
        ("quorum none", 1, "it does not end in a newline"),
        ("quorum none\r\n", 1, "the control character 0x0d; lines end in a newline alone"),
        ("\nquorum\x0bnone\n", 2, "the control character 0x0b; lines end in a newline alone"),
        ("quorum none\x7f\n", 1, "the control character 0x7f; lines end in a newline alone"),
        ("quorum none\nquorum none\n", 2, "there is a quorum line already"),
        ("quorum all\n", 1, "no earlier line defines 'all'"),
        ("quorum g\ngroup g all w\n", 1, "no earlier line defines 'g'"),
        ("witness none GUILD\n", 1, "the name 'none' is reserved"),
        ("witness w GUILD\ngroup none all w\n", 2, "the name 'none' is reserved"),
        ("witness w GUILD\ngroup g all none\n", 2, "no earlier line defines 'none'"),
        ("witness w GUILD\nwitness w ESTATE\n", 2, "the name 'w' is taken by an earlier line"),
        ("witness w GUILD\ngroup w all w\n", 2, "the name 'w' is taken by an earlier line"),
        ("witness w GUILD\ngroup g all g\n", 2, "no earlier line defines 'g'"),
        ("witness w GUILD\ngroup g all w w\n", 2, "'w' is a member already; each name is one once"),
        ("witness w GUILD\ngroup g all w\ngroup h all w\n", 3, "'w' is a member already; each name is one once"),
        ("witness w GUILD\ngroup g 0 w\n", 2, "'0' is no count from 1 to the 1 members, nor any, nor all"),
        ("witness w GUILD\ngroup g 2 w\n", 2, "'2' is no count from 1 to the 1 members, nor any, nor all"),
        ("witness w GUILD\ngroup g 01 w\n", 2, "'01' is no count from 1 to the 1 members, nor any, nor all"),
        ("witness w GUILD\ngroup g ALL w\n", 2, "'ALL' is no count from 1 to the 1 members, nor any, nor all"),
        ("log LOG\nlog LOG\n", 2, "its key stands in an earlier line already"),
        ("log LOG\nlog LOG-RENAMED\n", 2, "its key stands in an earlier line already"),
        ("witness w GUILD\nwitness v GUILD-RENAMED\n", 2, "its key stands in an earlier line already"),
        ("log LOG\nwitness v LOG-AS-WITNESS\n", 2, "its key stands in an earlier line already"),
        ("log GUILD\n", 1, "a key of the kind 4 cannot sign as this"),
        ("witness w LOG\n", 1, "a key of the kind 1 cannot sign as this"),
        ("log nonsense\n", 1, "its key cannot be used: not in the form the standard asks for: a verifier key"),
        (
            "group g all\n",
            1,
            "it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME",
        ),
        (
            "log LOG u v\n",
            1,
            "it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME",
        ),
        (
            "trust LOG\n",
            1,
            "it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME",
        ),
        (
            "quorum none # all\n",
            1,
            "it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME",
        ),
    ],
)
def test_what_the_standard_does_not_allow_is_refused_with_its_line(text: str, line: int, why: str) -> None:
    keys = {
        "LOG-RENAMED": VerifierKey("other.example", notes.ED25519, LOG.public),
        "LOG-AS-WITNESS": VerifierKey("other.example", notes.COSIGNATURE_ED25519, LOG.public),
        "GUILD-RENAMED": VerifierKey("other.example", notes.COSIGNATURE_ED25519, GUILD.public),
        "LOG": LOG,
        "GUILD": GUILD,
        "ESTATE": ESTATE,
    }
    for name, key in keys.items():
        text = text.replace(name, str(key))

    with pytest.raises(PolicyError) as refused:
        Policy.parse(text.encode())
    assert refused.value.sentence == f"policy, line {line}: {why}"


def test_several_keys_of_one_log_are_all_trusted_in_their_order() -> None:
    read = Policy.of_keys(LOG, log_key(9), log_key(10, "other.example/log"))

    assert read.log_keys(ORIGIN) == (LOG, log_key(9))
    assert read.log_keys("nobody.example") == ()
    assert read.of_logs(log_key(9)).log_keys(ORIGIN) == (log_key(9),)


# ------------------------------------------------------------------------------------------ judging


def test_organisations_are_counted_and_not_keys() -> None:
    assert judged("group g 2 g1 g2 e\nquorum g", GUILD, GUILD_2) == (False, ("guild.example",), 2)
    assert judged("group g 2 g1 g2 e\nquorum g", GUILD, ESTATE) == (True, ("estate.example", "guild.example"), 2)


def test_the_keepers_own_organisation_counts_for_nothing() -> None:
    assert judged("quorum own", OWN) == (False, (), 1)
    assert judged("group g 2 g1 own\nquorum g", GUILD, OWN) == (False, ("guild.example",), 2)
    assert judged("group g any g1 own\nquorum g", OWN, origin="Studio.Example/edgecode/9") == (False, (), 1)
    assert judged("quorum own", OWN, origin="other.example/edgecode/1") == (True, ("studio.example",), 1)


def test_a_witness_that_the_quorum_does_not_name_adds_no_organisation() -> None:
    assert judged("group g 2 g1 g2\nquorum g", GUILD, GUILD_2, ESTATE) == (False, ("guild.example",), 2)


def test_a_quorum_of_none_is_never_reached() -> None:
    assert judged("quorum none", GUILD, ESTATE) == (False, (), 0)


def test_of_two_keys_of_one_name_only_the_one_that_signed_has_signed() -> None:
    twin = witness_key(7, "guild.example/w1")
    both = policy([LOG], {"a": GUILD, "b": twin}, "group g all a b\nquorum g")

    assert both.judge({GUILD.label: 1}, origin=ORIGIN) == (False, ("guild.example",), 2)


def test_the_spelling_of_a_domain_makes_no_second_organisation() -> None:
    assert organisation("Guild.EXAMPLE/w1") == organisation("guild.example") == "guild.example"


PLAIN = ["guild.example", "xn--9ca.example", "a", "1-a.b--c.9", "log.invalid", "GUILD.Example"]
OTHER_SPELLINGS = [
    "guild.example.",
    ".guild.example",
    "guild..example",
    "guild.example:443",
    "https:",
    "guild.example%2Fw2",
    "guild.example\\w2",
    "guild.example#w2",
    "guild.example@w3",
    "guild_x.example",
    "-guild.example",
    "guild-.example",
    "g\u0443ild.example",
    "guild.example\u00ad",
    "guild\u200b.example",
    "\u212a.example",
    "\u00e9.example",
    "a" * 254,
    "",
]


@pytest.mark.parametrize("name", OTHER_SPELLINGS)
def test_a_witness_whose_organisation_is_spelled_in_another_way_is_refused(name: str) -> None:
    text = f"witness w {witness_key(2, f'{name}/w1')}\nquorum w\n"

    with pytest.raises(PolicyError) as refused:
        Policy.parse(text.encode())
    assert refused.value.sentence == (
        "policy, line 1: its key's name begins with no plain domain (a to z, 0 to 9, hyphens, single dots)"
    )


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_domain_is_an_organisation_whatever_its_case(name: str) -> None:
    key = witness_key(2, f"{name}/w1")

    assert policy([LOG], {"w": key}, "quorum w").judge({key.label: 1}, origin=ORIGIN) == (True, (name.lower(),), 1)


@pytest.mark.parametrize("name", [name for name in OTHER_SPELLINGS if name])
def test_a_log_whose_name_begins_with_no_plain_domain_is_witnessed_by_nobody(name: str) -> None:
    judged_now = judged("quorum g1", GUILD, origin=f"{name}/log")

    assert (judged_now, keeper_unknown(f"{name}/log"), is_domain(name)) == ((False, (), 1), True, False)


def test_under_invalid_the_keeper_is_unknown_and_witnesses_count() -> None:
    asked = [
        "log.invalid/edgecode/1",
        "Log.INVALID/x",
        "invalid/x",
        "a.b.invalid",
        "valid.example/invalid",
        "notinvalid/x",
    ]

    assert [keeper_unknown(origin) for origin in asked] == [True, True, True, True, False, False]
    assert judged("quorum g1", GUILD, origin="log.invalid/edgecode/1") == (True, ("guild.example",), 1)


def random_policy(random: Random) -> Policy:
    """Up to seven witnesses of up to four organisations in a random tree of groups."""
    organisations = ["studio.example", "guild.example", "estate.example", "insurer.example"]
    names = [f"w{number}" for number in range(random.randint(1, 7))]
    lines = [f"log {LOG}\n"]
    for number, name in enumerate(names):
        lines.append(f"witness {name} {witness_key(50 + number, f'{random.choice(organisations)}/{name}')}\n")
    free = list(names)
    for number in range(random.randint(0, 4)):
        members = random.sample(free, random.randint(1, len(free)))
        free = [name for name in free if name not in members] + [f"g{number}"]
        count = random.choice(["any", "all", str(random.randint(1, len(members)))])
        lines.append(f"group g{number} {count} {' '.join(members)}\n")
    lines.append(f"quorum {random.choice([*free, 'none'])}\n")
    return Policy.parse("".join(lines).encode())


def holds(read: Policy, name: str, signed: set[str]) -> bool:
    """The standard's rule, word for word."""
    for line in read.groups:
        if line.name == name:
            return sum(holds(read, member, signed) for member in line.members) >= line.threshold
    return name in signed


def below(read: Policy, name: str) -> set[str]:
    members = next((line.members for line in read.groups if line.name == name), None)
    return {name} if members is None else set().union(*(below(read, member) for member in members))


@given(st.integers(0, 2**32))
def test_a_random_policy_is_judged_as_by_trying_every_set_of_witnesses(seed: int) -> None:
    read = random_policy(Random(seed))
    keys = {line.name: line.key for line in read.witnesses}
    every = [set(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]
    fewest = min((len(some) for some in every if read.quorum != "none" and holds(read, read.quorum, some)), default=0)

    for signed in every:
        counted = {name for name in signed if organisation(keys[name].name) != "studio.example"}
        found = {organisation(keys[name].name) for name in counted & below(read, read.quorum)}
        reached = read.quorum != "none" and holds(read, read.quorum, counted) and len(found) >= fewest
        cosigned = {keys[name].label: 1 for name in signed}
        assert read.judge(cosigned, origin=ORIGIN) == Quorum(reached, tuple(sorted(found)), fewest)


@given(st.integers(0, 2**32))
def test_a_policy_reads_back_as_it_was_written(seed: int) -> None:
    read = random_policy(Random(seed))

    assert Policy.parse(read.encode()) == read


@given(st.one_of(st.binary(max_size=200), st.text("logwitnessgroupquorumnonealy 12#\t\n").map(str.encode)))
def test_any_bytes_are_a_policy_or_refused_as_none(data: bytes) -> None:
    try:
        read = Policy.parse(data)
    except PolicyError:
        return
    assert Policy.parse(read.encode()) == read


def test_no_flip_of_a_bit_makes_a_policy_that_trusts_another_key_or_is_met_by_nobody() -> None:
    data = policy([LOG], {"g1": GUILD, "e": ESTATE}, "group g all g1 e\nquorum g").encode()
    trusted = Policy.parse(data).known_keys()
    weaker = []
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        try:
            read = Policy.parse(bytes(flipped))
        except PolicyError:
            continue
        if not set(read.known_keys()) <= set(trusted) or read.judge({}, origin=ORIGIN).reached:
            weaker.append(bit)

    assert weaker == []
