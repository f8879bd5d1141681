"""Statements for many rows at once, made from SQLAlchemy tables: one statement per table and batch."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

_RESERVED = frozenset({"offset", "order", "user", "default", "end"})
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def columns_as_arrays(rows: Sequence[Sequence[Any]], json: Sequence[int] = ()) -> list[list[Any]]:
    """Rows turned into columns, which is how `unnest` takes them; the columns at `json` as JSON text."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    for position in json:
        columns[position] = [None if it is None else orjson.dumps(it).decode() for it in columns[position]]
    return columns


def json_positions(table: Table, columns: Sequence[str]) -> tuple[int, ...]:
    """Which of the columns are JSON: arrays of them travel as text, since a list in an array would be a dimension."""
    return tuple(n for n, name in enumerate(columns) if isinstance(table.c[name].type, postgresql.JSONB))


def insert_many(table: Table, columns: Sequence[str], suffix: str = "") -> str:
    """INSERT of many rows; one array per column. `suffix` is an ON CONFLICT or RETURNING clause."""
    names = ", ".join(map(_quoted, columns))
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {_cast(table, columns)} "
        f"FROM unnest({_arrays(table, columns)}) AS new({names}) {suffix}"
    ).rstrip()


def update_many(table: Table, columns: Sequence[str]) -> str:
    """UPDATE of many rows by primary key; the columns must begin with it. One array per column."""
    keys = [column.name for column in table.primary_key]
    if list(columns[: len(keys)]) != keys:
        raise ValueError(f"the columns of {table.name} must begin with its primary key {keys}")
    values = dict(zip(columns, _cast(table, columns, "new.").split(", "), strict=True))
    changes = ", ".join(f"{_quoted(name)} = {values[name]}" for name in columns[len(keys) :])
    same = " AND ".join(f"t.{name} = new.{name}" for name in keys)
    return (
        f"UPDATE {table.name} t SET {changes} "
        f"FROM unnest({_arrays(table, columns)}) AS new({', '.join(map(_quoted, columns))}) WHERE {same}"
    )


def select_many(table: Table, columns: Sequence[str], *, key: str, lock: str = "") -> str:
    """SELECT by an array of keys, in the order of the key, so that locks are always taken in one order.

    `lock` is `FOR UPDATE`, `FOR SHARE` … or nothing.
    """
    return (
        f"SELECT {', '.join(columns)} FROM {table.name} "
        f"WHERE {key} = ANY($1::{array_type(table.c[key])}) ORDER BY {key} {lock}"
    ).rstrip()


def array_type(column: "Column[Any]") -> str:
    """PostgreSQL's name for an array of this column's type."""
    if isinstance(column.type, postgresql.JSONB):
        return "text[]"
    return f"{column.type.compile(dialect=_DIALECT).lower()}[]"


def _cast(table: Table, columns: Iterable[str], prefix: str = "") -> str:
    return ", ".join(
        f"{prefix}{_quoted(name)}" + ("::jsonb" if isinstance(table.c[name].type, postgresql.JSONB) else "")
        for name in columns
    )


def _quoted(name: str) -> str:
    return f'"{name}"' if name in _RESERVED else name


def _arrays(table: Table, columns: Iterable[str]) -> str:
    return ", ".join(f"${n}::{array_type(table.c[name])}" for n, name in enumerate(columns, 1))
