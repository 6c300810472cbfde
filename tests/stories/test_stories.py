"""Stories that start from real files and end at a gate: each says there what its file says, for the reason that its file says."""

from pathlib import Path

import pytest

from stories.story_check import differences
from stories.story_run import read_story, stories, told


@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_a_story_ends_as_its_file_says(path: Path, tmp_path: Path) -> None:
    story = read_story(path)
    with told(story, tmp_path) as telling:
        found = [one for asked in telling.asked for one in differences(asked)]

    assert (len(telling.asked) > 0, found) == (True, [])
