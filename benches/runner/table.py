"""Prints the figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from process import Usage
from rows import WORDS, Row

HEADER = """
| | compared with | CPU | lowest … highest | wall | peak memory · MiB of ours | µs of CPU: ours | theirs |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"""


class Figures:
    """What the contestants of a row have used, a value for each round, without the start of their programs."""

    def __init__(self, row: Row, count: int) -> None:
        self.row = row
        self.count = count
        self.whole: dict[str, list[Usage]] = {name: [] for name in row.contestants}
        self.starts: dict[str, list[Usage]] = {name: [] for name in row.contestants}

    def add(self, contestant: str, whole: Usage, start: Usage) -> None:
        """Adds a round: a whole run, and one with a count of 0."""
        self.whole[contestant].append(whole)
        self.starts[contestant].append(start)

    def used(self, contestant: str) -> list[Usage]:
        """Returns what each round took, without the start. The median of all starts differs less than a single one."""
        cpu = median(start.cpu for start in self.starts[contestant])
        wall = median(start.wall for start in self.starts[contestant])
        complete = min(map(len, self.whole.values()))
        return [Usage(whole.cpu - cpu, whole.wall - wall, whole.memory) for whole in self.whole[contestant][:complete]]

    def lines(self) -> Iterable[str]:
        """Returns a line for each peer; none before the first round is complete."""
        if not all(self.whole.values()):
            return
        ours = self.used(self.row.ours)
        what = f"{self.row.language}, {WORDS[self.row.workload].format(count=self.count)}" + self.row.ours.removeprefix(
            "egito"
        )
        for peer in self.row.peers:
            theirs = self.used(peer)
            pairs = list(zip(ours, theirs, strict=True))
            cpu = [our.cpu / their.cpu for our, their in pairs]
            wall = median(our.wall / their.wall for our, their in pairs)
            memory = median(our.memory / their.memory for our, their in pairs)
            figures = [
                f"{median(cpu):.2f}",
                f"{min(cpu):.2f} … {max(cpu):.2f}",
                f"{wall:.2f}",
                f"{memory:.2f} · {median(our.memory for our in ours):.0f}" if self.row.reads_all else "",
                f"{self._each(ours):.1f}",
                f"{self._each(theirs):.1f}",
            ]
            yield f"| {what} | {peer} | {' | '.join(figures)} |"

    def _each(self, used: list[Usage]) -> float:
        return median(usage.cpu for usage in used) / self.count * 1e6


def print_table(title: str, all_figures: list[Figures]) -> None:
    """Prints a table with a line for each peer of each row."""
    lines = [line for figures in all_figures for line in figures.lines()]
    if lines:
        print(f"\n{title}\n{HEADER}", *lines, sep="\n", flush=True)


def print_imports(milliseconds: dict[tuple[str, str], list[float]]) -> None:
    """Prints the CPU time of imports."""
    print("\nThe import, beyond the bare interpreter:\n\n| | ms of CPU | lowest … highest |\n| --- | ---: | ---: |")
    for (language, package), values in milliseconds.items():
        print(f"| {language}, {package} | {median(values):.1f} | {min(values):.1f} … {max(values):.1f} |")
