"""Lists: read record by record or page by page, as they are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal

from egito._egito import check_filter_keywords
from egito._errors import ConfigError
from egito._not_copied import NotCopied
from egito._record_type import R

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas
    import polars

    from egito import _egito
    from egito._arrow import ArrowBatches, ArrowTable
    from egito._arrow_schema import ArrowSchema
    from egito._with_response import RecordListWithResponse

NO_SIZE = "a list is read from the server: it has no len() and is neither true nor false; use `exists()` or `count()`"
"""Why a list has neither a length nor a truth value."""


class RecordList(NotCopied, Generic[R]):
    """The records of a list, read page by page while one iterates, in constant memory.

    Each iteration starts over and asks the server again. Reading raises what every call raises (see `Entity`), and
    PaginationError where the list cannot be read completely. An iterator that failed raises the same error again, and
    one that was interrupted (Ctrl-C) goes on where it was: none ends as if it were complete. Libraries that know Arrow
    take a list as it is: `polars.DataFrame(list)`.

    Example:
        for account in client.accounts.list():
            print(account["name"])
    """

    __slots__ = ("_name", "_native")

    def __init__(self, native: _egito.RecordList, name: str) -> None:
        self._native = native
        self._name = name

    def __repr__(self) -> str:
        return f"<egito.RecordList {self._name}>"

    def __iter__(self) -> Iterator[R]:
        return self._native.records()

    def __bool__(self) -> bool:
        raise TypeError(NO_SIZE)

    def __len__(self) -> int:
        raise TypeError(NO_SIZE)

    def pages(self) -> Iterator[list[R]]:
        """The pages: each a list of records as one response brought them.

        Example:
            for page in client.accounts.list(page_size=1000).pages():
                save(page)
        """
        return self._native.pages()

    def with_response(self) -> RecordListWithResponse[R]:
        """Return the list for pages that are a `Response` each: their records with HTTP status and headers.

        Example:
            for response in client.accounts.list().with_response().pages():
                print(len(response.value), response.status, response.elapsed)
        """
        from egito._with_response import RecordListWithResponse  # seldom needed

        return RecordListWithResponse(self._native.with_response(), self._name)

    def to_list(self) -> list[R]:
        """All records at once, in memory.

        Example:
            accounts = client.accounts.list(city="Kraków").to_list()
        """
        records: list[R] = []
        for page in self._native.pages():
            records += page
        return records

    def first(self) -> R | None:
        """The first record, or None where there is none. Asks for one record, with `start` for three.

        Example:
            newest = client.accounts.list(sort="id", order="desc").first()
        """
        first: R | None = self._native.first()
        return first

    def exists(self) -> bool:
        """Return whether the list has any record. Asks for one record, with `start` for three.

        Example:
            if not client.contacts.list(email="jan@firma.pl").exists():
                print("unknown")
        """
        return self._native.exists()

    def total(self) -> int | None:
        """Return how many records the server says that match the filters; None where it does not say.

        Sends one small request. `start` and `limit` do not change the number: see `count` for that.

        Example:
            print(client.accounts.list(city="Kraków").total())
        """
        return self._native.total()

    def count(self) -> int:
        """Return the number of records that the list gives, with its filters, `start` and `limit`.

        Costs one small request where the server tells a total. Otherwise the whole list is read, in constant memory.

        Example:
            print(client.accounts.list(city="Kraków").count())
        """
        return self._native.count()

    def to_arrow(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> ArrowTable:
        """Return all records as columns, without making a Python object of any: see `ArrowTable`.

        With `flatten=True` the fields of an object are columns of their own, such as `address.city`. With
        `dates="parse"` a column of ISO 8601 texts in UTC is one of timestamps in milliseconds; where one of its texts
        is no such point in time, it stays text and a `ColumnTypeWarning` names it.

        Example:
            duckdb.from_arrow(client.accounts.list().to_arrow()).aggregate("city, count(*)")
        """
        from egito._arrow import ArrowTable
        from egito._frame_options import frame_options
        from egito._text_columns import warn_of

        native = self._native.to_arrow(*frame_options(flatten, dates))
        warn_of(native.text_columns())
        return ArrowTable(native)

    def to_arrow_batches(
        self,
        *,
        schema: ArrowSchema | None = None,
        schema_overrides: Mapping[str, object] | None = None,
        strict: bool = True,
        flatten: bool = False,
        dates: Literal["text", "parse"] = "text",
    ) -> ArrowBatches:
        """The records as Arrow batches of one schema, a page at a time, in constant memory: see `ArrowBatches`.

        The first page shows the schema: the type of each of its columns, and text where it holds no value. Later pages
        must fit. `schema_overrides` gives the types of some columns, `schema` those of all: as a mapping of names to
        types (`"int64"`, `"decimal128(18, 2)"`, `"list<string>"`, a type of pyarrow or polars), a `pyarrow.Schema`, a
        `polars.Schema`, or a table. A value that does not fit, or a field that the schema does not have, raises
        UnexpectedResponseError with the record's number and the column; with `strict=False` such values are null and
        such fields are left out. `flatten` and `dates` are those of `to_arrow`.

        Example:
            reader = pyarrow.RecordBatchReader.from_stream(client.accounts.list(page_size=1000).to_arrow_batches())
            dataset.write_dataset(reader, "accounts", format="parquet")
        """
        from egito._arrow import ArrowBatches
        from egito._arrow_schema import batch_schema, named_types
        from egito._check import check_flag
        from egito._frame_options import frame_options

        overrides = named_types("schema_overrides", {} if schema_overrides is None else schema_overrides)
        frames = frame_options(flatten, dates)
        return ArrowBatches(
            self._native.arrow_batches(batch_schema(schema), overrides, check_flag("strict", strict), *frames)
        )

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface. Reads the whole list, each time it is asked."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(
        self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text", **options: Any
    ) -> pandas.DataFrame:
        """Return all records as a pandas DataFrame; see `ArrowTable.to_pandas`. Needs pandas and pyarrow.

        `flatten` and `dates` are those of `to_arrow`, the other options those of `pyarrow.Table.to_pandas`.

        Example:
            frame = client.opportunities.list().to_pandas()
        """
        return self.to_arrow(flatten=flatten, dates=dates).to_pandas(**options)

    def to_polars(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> polars.DataFrame:
        """Return all records as a polars DataFrame. Needs polars. `flatten` and `dates` are those of `to_arrow`.

        Example:
            frame = client.opportunities.list(fields=["id", "value"]).to_polars()
        """
        return self.to_arrow(flatten=flatten, dates=dates).to_polars()


def list_options(filters: Mapping[str, Any] | None, more: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The options of a list in the form that the core reads."""
    if not isinstance(filters, Mapping | None):
        message = '`filters` is a mapping such as {"address.city": "Kraków"}'
        raise ConfigError(message, setting="filters", outcome="not_sent")
    if filters and (twice := filters.keys() & more.keys()):
        raise ConfigError(f"the filter `{min(twice)}` is given twice", setting=min(twice), outcome="not_sent")
    check_filter_keywords(list(more))
    return {"filters": {**(filters or {}), **more}, **options}


def list_fields(fields: Iterable[str] | None) -> list[str] | None:
    """The fields of a list's records, each once."""
    if fields is None:
        return None
    names = list(fields) if isinstance(fields, Iterable) else [fields]
    if isinstance(fields, str) or not all(isinstance(name, str) for name in names):
        message = '`fields` is a list of names such as ["id", "name"]'
        raise ConfigError(message, setting="fields", outcome="not_sent")
    return list(dict.fromkeys(names))
