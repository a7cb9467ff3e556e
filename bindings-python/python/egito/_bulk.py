"""Bulks: many inputs, one call each, a bounded number at a time, one row for each input, in order."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol

from egito._errors import ConfigError
from egito._record_type import R

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from egito import _egito
    from egito._errors import EgitoError
    from egito._types import RecordId


@dataclass(frozen=True, slots=True)
class BulkRow(Generic[R]):
    """What became of one input of a bulk."""

    index: int
    """Which input it is, from 0."""
    input: Any
    """The input itself, the very object."""
    id: RecordId | None
    """Id of the record that was created, read, changed or deleted."""
    record: R | None
    """The record that was read, by `get_many`."""
    error: EgitoError | None
    """Why it failed; None where it succeeded."""

    @property
    def ok(self) -> bool:
        """Whether it succeeded."""
        return self.error is None


class Progress(NamedTuple):
    """How far a bulk has come, as `progress` is called with it."""

    done: int
    """Calls that have finished, in whatever order."""
    failed: int
    """Those of them that failed."""


class ProgressBar(Protocol):
    """What can be told that one more is done: a bar of tqdm, for instance."""

    def update(self, n: int, /) -> object:
        """So many more are done."""


Watcher = Callable[[Progress], object] | ProgressBar


class Report:
    """The inputs that have no row yet, and the rows so far."""

    __slots__ = ("_done", "_tell", "_unread", "finished")

    def __init__(self, progress: Watcher | None) -> None:
        self._unread: deque[tuple[Any, EgitoError | None]] = deque()
        self._done = 0
        self._tell = _teller(progress)
        self.finished: list[BulkRow[Any]] | None = None
        """The rows so far, where all are wanted at once."""

    def add(self, input: Any, refused: EgitoError | None) -> None:
        """An input was pushed; `refused` says why it cannot be sent."""
        self._unread.append((input, refused))

    def row(self, native: tuple[int, RecordId | None, Any, EgitoError | None]) -> BulkRow[Any]:
        """The row of the oldest input."""
        index, id, record, error = native
        input, refused = self._unread.popleft()
        row = BulkRow(index, input, id, record, refused or error)
        self._done += 1
        if self.finished is not None:
            self.finished.append(row)
        return row

    def progress(self, done: int, failed: int) -> None:
        """Another call has finished."""
        if self._tell is not None:
            self._tell(Progress(done, failed))

    def tell(self, raised: BaseException) -> None:
        """What ended the bulk has the rows so far, as its attribute `egito_rows`."""
        raised.egito_rows = self.finished or []  # type: ignore[attr-defined]
        with contextlib.suppress(AttributeError):  # before Python 3.11
            raised.add_note(  # type: ignore[attr-defined, unused-ignore]
                f"egito: {self._done} rows of this bulk were finished (see this exception's `egito_rows`), "
                f"and {len(self._unread)} more calls were begun, which may have been done"
            )


def pairs(changes: Any) -> Any:
    """The inputs of `update_many`: pairs, also of a mapping."""
    return changes.items() if isinstance(changes, Mapping) else changes


def stream(native: _egito.BulkCalls, inputs: Iterable[Any], report: Report) -> Iterator[BulkRow[Any]]:
    """The rows as they become known. Closing it ends the calls in flight."""
    source: Iterator[Any] | None = iter(inputs)
    failure: Exception | None = None
    try:
        while True:
            step = native.step(source is not None)
            if isinstance(step, tuple):
                yield report.row(step)
            elif isinstance(step, list):
                report.progress(*step)
            elif step and source is not None:
                try:
                    input = next(source)
                except StopIteration:
                    source = None
                except Exception as raised:
                    # What was sent is waited for first: its rows say what was done.
                    failure, source = raised, None
                else:
                    report.add(input, native.push(input))
            else:
                break
        if failure is not None:
            raise failure
    finally:
        native.close()


def collect(rows: Iterator[BulkRow[Any]], report: Report) -> list[BulkRow[Any]]:
    """All rows, once the last is known."""
    report.finished = []
    try:
        return list(rows)
    except BaseException as raised:
        report.tell(raised)
        raise


def _teller(progress: Watcher | None) -> Callable[[Progress], object] | None:
    if progress is None or callable(progress):
        return progress
    if hasattr(progress, "update"):
        return lambda _: progress.update(1)
    raise ConfigError("`progress` is a function, or a bar with `update(n)`", setting="progress", outcome="not_sent")
