"""Bulks: many inputs, one call each, a bounded number at a time, one row for each input, in order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol

from egito._check import BULK_INSTEAD, refuse_second_reading
from egito._errors import CancelledError, ConfigError
from egito._not_copied import NotCopied
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
    """The inputs that have no row yet, and the callback for progress.

    A signal handler may raise between any two steps: so an input is noted before it is pushed, and a row is counted
    last.
    """

    __slots__ = ("_added", "_tell", "_unread", "read")

    def __init__(self, progress: Watcher | None) -> None:
        self._unread: dict[int, list[Any]] = {}
        self._added = 0
        self._tell = _teller(progress)
        self.read = 0
        """How many rows there were."""

    def add(self, input: Any) -> list[Any]:
        """Returns the entry of an input that is to be pushed. Why it cannot be sent goes into its second place."""
        entry = self._unread[self._added] = [input, None]
        self._added += 1
        return entry

    def row(self, native: tuple[int, RecordId | None, Any, EgitoError | None]) -> BulkRow[Any]:
        """The row of the oldest input."""
        index, id, record, error = native
        self._unread.pop(index - 1, None)
        input, refused = self._unread[index]
        row = BulkRow(index, input, id, record, refused or error)
        self.read = index + 1
        return row

    def progress(self, done: int, failed: int) -> None:
        """Another call has finished."""
        if self._tell is not None:
            self._tell(Progress(done, failed))

    def be_quiet(self) -> None:
        """Stops reporting progress."""
        self._tell = None


def with_rows(raised: BaseException, rows: list[BulkRow[Any]]) -> None:
    """Gives what ended a bulk its rows, as the attribute `rows`."""
    raised.rows = rows  # type: ignore[attr-defined]
    with contextlib.suppress(AttributeError):  # before Python 3.11
        raised.add_note(  # type: ignore[attr-defined, unused-ignore]
            f"egito: the {len(rows)} rows of the inputs that were taken until then are in this exception's `rows`"
        )


class BulkRows(NotCopied, Generic[R]):
    """The rows of a bulk as they become known, by `stream=True`. Dropping it, or `close`, ends the calls in flight.

    Ctrl-C while it waits cancels the bulk, as whatever `progress` raises does: then it can be read on, and ends after
    the rows of the inputs that were taken. `rest` does all of that.

    Example:
        rows = client.leads.create_many(leads, stream=True)
        try:
            for row in rows:
                save(row)
        except KeyboardInterrupt:
            for row in rows.rest():
                save(row)
            raise
    """

    __slots__ = ("_cancelled", "_closed", "_ended", "_failure", "_inputs_left", "_native", "_report", "_source")

    def __init__(self, native: _egito.BulkCalls, inputs: Iterable[Any], report: Report) -> None:
        self._native = native
        self._report = report
        self._failure: Exception | None = None
        self._cancelled = self._closed = self._ended = self._inputs_left = False
        self._source: Iterator[Any] | None = iter(inputs)

    def __iter__(self) -> BulkRows[R]:
        refuse_second_reading(self._ended and not self._closed, BULK_INSTEAD)
        return self

    def __next__(self) -> BulkRow[R]:
        if self._ended:
            raise StopIteration
        try:
            row = self._step()
        except BaseException:
            self._stop()
            raise
        if row is not None:
            return row
        failure, self._failure = self._failure, None
        self._close()
        raise failure or (inputs_left() if self._inputs_left else StopIteration)

    def cancel(self) -> None:
        """Ends the bulk: no further input is taken, and calls in flight have `cancel_grace` seconds to finish.

        The second time, they end at once. The rows can still be read; after the last, reading raises CancelledError if
        inputs were left.
        """
        self._inputs_left = self._inputs_left or self._source is not None
        self._stop()

    def rest(self) -> list[BulkRow[R]]:
        """Cancels the bulk and returns the rows that were not read yet, once the calls in flight have ended."""
        rows, raised = self._rest()
        if raised is not None:
            with_rows(raised, rows)
            raise raised
        return rows

    def close(self) -> None:
        """Ends the calls in flight, without rows."""
        self._closed = self._closed or not self._ended
        self._close()

    def _close(self) -> None:
        self._ended, self._source = True, None
        self._native.close()

    def __del__(self) -> None:
        native = getattr(self, "_native", None)  # none where it was not made
        if native is not None:
            native.close()

    def _stop(self) -> None:
        self._native.cancel(self._cancelled)
        self._cancelled = True
        self._source = None

    def _step(self) -> BulkRow[R] | None:
        """The next row; None after the last."""
        while True:
            step = self._native.step(self._source is not None, self._report.read)
            if isinstance(step, tuple):
                return self._report.row(step)
            if isinstance(step, list):
                self._report.progress(*step)
            elif step and self._source is not None:
                self._take(self._source)
            else:
                return None

    def _take(self, source: Iterator[Any]) -> None:
        """Hands the next input over."""
        try:
            input = next(source)
        except StopIteration:
            self._source = None
        except Exception as raised:
            # What was sent is waited for first: its rows say what was done.
            self._failure, self._source = raised, None
        else:
            entry = self._report.add(input)
            entry[1] = self._native.push(input)

    def _rest(self) -> tuple[list[BulkRow[R]], BaseException | None]:
        """The rows that were not read yet, and what interrupted that."""
        rows: list[BulkRow[R]] = []
        interruption: BaseException | None = None
        self._report.be_quiet()
        for _ in range(INTERRUPTIONS):
            try:
                if not self._cancelled:
                    self._stop()
                self._inputs_left = False
                rows.extend(iter(self.__next__, None))  # until it ends
                break
            except BaseException as raised:
                interruption = raised
        return rows, interruption


def inputs_left() -> CancelledError:
    """The error that comes after the last row where not all inputs have one."""
    message = "the bulk was cancelled before it had taken all inputs; those without a row were not sent"
    return CancelledError(message, outcome="not_sent")


INTERRUPTIONS = 3
"""How often waiting for the last rows may be interrupted: the second time ends the calls at once."""


def collect(rows: BulkRows[R]) -> list[BulkRow[R]]:
    """All rows, once the last is known."""
    finished: list[BulkRow[R]] = []
    try:
        finished.extend(rows)
    except BaseException as raised:
        rest, _ = rows._rest()
        with_rows(raised, finished + rest)
        raise
    return finished


def _teller(progress: Watcher | None) -> Callable[[Progress], object] | None:
    if progress is None or callable(progress):
        return progress
    if hasattr(progress, "update"):
        return lambda _: progress.update(1)
    raise ConfigError("`progress` is a function, or a bar with `update(n)`", setting="progress", outcome="not_sent")
