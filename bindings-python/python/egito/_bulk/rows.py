"""Rows of bulks, and what the blocking and the async iterators of rows share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from egito._check import invalid_type
from egito._errors import CancelledError
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    from egito import _egito
    from egito._errors import EgitoError
    from egito._types import RecordId, UpsertChange

MAX_INTERRUPTIONS = 3
"""How often waiting for the last rows may be interrupted. The second interruption cancels the calls in flight."""


@dataclass(frozen=True, slots=True)
class BulkRow(Generic[R]):
    """The result of one input of a bulk."""

    index: int
    """Position of the input, from 0."""
    input: Any
    """The input itself: the same object."""
    id: RecordId | None
    """Id of the record that was created, read, changed, deleted or found by its key."""
    record: R | None
    """The record that `get_many` read, or what `plan_upsert` would write."""
    error: EgitoError | None
    """The error of the call; None if it succeeded."""
    change: UpsertChange | None = None
    """What a bulk with a `key` did, or would do: `"created"`, `"updated"`, `"unchanged"` or `"ambiguous"`. None for
    other bulks, and if the call failed."""
    fields: tuple[str, ...] = ()
    """Names of the fields that an upsert updated, or would update."""
    duplicates: tuple[RecordId, ...] = ()
    """Ids of all records with the key of an upsert if there are several, the oldest first. Otherwise empty."""
    resumed: bool = False
    """Whether an earlier run did this, according to the `journal` of the bulk. Nothing was sent this time."""
    planned_for: str | None = None
    """For a plan, its entity and key, such as `Account(nip)`: `apply_upsert` applies it only to these."""

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.error is None


class Progress(NamedTuple):
    """The progress of a bulk, the argument of the `progress` callback."""

    done: int
    """Number of calls that have finished, in any order."""
    failed: int
    """How many of them failed."""


class ProgressBar(Protocol):
    """A progress bar such as that of tqdm."""

    def update(self, n: int, /) -> object:
        """Advances the bar by `n`."""


ProgressCallback = Callable[[Progress], object] | ProgressBar
"""Values of the option `progress`."""


class RowTracker:
    """Keeps the inputs that have no row yet, and reports the progress.

    A signal handler may raise between any two steps. So an input is added before it is pushed to the native bulk, and
    a row is counted last.
    """

    __slots__ = ("_added", "_on_progress", "_pending", "read")

    def __init__(self, progress: ProgressCallback | None) -> None:
        self._pending: dict[int, list[Any]] = {}
        self._added = 0
        self._on_progress = _progress_function(progress)
        self.read = 0
        """Number of rows that were returned."""

    def add(self, input: Any) -> list[Any]:
        """Adds an input that is about to be pushed. Returns its entry, whose second item is for its error."""
        entry = self._pending[self._added] = [input, None]
        self._added += 1
        return entry

    def row(self, native: _egito._Row) -> BulkRow[Any]:
        """Returns the row of the oldest input."""
        index, id, record, error, change, fields, duplicates, resumed, planned_for = native
        self._pending.pop(index - 1, None)
        input, input_error = self._pending[index]
        error = input_error or error
        row = BulkRow(index, input, id, record, error, change, fields, duplicates, resumed, planned_for)
        self.read = index + 1
        return row

    def report_progress(self, done: int, failed: int) -> None:
        """Calls the function for the progress."""
        if self._on_progress is not None:
            self._on_progress(Progress(done, failed))

    def mute(self) -> None:
        """Stops reporting progress."""
        self._on_progress = None


def attach_rows(raised: BaseException, rows: list[BulkRow[Any]]) -> None:
    """Sets the attribute `rows` of an exception that ends a bulk."""
    raised.rows = rows  # type: ignore[attr-defined]
    with contextlib.suppress(AttributeError):  # before Python 3.11
        raised.add_note(  # type: ignore[attr-defined, unused-ignore]
            f"egito: the attribute `rows` of this exception has the {len(rows)} rows of the inputs that were taken"
        )


def inputs_left_error() -> CancelledError:
    """Returns the error that follows the last row if some inputs have no row."""
    message = "the bulk was cancelled before all inputs were taken; inputs without a row were not sent"
    return CancelledError(message, outcome="not_sent")


def _progress_function(progress: ProgressCallback | None) -> Callable[[Progress], object] | None:
    if progress is None or callable(progress):
        return progress
    if hasattr(progress, "update"):
        return lambda _: progress.update(1)
    raise invalid_type("progress", "a function, or a progress bar with `update(n)`", progress)
