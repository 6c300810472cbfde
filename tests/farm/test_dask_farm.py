"""A scan over a real Dask cluster: the record of a plain scan, also when workers are killed in the middle."""

import sys
import time
from pathlib import Path

import pytest

from edgecode.drivers.dask_farm import KEY_VARIABLE, DaskFarm, scheduler_of
from edgecode.drivers.key_files import create_key_file
from edgecode.errors import EdgecodeError, UnavailableError, UsageError
from edgecode.ingest.chunk_planning import ChunkSizes
from edgecode.production import Production
from edgecode.production.farming import Terms, read_on
from farm.dask_cluster import Cluster, running_cluster
from farm.farm_samples import NUMBER_OF_FILES, film, production_in, remembered
from running import run_command

pytest.importorskip("distributed")

ONE_BY_ONE = ChunkSizes(files=1)
TAKES = 24
TAKE_BYTES = 48 << 20


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A film and takes large enough that a worker can be killed within one; all settled when a cluster is up."""
    folder = film(tmp_path / "media")
    for number in range(TAKES):
        with (folder / f"take{number:02d}.mov").open("wb") as file:
            file.write(b"take %d" % number)
            file.truncate(TAKE_BYTES)
    time.sleep(2.1)
    return folder


def recorded_by(production: Production) -> list[object]:
    return [one.event for one in production.recorded()]


def plain(folder: Path, media: Path) -> list[object]:
    with production_in(folder) as production:
        production.scan([media])
        return recorded_by(production)


class Killer:
    """Kills workers as soon as so many chunks are done."""

    def __init__(self, cluster: Cluster, pids: list[int], *, after: int) -> None:
        self._cluster, self._pids, self._after = cluster, pids, after
        self.left = -1
        self.done = 0

    def __call__(self, done: int, of: int) -> None:
        """See `read_on`."""
        self.done = done
        if done == self._after:
            self.left = of - done
            for pid in self._pids:
                self._cluster.kill_worker(pid)


def test_a_cluster_gives_the_record_of_a_plain_scan_although_a_worker_is_killed_in_the_middle(
    tmp_path: Path, media: Path
) -> None:
    with running_cluster(tmp_path / "dask") as cluster, production_in(tmp_path / "farmed") as production:
        killer = Killer(cluster, [cluster.workers[0].pid], after=3)
        taken = read_on(production, DaskFarm(cluster.url), [media], sizes=ONE_BY_ONE, told=killer)
        production.scan()
        farmed = recorded_by(production)

    assert killer.left > TAKES
    assert taken.parts == taken.files == taken.again == killer.left + 3
    assert farmed == plain(tmp_path / "plain", media)


def test_without_any_worker_left_nothing_is_recorded_and_the_next_scan_goes_on(tmp_path: Path, media: Path) -> None:
    with running_cluster(tmp_path / "dask") as cluster, production_in(tmp_path / "farmed") as production:
        size = production.log.size
        killer = Killer(cluster, [worker.pid for worker in cluster.workers], after=4)
        with pytest.raises(UnavailableError) as caught:
            read_on(production, DaskFarm(cluster.url, patience_seconds=2), [media], sizes=ONE_BY_ONE, told=killer)
        kept, after = len(remembered(production)), production.log.size
        again = Killer(cluster, [], after=0)
        cluster.start_worker()
        taken = read_on(production, DaskFarm(cluster.url), [media], sizes=ONE_BY_ONE, told=again)
        production.scan()
        farmed = recorded_by(production)

    assert caught.value.code == "farm.no_workers"
    # The root got its name; of the media nothing is on record.
    assert after == size + 1
    assert kept == killer.done
    assert kept + taken.files == killer.left + 4
    assert farmed == plain(tmp_path / "plain", media)


def test_parts_that_went_with_their_worker_are_read_again_by_another(tmp_path: Path, media: Path) -> None:
    with running_cluster(tmp_path / "dask", workers=1) as cluster, production_in(tmp_path / "farmed") as production:

        def replace_worker(done: int, of: int) -> None:
            if done == 1:
                time.sleep(2)  # the next chunks are read meanwhile, and nobody has fetched their parts
                cluster.kill_worker(cluster.workers[0].pid)
                cluster.start_worker()

        taken = read_on(production, DaskFarm(cluster.url), [media], sizes=ONE_BY_ONE, told=replace_worker)

        assert taken.files == NUMBER_OF_FILES + TAKES


def test_parts_that_went_with_the_last_worker_hold_nobody_up(tmp_path: Path, media: Path) -> None:
    with running_cluster(tmp_path / "dask", workers=1) as cluster, production_in(tmp_path / "farmed") as production:

        def kill_worker(done: int, of: int) -> None:
            if done == 1:
                time.sleep(2)
                cluster.kill_worker(cluster.workers[0].pid)

        with pytest.raises(UnavailableError) as caught:
            read_on(production, DaskFarm(cluster.url, patience_seconds=1), [media], sizes=ONE_BY_ONE, told=kill_worker)

        assert caught.value.code == "farm.no_workers"


def test_a_scheduler_that_is_not_there_or_goes_away_is_said(tmp_path: Path, media: Path) -> None:
    with running_cluster(tmp_path / "dask") as cluster, production_in(tmp_path / "farmed") as production:

        def kill(done: int, of: int) -> None:
            cluster.kill_scheduler()

        with pytest.raises(UnavailableError) as gone:
            read_on(production, DaskFarm(cluster.url, patience_seconds=3), [media], sizes=ONE_BY_ONE, told=kill)
        with pytest.raises(UnavailableError) as absent:
            read_on(production, DaskFarm("dask://127.0.0.1:9"), [media])

    assert (gone.value.code, absent.value.code) == ("farm.unreachable", "farm.unreachable")


def test_workers_that_do_not_see_the_media_and_workers_without_the_key_are_said(tmp_path: Path, media: Path) -> None:
    signer = create_key_file(tmp_path / "w.key")
    key = f"file:{tmp_path / 'w.key'}"
    with (
        running_cluster(tmp_path / "dask", workers=1, **{KEY_VARIABLE: key}) as cluster,
        production_in(tmp_path / "farmed") as production,
    ):
        farm, sizes = DaskFarm(cluster.url), ChunkSizes()

        def code(terms: Terms) -> str:
            with pytest.raises(EdgecodeError) as caught:
                read_on(production, farm, [media], terms=terms, sizes=sizes)
            return f"{caught.value.code} {caught.value.sentence}"

        other = code(Terms(0, ("ab" * 32,)))
        taken = read_on(production, farm, [media], terms=Terms(0, (signer.public.hex(),)), sizes=sizes)
        with_other_mount = _wrong_mount(production, farm, media)

    assert other.startswith("parts.refused") and "[part.signer]" in other
    assert taken.files == len(taken.roots) * (NUMBER_OF_FILES + TAKES)
    assert with_other_mount == "chunk.mount_absent"


def _wrong_mount(production: Production, farm: DaskFarm, media: Path) -> str:
    """What workers say when the tree is gone between the planning and the reading."""

    class Moving:
        def parts_of(self, manifests: dict[int, bytes]) -> object:
            away = media.rename(media.with_name("gone"))
            try:
                yield from farm.parts_of(manifests)
            finally:
                away.rename(media)

    (media / "new.png").write_bytes(b"new")
    with pytest.raises(EdgecodeError) as caught:
        read_on(production, Moving(), [media])  # type: ignore[arg-type]
    return caught.value.code


def test_the_command_says_what_was_read_elsewhere(tmp_path: Path, media: Path) -> None:
    production_in(tmp_path / "show").close()
    with running_cluster(tmp_path / "dask", workers=1) as cluster:
        done = run_command("scan", str(media), "--on", cluster.url, cwd=tmp_path / "show")
        again = run_command("scan", str(media), "--on", cluster.url, cwd=tmp_path / "show")
    refused = run_command("scan", str(media), "--on", "ray://head:1", cwd=tmp_path / "show")

    assert (done.status, again.status, refused.status) == (0, 0, 2)
    assert f"{NUMBER_OF_FILES + TAKES} files of 1 parts were read elsewhere, 1 of them read again here" in done.err
    assert "recorded: nothing new" in again.out
    assert "[farm.url]" in refused.err


@pytest.mark.parametrize(
    "url", ["dask://", "dask://host", "tcp://host:1", "dask://host:port", "dask://u@host:1", "host:1"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        scheduler_of(url)
    assert caught.value.code == "farm.url"


def test_an_address_is_passed_on_with_its_transport() -> None:
    assert [scheduler_of("dask://h:8786"), scheduler_of("dask+tls://[::1]:8786/")] == [
        "tcp://h:8786",
        "tls://[::1]:8786",
    ]


def test_without_the_extra_the_scan_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UnavailableError) as caught:
        DaskFarm("dask://127.0.0.1:8786")

    assert caught.value.code == "extra.missing"
    assert "edgecode[dask]" in caught.value.remedy
