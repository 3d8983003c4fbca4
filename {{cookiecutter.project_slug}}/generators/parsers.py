"""How a column's text is read, where the default reading would refuse it."""

from generators.infer import Column, Kind
from generators.layout import Call, Expression, Items
from generators.names import Source, literal
from importkit import parsing

ISO = {
    Kind.DATE: ("%Y-%m-%d",),
    Kind.TIME: ("%H:%M", "%H:%M:%S", "%H:%M:%S%.f"),
}
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT})


def find_parser(column: Column, kind: Kind) -> Call | None:
    """Return the call that makes a column's parser, or None for the default reading.

    Args:
        column: How the sample writes its values.
        kind: What they have to become.
    """
    if kind in NUMBERS and column.kind in NUMBERS:
        return _number(column)
    if kind is Kind.BOOLEAN and column.kind is Kind.BOOLEAN:
        return _boolean(column)
    return _moment(column, kind)


def suits(column: Column, kind: Kind) -> bool:
    """Say whether a sample's values can become values of a kind."""
    if kind in {Kind.TEXT, column.kind} or column.nulls == column.rows:
        return True
    if kind is Kind.INTEGER:
        return False
    return {column.kind, kind} <= NUMBERS or (
        column.kind is Kind.DATE and kind is Kind.DATETIME
    )


def _number(column: Column) -> Call | None:
    keywords: list[tuple[Source, Expression]] = []
    if column.decimal not in {None, "", "."}:
        keywords.append((Source("decimal"), literal(column.decimal)))
    if column.thousands:
        keywords.append((Source("thousands"), literal(column.thousands)))
    return Call(Source("number"), keywords=tuple(keywords)) if keywords else None


def _boolean(column: Column) -> Call | None:
    words = (
        ("true", column.true, parsing.TRUE),
        ("false", column.false, parsing.FALSE),
    )
    if all({word.lower() for word in seen} <= {*known} for _, seen, known in words):
        return None
    return Call(
        Source("boolean"),
        keywords=tuple(
            (Source(name), Items(tuple(map(literal, seen)))) for name, seen, _ in words
        ),
    )


def _moment(column: Column, kind: Kind) -> Call | None:
    if kind not in {Kind.DATE, Kind.DATETIME, Kind.TIME} or not column.format:
        return None
    if column.format in ISO.get(column.kind, ()):
        return None
    return Call(Source(kind.name.lower()), (literal(column.format),))
