"""A file with something unknown is refused before any step is played."""

from __future__ import annotations

import pytest

from judge.case import CaseFile
from judge.failure import CaseRefused
from support import expected_message, files


@pytest.mark.parametrize("case_file", files("must-be-refused"), ids=lambda case_file: case_file.name)
def test_must_be_refused(case_file: CaseFile) -> None:
    with pytest.raises(CaseRefused) as refusal:
        case_file.read()
    assert expected_message(case_file) in str(refusal.value)


@pytest.mark.parametrize("case_file", files("must-pass") + files("must-fail"), ids=lambda case_file: case_file.name)
def test_the_other_cases_of_this_folder_are_valid(case_file: CaseFile) -> None:
    case_file.read()
