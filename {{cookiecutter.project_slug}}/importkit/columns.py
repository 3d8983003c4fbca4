"""Step 2, clean: which column of the source is which column of the clean frame."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from importkit.errors import ConfigurationError, SourceError, did_you_mean


def source_by_column(
    rename_map: Mapping[str, str], columns: Collection[str], headers: Collection[str]
) -> dict[str, str]:
    """Return the header that each column is read from.

    Args:
        rename_map: Header to column, or column to header; both ways are in use.
        columns: The columns of the clean frame.
        headers: The columns of the source.

    Raises:
        ConfigurationError: The map can be read both ways, or neither.
        SourceError: The source lacks columns; names them with the nearest headers.
    """
    renamed = _header_by_column(rename_map, columns, headers)
    sources = {column: renamed.get(column, column) for column in columns}
    twice = [header for header, n in Counter(sources.values()).items() if n > 1]
    if twice:
        raise ConfigurationError(
            f"get_rename_map gives {_quoted(twice)} to more than one column."
        )
    missing = [header for header in sources.values() if header not in headers]
    if missing:
        unused = [header for header in headers if header not in sources.values()]
        wanted = "; ".join(_with_nearest(header, unused) for header in missing)
        raise SourceError(
            f"The source lacks {len(missing)} of {len(columns)} columns: {wanted}. "
            f"It has {_quoted(headers)}."
        )
    return sources


def check_known(hook: str, names: Iterable[str], columns: Collection[str]) -> None:
    """Refuse a hook that speaks of columns that the frame does not have.

    Raises:
        ConfigurationError: Names each of them and the column that may be meant.
    """
    unknown = [name for name in names if name not in columns]
    if unknown:
        wanted = "; ".join(_with_nearest(name, columns) for name in unknown)
        raise ConfigurationError(
            f"{hook} names columns that get_col_dtype_map does not: {wanted}."
        )


def _header_by_column(
    rename_map: Mapping[str, str], columns: Collection[str], headers: Collection[str]
) -> dict[str, str]:
    as_seen = {column: header for header, column in rename_map.items()}
    if len(as_seen) < len(rename_map) and all(c in columns for c in as_seen):
        raise ConfigurationError("get_rename_map gives one column to several headers.")
    as_kept = dict(rename_map)
    ways = [way for way in (as_seen, as_kept) if all(c in columns for c in way)]
    if not ways:
        unknown = [c for c in as_seen if c not in columns]
        raise ConfigurationError(
            f"get_rename_map maps to {_quoted(unknown)}, which get_col_dtype_map lacks. "
            "It maps headers to columns."
        )
    fitting = [way for way in ways if all(h in headers for h in way.values())]
    if len(fitting or ways) > 1 and as_seen != as_kept:
        raise ConfigurationError(
            "get_rename_map can be read from header to column and from column to "
            "header: both sides are columns. Give the columns names of their own."
        )
    return (fitting or ways)[0]


def _with_nearest(name: str, names: Iterable[str]) -> str:
    return f'"{name}"{did_you_mean(name, names)}'


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
