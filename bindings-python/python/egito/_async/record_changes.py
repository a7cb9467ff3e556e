"""Lists of changes for asyncio."""

from __future__ import annotations

from egito._async.record_list import AsyncRecordList
from egito._typing import R


class AsyncRecordChanges(AsyncRecordList[R]):
    """The records that were created or changed since a mark, the newest first, for asyncio. See `AsyncEntity.changes`.

    It can be read in every way of a list: see `AsyncRecordList`. `mark` is that of the last read if it reached the end.

    Example:
        changes = client.accounts.changes()
        accounts = await changes.to_list()
        print(len(accounts), "accounts; continue with", changes.mark)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<egito.AsyncRecordChanges {self._name}>"

    @property
    def mark(self) -> str:
        """The mark of the last read of this list, for `since` of the next one. Store it once all records are processed.

        Raises:
            ConfigError: The last read has not reached the end, or a `limit` has ended it.

        Example:
            changes = client.accounts.changes(by="dateCreated")
            new = await changes.to_list()
            later = await client.accounts.changes(since=changes.mark, by="dateCreated").to_list()
        """
        return self._native.mark()
