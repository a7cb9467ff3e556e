"""The rows of bulks of the blocking client."""

from __future__ import annotations

from egito._bulk.rows import MAX_INTERRUPTIONS, attach_rows, inputs_left_error
from egito._check import START_NEW_BULK, refuse_second_reading
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from egito import _egito
    from egito._bulk.rows import BulkRow, RowTracker


class BulkRows(NotCopied, Generic[R]):
    """The rows of a bulk as they become known, from `stream_create_many` and the like.

    `close`, or dropping the last reference, cancels the calls in flight at once. Ctrl-C during a wait cancels the bulk,
    and so does an exception from `progress`. After that, the remaining rows can still be read, up to that of the last
    input that was taken. `rest` cancels the bulk and returns them as a list.

    Example:
        rows = client.leads.stream_create_many(leads)
        try:
            for row in rows:
                save(row)
        except KeyboardInterrupt:
            for row in rows.rest():
                save(row)
            raise
    """

    __slots__ = ("_cancelled", "_closed", "_ended", "_inputs", "_inputs_error", "_inputs_left", "_native", "_tracker")

    def __init__(self, native: _egito.BulkCalls, inputs: Iterable[Any], tracker: RowTracker) -> None:
        self._native = native
        self._tracker = tracker
        self._inputs_error: Exception | None = None
        self._cancelled = self._closed = self._ended = self._inputs_left = False
        self._inputs: Iterator[Any] | None = iter(inputs)

    def __iter__(self) -> BulkRows[R]:
        refuse_second_reading(self._ended and not self._closed, START_NEW_BULK)
        return self

    def __next__(self) -> BulkRow[R]:
        if self._ended:
            raise StopIteration
        try:
            row = self._next_row()
        except BaseException:
            self._stop()
            raise
        if row is not None:
            return row
        error, self._inputs_error = self._inputs_error, None
        self._close()
        raise error or (inputs_left_error() if self._inputs_left else StopIteration)

    def cancel(self) -> None:
        """Cancels the bulk: no further input is taken, and calls in flight have `cancel_grace` seconds to finish.

        A second call cancels these calls at once. The rows can still be read. After the last one, reading raises
        CancelledError if inputs were left.
        """
        self._inputs_left = self._inputs_left or self._inputs is not None
        self._stop()

    def rest(self) -> list[BulkRow[R]]:
        """Cancels the bulk, waits for the calls in flight, and returns the rows that were not read yet."""
        rows, raised = self._rest()
        if raised is not None:
            attach_rows(raised, rows)
            raise raised
        return rows

    def close(self) -> None:
        """Cancels the calls in flight at once. They have no rows."""
        self._closed = self._closed or not self._ended
        self._close()

    def _close(self) -> None:
        self._ended, self._inputs = True, None
        self._native.close()

    def __del__(self) -> None:
        native = getattr(self, "_native", None)  # None if `__init__` failed
        if native is not None:
            native.close()

    def _stop(self) -> None:
        self._native.cancel(self._cancelled)
        self._cancelled = True
        self._inputs = None

    def _next_row(self) -> BulkRow[R] | None:
        """Returns the next row, or None after the last."""
        while True:
            step = self._native.step(self._inputs is not None, self._tracker.read)
            if isinstance(step, tuple):
                return self._tracker.row(step)
            if isinstance(step, list):
                self._tracker.report_progress(*step)
            elif step and self._inputs is not None:
                self._push_input(self._inputs)
            else:
                return None

    def _push_input(self, inputs: Iterator[Any]) -> None:
        try:
            input = next(inputs)
        except StopIteration:
            self._inputs = None
        except Exception as raised:
            # Raised after the rows of the inputs that were sent: they say what was done.
            self._inputs_error, self._inputs = raised, None
        else:
            entry = self._tracker.add(input)
            entry[1] = self._native.push(input)

    def _rest(self) -> tuple[list[BulkRow[R]], BaseException | None]:
        """Returns the rows that were not read yet, and the last exception that interrupted reading them."""
        rows: list[BulkRow[R]] = []
        interruption: BaseException | None = None
        self._tracker.mute()
        for _ in range(MAX_INTERRUPTIONS):
            try:
                if not self._cancelled:
                    self._stop()
                self._inputs_left = False
                rows.extend(iter(self.__next__, None))  # until StopIteration
                break
            except BaseException as raised:
                interruption = raised
        return rows, interruption


def collect(rows: BulkRows[R]) -> list[BulkRow[R]]:
    """Returns all rows, once the last one is known."""
    finished: list[BulkRow[R]] = []
    try:
        finished.extend(rows)
    except BaseException as raised:
        rest, _ = rows._rest()
        attach_rows(raised, finished + rest)
        raise
    return finished
