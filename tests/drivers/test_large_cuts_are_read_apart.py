"""A large file of any format is read in a process with limits of time and memory, and reads as it would here."""

from edgecode.drivers.apart import CutsApart
from edgecode.ingest.editorial.reading import read_cut
from edgecode.production.doors.readers import LARGE_BYTES, LargeApart, cut_readers
from exchange_samples import DISSOLVED

LARGE = DISSOLVED.replace(b"</xmeml>", b"<!-- " + b"x" * LARGE_BYTES + b" --></xmeml>")


def test_every_shipped_reader_reads_large_files_apart() -> None:
    assert {type(one) for one in cut_readers() if one.name != "aaf"} >= {LargeApart}
    assert all(isinstance(one, (LargeApart, CutsApart)) for one in cut_readers()[:7])


def test_a_large_file_reads_apart_as_it_does_here() -> None:
    (here,) = read_cut(LARGE, name="reel.xml")
    apart = next(one for one in cut_readers() if one.name == "fcp7")

    assert apart.read(LARGE, name="reel.xml") == [here]
