"""The corridor: a production opens, records, survives a crash between commit and signature, and its index is disposable."""

from pathlib import Path

import pytest

from edgecode.drivers.world import World
from edgecode.errors import InputError, NotFoundError, RefusedError, UsageError
from edgecode.events.kinds import (
    MediaFacts,
    StepFact,
    StepPerformed,
    StepWithdrawalFact,
    StepWithdrawn,
    TextSection,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.index.memory import Memory
from edgecode.ledger import merkle
from edgecode.ledger.growth import integrate
from edgecode.ledger.store import Batch
from edgecode.ledger.verify import Verdict
from edgecode.people.sealing import seal
from edgecode.production import Production, audit_of
from edgecode.production.inbox.sequencing import InboxWriter
from edgecode.settings import FILE_NAME, Settings, production_folder, read_settings, without_password, write_settings
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind

WORLD = World()


def version_seen(digest: str) -> VersionSeen:
    return VersionSeen(VersionFact(WORLD.new_id(), MediaFacts("still")), VersionBytes(digest * 64, 1))


def test_what_was_acknowledged_is_there_when_the_production_opens_again(tmp_path: Path) -> None:
    with Production.create(tmp_path / "show", title="A Show") as production:
        (index,) = production.append([version_seen("a")])
        point = production.ledger_point()

    with Production.open(tmp_path / "show") as production:
        (recorded,) = production.recorded(index, index + 1)

        assert (production.title(), production.ledger_point()) == ("A Show", point)
        assert recorded.leaf.type == "version.seen/1"


def test_a_crash_between_commit_and_signature_loses_nothing_and_is_no_forgery(tmp_path: Path) -> None:
    with Production.create(tmp_path / "show", title="A Show") as production:
        sealed = seal(
            version_seen("b"),
            id=WORLD.new_id(),
            ts=WORLD.milliseconds(),
            actor=production.signer.actor,
            keys=production.keys,
            production=production.settings.production,
            randomness=WORLD.randomness,
        )
        batch = Batch([sealed.leaf], [b"0123456789abcdef"], [(0, section) for section in sealed.sections])
        hashes = [merkle.leaf_hash(sealed.leaf)]
        production.ledger.append(
            batch,
            lambda head: integrate(
                head.size,
                head.stack,
                hashes,
                lambda level, first, end: [merkle.leaf_hash(x) for x in production.ledger.leaves(first, end)],
            ),
        )

    found, _ = audit_of(tmp_path / "show")

    assert (found.verdict, found.report.entries) == (Verdict.UNWITNESSED, 2)


def test_an_index_of_another_history_is_thrown_away(tmp_path: Path) -> None:
    with (
        Production.create(tmp_path / "one", title="One") as one,
        Production.create(tmp_path / "two", title="Two") as two,
    ):
        one.append([version_seen("c"), version_seen("d")])
        two.append([version_seen("e")])
    (tmp_path / "one" / ".edgecode" / "index.db").rename(tmp_path / "two" / ".edgecode" / "index.db")

    with Production.open(tmp_path / "two") as production:
        moved = production.index_dump()
        production.rebuild_index()

        assert (production.title(), moved) == ("Two", production.index_dump())


def test_two_writers_of_one_production_make_one_history(tmp_path: Path) -> None:
    with Production.create(tmp_path / "show", title="A Show") as one, Production.open(tmp_path / "show") as other:
        for round_ in range(5):
            one.append([version_seen(f"{round_}")])
            other.append([version_seen(f"{round_ + 5}")])
        one.catch_up()

        assert one.index_dump() == other.index_dump()
        assert audit_of(tmp_path / "show")[0].report.entries == 11


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    Production.create(tmp_path / "show", title="A Show").close()
    state = tmp_path / "show" / ".edgecode"

    assert [oct((state / name).stat().st_mode & 0o777) for name in ("signing.key", "keys.db")] == ["0o600", "0o600"]


def test_a_signing_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Production.create(tmp_path / "show", title="A Show").close()
    (tmp_path / "show" / ".edgecode" / "signing.key").chmod(0o644)

    with pytest.raises(RefusedError, match=r"secret\.readable"):
        Production.open(tmp_path / "show")


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
def test_a_folder_of_keys_that_others_can_write_to_is_refused_and_one_that_they_can_read_is_not(
    tmp_path: Path, mode: int
) -> None:
    Production.create(tmp_path / "show", title="A Show").close()
    state = tmp_path / "show" / ".edgecode"
    made = state.stat().st_mode & 0o777
    state.chmod(mode)
    for opens in (Production.open, InboxWriter):
        with pytest.raises(RefusedError, match=r"chmod 700.*secret\.folder"):
            opens(tmp_path / "show")
    state.chmod(0o755)
    Production.open(tmp_path / "show").close()

    assert oct(made) == "0o700"


@pytest.mark.parametrize("store", ["ledger", "keys", "index"])
def test_an_address_in_libpqs_other_words_is_refused_without_repeating_its_password(tmp_path: Path, store: str) -> None:
    for address in ("host=db password=sesame:open user=x", "sesame:open", "host=db password=sesame"):
        with pytest.raises(UsageError, match=r"postgresql://.*store\.scheme") as caught:
            Production.create(tmp_path / "show", title="A Show", stores={store: address})
        assert "sesame" not in str(caught.value)


def test_a_ledger_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    Production.create(tmp_path / "show", title="A Show").close()
    settings = read_settings(tmp_path / "show")
    write_settings(tmp_path / "show", Settings(settings.production, settings.title, settings.origin, "oracle:db"))

    with pytest.raises(UsageError, match=r"store\.scheme"):
        Production.open(tmp_path / "show")


def test_settings_go_round_whatever_the_names_hold(tmp_path: Path) -> None:
    names = ('Z:\\show "quoted"', "/mnt/Größe\n\x7f", "//server/share")
    settings = Settings(
        WORLD.new_id(),
        'A "title" \\ with all',
        "example.com/edgecode/x",
        "postgresql://u@db/show",
        roots={"r-1": names},
        keys="sqlite:keys of the show.db",
        index="postgresql://u@db/index?edgecode_schema=x",
        high_water="/other/disk",
        policy="policy.txt",
        publish_to="s3://bucket/show",
    )
    write_settings(tmp_path, settings)

    assert read_settings(tmp_path) == settings
    assert production_folder(tmp_path) == tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        "[production]\nid = 'x'\n",
        "[production]\nid = '01990000-0000-7000-8000-000000000000'\ntitle = 1\norigin = 'a'\n",
        "[production]\nid = '01990000-0000-7000-8000-000000000000'\ntitle = 'a'\norigin = 'a'\n[roots.r]\nnames = 'x'\n",
        "[production]\nid = '01990000-0000-7000-8000-000000000000'\ntitle = 'a'\norigin = 'a'\n[store]\nlegder = 'x'\n",
        "[production]\nid = '01990000-0000-7000-8000-000000000000'\ntitle = 'a'\norigin = 'a'\n[witnes]\npolicy = 'x'\n",
        "[production]\nid = '01990000-0000-7000-8000-000000000000'\ntitle = 'a'\norigin = 'a'\n[store]\nkeys = ''\n",
    ],
)
def test_settings_that_cannot_be_used_say_which_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "edgecode.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=r"settings\.invalid"):
        read_settings(tmp_path)


def test_settings_with_a_password_are_for_their_owner_and_stay_as_closed_as_they_were(tmp_path: Path) -> None:
    settings = Settings(WORLD.new_id(), "A Show", "example.com/edgecode/x", "postgresql://u:secret@db/show")
    write_settings(tmp_path, settings)
    new = (tmp_path / FILE_NAME).stat().st_mode & 0o777
    (tmp_path / FILE_NAME).chmod(0o640)
    write_settings(tmp_path, settings)

    assert (oct(new), oct((tmp_path / FILE_NAME).stat().st_mode & 0o777)) == ("0o600", "0o640")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:p@ss/w:rd@db:5432/show", "postgresql://ann:***@db:5432/show"),
        ("postgresql:///show?user=ann&password=x%20y&host=/tmp", "postgresql:///show?user=ann&password=***&host=/tmp"),
        ("postgresql://ann@[::1]:5432/show?passfile=/x", "postgresql://ann@[::1]:5432/show?passfile=/x"),
        ("sqlite:a:b@c.db", "sqlite:a:b@c.db"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_folder_is_one_root_under_all_its_names(tmp_path: Path) -> None:
    media = tmp_path / "media"
    (media / "plates").mkdir(parents=True)
    with Production.create(tmp_path / "show", title="A Show") as production:
        first = production.add_root(media)

        assert production.add_root(media / "plates").id == first.id
        assert production.add_root(tmp_path / "show").id != first.id
        with pytest.raises(NotFoundError, match=r"root\.not_found"):
            production.add_root(tmp_path / "nowhere")


def test_a_step_taken_back_is_open_again_and_rebuilding_says_the_same(tmp_path: Path) -> None:
    seen, step = version_seen("f"), WORLD.new_id()
    made = StepPerformed(StepFact(step, StepKind.PAINT, "record", Grade.LOGGED, (seen.fact.version,)))
    with Production.create(tmp_path / "show", title="A Show") as production:
        production.append([seen, made])
        with pytest.raises(NotFoundError, match=r"step\.unknown"):
            production.withdraw_step(WORLD.new_id(), note="never was")
        size = production.log.size
        production.withdraw_step(step, note="wrong frames")
        grown = production.index_dump()
        production.rebuild_index()
        (recorded,) = production.recorded(size)

        assert grown == production.index_dump()
        assert recorded.event == StepWithdrawn(StepWithdrawalFact(step), TextSection((("note", "wrong frames"),)))
        assert not Memory(production.index).producer_known(seen.fact.version)


@pytest.mark.parametrize(
    "domain", ["", "Studio.example", "studio.example.", "studio.example:443", "https://a", "a/b", "k\u00e9.example"]
)
def test_a_production_is_begun_under_a_plain_domain_or_none(tmp_path: Path, domain: str) -> None:
    with pytest.raises(InputError, match=r"production\.domain"):
        Production.create(tmp_path / "show", title="A Show", domain=domain)

    assert not (tmp_path / "show").exists()
