"""The rows of one table that a batch works on: wanted by key, loaded in one query, written in one statement."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Table

from shared.database.pool import Connection
from shared.database.statements import (
    columns_as_arrays,
    insert_many,
    json_positions,
    select_many,
    update_many,
)

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")


class Rows(Generic[K, E]):
    """One table's rows in one batch. A subclass names the table and says how a row becomes an object and back.

    `get` and `add` remember what a decision touched; the batch runner takes that from `touched`.
    """

    table: ClassVar[Table]
    columns: ClassVar[Sequence[str]]
    """What is read and written, the primary key first."""
    lock: ClassVar[str] = "FOR UPDATE"

    _select: ClassVar[str]
    _insert: ClassVar[str]
    _update: ClassVar[str]
    _json: ClassVar[tuple[int, ...]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if hasattr(cls, "table"):
            key = cls.columns[0]
            cls._json = json_positions(cls.table, cls.columns)
            cls._select = select_many(cls.table, cls.columns, key=key, lock=cls.lock)
            cls._insert = insert_many(cls.table, cls.columns)
            cls._update = update_many(cls.table, cls.columns)

    def __init__(self) -> None:
        self._loaded: dict[K, E | None] = {}
        self._wanted: set[K] = set()
        self._new: dict[K, E] = {}
        self.touched: list[E] = []

    def from_row(self, row: Any) -> E:
        """The object that a row stands for; columns come in the order of `columns`."""
        raise NotImplementedError

    def to_row(self, entity: E) -> tuple[Any, ...]:
        """The row that an object becomes."""
        raise NotImplementedError

    def key_of(self, entity: E) -> K:
        """The key that an object is found by."""
        key: K = entity.id  # type: ignore[attr-defined]
        return key

    def want(self, key: K) -> None:
        """Say that the batch needs this row."""
        if key not in self._loaded:
            self._wanted.add(key)

    async def load(self, connection: Connection) -> None:
        """Read all wanted rows in one query and lock them in the order of their keys."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, set()
        self._loaded.update(dict.fromkeys(wanted))
        for row in await connection.fetch(self._select, list(wanted)):
            entity = self.from_row(row)
            self._loaded[self.key_of(entity)] = entity

    def get(self, key: K) -> E | None:
        """The object, or None where there is no such row. The key must have been wanted."""
        entity = self._loaded[key]
        if entity is not None:
            self.touched.append(entity)
        return entity

    def add(self, entity: E) -> None:
        """A new object; later messages of the batch find it by its key."""
        key = self.key_of(entity)
        self._new[key] = entity
        self._loaded[key] = entity
        self.touched.append(entity)

    def __iter__(self) -> Iterator[E]:
        return (entity for entity in self._loaded.values() if entity is not None)

    async def write(self, connection: Connection) -> None:
        """Insert what is new and update what changed, each in one statement."""
        if self._new:
            await self._run(connection, self._insert, list(self._new.values()))
        changed = [
            entity
            for key, entity in self._loaded.items()
            if entity is not None and key not in self._new and getattr(entity, "changed", False)
        ]
        if changed:
            await self._run(connection, self._update, changed)

    async def _run(self, connection: Connection, statement: str, entities: list[E]) -> None:
        rows = [self.to_row(entity) for entity in entities]
        await connection.execute(statement, *columns_as_arrays(rows, self._json))


class Appended(Generic[E]):
    """Rows that are only ever added: history, messages, decisions."""

    table: ClassVar[Table]
    columns: ClassVar[Sequence[str]]
    _insert: ClassVar[str]
    _json: ClassVar[tuple[int, ...]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if hasattr(cls, "table"):
            cls._json = json_positions(cls.table, cls.columns)
            cls._insert = insert_many(cls.table, cls.columns)

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *row: Any) -> None:
        """One row, in the order of `columns`."""
        self._rows.append(row)

    async def write(self, connection: Connection) -> None:
        """Insert all rows in one statement."""
        if self._rows:
            await connection.execute(self._insert, *columns_as_arrays(self._rows, self._json))
