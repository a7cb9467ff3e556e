"""Counts the verdicts: the table at the end of a run, and the check that every chosen case has one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """Result of one case with one adapter."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


Pair = tuple[str, str]
"""The name of a case and the name of an adapter."""

LARGE = 30
"""Number of cases from which the table has a line for each subject instead of each case."""


@dataclass
class Tally:
    """The verdicts so far. `expected` are the chosen pairs."""

    expected: set[Pair] = field(default_factory=set)
    verdicts: dict[Pair, Verdict] = field(default_factory=dict)
    reasons: dict[Pair, str] = field(default_factory=dict)

    def note(self, case: str, adapter: str, verdict: Verdict, reason: str = "") -> None:
        """Records a verdict."""
        self.verdicts[case, adapter] = verdict
        if reason:
            self.reasons[case, adapter] = reason

    def without_verdict(self) -> list[Pair]:
        """Returns the chosen pairs without a verdict."""
        return sorted(self.expected - self.verdicts.keys())

    def lines(self) -> Iterator[str]:
        """Yields the table with a column for each adapter, then the reasons for cases that were not played."""
        adapters = list(dict.fromkeys(adapter for _, adapter in self.verdicts))
        cases = {case for case, _ in self.verdicts}
        rows = self._rows(cases)
        width = max([len(row) for row in rows] + [len("passed"), len("not run")])
        yield _line("", adapters, width)
        for row, members in rows.items():
            yield _line(row, [self._cell(members, adapter) for adapter in adapters], width)
        for verdict in Verdict:
            counts = [self._count(verdict, cases, adapter) for adapter in adapters]
            yield _line(verdict.value, [str(count) for count in counts], width)
        yield from self._why()

    def _rows(self, cases: Iterable[str]) -> dict[str, list[str]]:
        rows: dict[str, list[str]] = {}
        names = sorted(cases)
        for case in names:
            rows.setdefault((case.rpartition("/")[0] or ".") if len(names) >= LARGE else case, []).append(case)
        return rows

    def _cell(self, cases: list[str], adapter: str) -> str:
        """Returns `7` (all passed), `5/7` (passed of played) or `-` (not run). Skipped cases count as not played."""
        passed = self._count(Verdict.PASSED, cases, adapter)
        played = passed + self._count(Verdict.FAILED, cases, adapter)
        if played == 0:
            return "-"
        return str(passed) if passed == played else f"{passed}/{played}"

    def _count(self, verdict: Verdict, cases: Iterable[str], adapter: str) -> int:
        return sum(self.verdicts.get((case, adapter)) is verdict for case in cases)

    def _why(self) -> Iterator[str]:
        for verdict in (Verdict.NOT_RUN, Verdict.SKIPPED):
            reasons: dict[str, Counter[str]] = {}
            for (case, adapter), given in self.verdicts.items():
                if given is verdict:
                    reasons.setdefault(self.reasons.get((case, adapter), "no reason"), Counter())[adapter] += 1
            for reason, counts in sorted(reasons.items()):
                for count in sorted(set(counts.values())):
                    adapters = [adapter for adapter in counts if counts[adapter] == count]
                    yield f"{verdict.value}: {' '.join(adapters)}, {count} cases: {reason}"
        for case, adapter in self.without_verdict():
            yield f"NO VERDICT: {case} was neither played nor skipped by {adapter}"


def _line(head: str, cells: Iterable[str], width: int) -> str:
    return f"{head:<{width}}" + "".join(f"  {cell:>13}" for cell in cells)
