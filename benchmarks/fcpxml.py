"""How long a feature film as FCPXML takes from bytes to rows: 2,500 clips with connected ones, dissolves, compound clips and speeds.

Run: python benchmarks/fcpxml.py
"""

import time

from edgecode.index.sweep import ranges
from edgecode.ingest.editorial import read_cut

CLIPS = 2_500
_HEAD = (
    '<fcpxml version="1.11"><resources><format id="f" frameDuration="1001/24000s"/>'
    '<effect id="xd" name="Cross Dissolve" uid="FxPlug:4731E73A"/>'
)


def feature(clips: int = CLIPS) -> bytes:
    """A film of *clips* shots: every third with a connected sound, every tenth dissolved, retimed or a compound clip."""
    parts, assets, cursor = [], [], 0
    for number in range(clips):
        length = 40 + number * 7 % 90
        assets.append(
            f'<asset id="a{number}" name="A{number:04d}" uid="U{number:032X}" start="86400s" duration="400s" hasVideo="1" hasAudio="1"'
            f' format="f"><media-rep kind="original-media" sig="{number:032X}" src="file:///show/A{number:04d}.mov"/></asset>'
        )
        place = f'offset="{cursor * 1001}/24000s" start="86410s" duration="{length * 1001}/24000s"'
        inside = ""
        if number % 3 == 0:
            inside = f'<asset-clip ref="a{number // 2}" srcEnable="audio" lane="-1" offset="86410s" start="86400s" duration="2s"/>'
        if number % 10 == 4:
            parts.append(
                f'<transition name="Cross Dissolve" offset="{(cursor - 6) * 1001}/24000s" duration="{12 * 1001}/24000s">'
                '<filter-video ref="xd" name="Cross Dissolve"/></transition>'
            )
        if number % 10 == 7:
            parts.append(
                f'<ref-clip ref="c{number % 30}" name="VFX {number}" {place}/>'.replace('start="86410s"', 'start="1s"')
            )
        else:
            marks = '<adjust-transform scale="1.2 1.2"/><note>select</note>'
            parts.append(
                f'<asset-clip ref="a{number}" name="shot {number}" {place} audioRole="dialogue">{marks}{inside}</asset-clip>'
            )
        cursor += length
    compounds = "".join(
        f'<media id="c{number}"><sequence format="f" duration="60s" tcStart="0s"><spine><asset-clip ref="a{number}" offset="0s"'
        f' start="86400s" duration="60s"><video ref="a{number + 1}" lane="1" offset="86400s" start="86400s" duration="60s"/>'
        "</asset-clip></spine></sequence></media>"
        for number in range(30)
    )
    body = (
        f'<library><event><project name="Feature"><sequence format="f" tcStart="3600s" duration="{cursor * 1001}/24000s">'
        f"<spine>{''.join(parts)}</spine></sequence></project></event></library></fcpxml>"
    ).replace('tcStart="3600s"', 'tcStart="0s"')
    return (_HEAD + "".join(assets) + compounds + "</resources>" + body).encode()


def main() -> None:
    """Print the seconds."""
    data = feature()
    best = swept = 1e9
    for _ in range(3):
        began = time.perf_counter()
        [cut] = read_cut(data, name="feature.fcpxml")
        best = min(best, time.perf_counter() - began)
        began = time.perf_counter()
        found = ranges(cut.clips, cut.tracks)
        swept = min(swept, time.perf_counter() - began)
    print(
        f"{len(data) / 1e6:.1f} MB, {CLIPS} shots: {len(cut.clips)} rows in {best:.2f} s, {len(found)} ranges in {swept:.2f} s"
    )
    print(sorted({problem.code for problem in cut.diagnostics}))


if __name__ == "__main__":
    main()
