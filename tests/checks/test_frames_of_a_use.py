"""How many frames of a cut a use lies in."""

from hypothesis import given
from hypothesis import strategies as st

from edgecode.checks.uses import Span, Use
from edgecode.terms.evidence import Visibility


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(0, 3)), max_size=8))
def test_a_frame_counts_once_however_many_clips_show_a_use_in_it(drawn: list[tuple[int, int, int]]) -> None:
    spans = tuple(Span(first, first + frames, clip, 0, "picture", Visibility.CERTAIN) for first, frames, clip in drawn)

    each = {frame for span in spans for frame in range(span.first, span.end)}

    assert Use("key", "performance", spans=spans).frames == len(each)
