"""A file with something unknown is refused before any step is played."""

from __future__ import annotations

import pytest

from judge.case import CaseFile
from judge.failure import CaseRefused
from support import expected_message, files


@pytest.mark.parametrize("made", files("must-be-refused"), ids=lambda made: made.name)
def test_must_be_refused(made: CaseFile) -> None:
    with pytest.raises(CaseRefused) as refusal:
        made.read()
    assert expected_message(made) in str(refusal.value)


@pytest.mark.parametrize("made", files("must-pass") + files("must-fail"), ids=lambda made: made.name)
def test_the_other_cases_of_this_folder_are_valid(made: CaseFile) -> None:
    made.read()
