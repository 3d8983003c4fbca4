"""What a command hands over for each model: its frame, those of parents, and of links."""

from collections.abc import Iterable
from dataclasses import dataclass

from generators.code.expressions import Tuple, texts
from generators.naming import Identifier, ModelName, Source, literal

# Keeps the line of a row, where the frame has lines.
LINE = 'pl.col("^_line$")'


@dataclass(frozen=True)
class MadeParent:
    """A parent whose missing rows an import creates.

    Attributes:
        model: The parent.
        variable: The name of its frame.
        fields: The fields by which a row is found, which are its natural key.
        sources: For each column, or set of columns, that names such a parent: the frame,
            and its columns in the order of the fields.
    """

    model: ModelName
    variable: Identifier
    fields: tuple[Identifier, ...]
    sources: tuple[tuple[Identifier, tuple[Identifier, ...]], ...]

    @property
    def statement(self) -> Source:
        """The assignment of the frame, without a row twice or without a name."""
        frames = [
            f"{frame}.select({LINE}, {_named(zip(self.fields, columns, strict=True))})"
            for frame, columns in self.sources
        ]
        rows = frames[0] if len(frames) == 1 else f"pl.concat([{', '.join(frames)}])"
        by = _names(self.fields)
        unique = f".drop_nulls({by}).unique({by}, maintain_order=True)"
        return Source(f"{self.variable} = ({rows}{unique})")


@dataclass(frozen=True)
class Link:
    """A many-to-many field that one column fills.

    Attributes:
        through: The model of the links, as an expression.
        variable: The name of its frame.
        column: The column, in the clean frame.
        mark: What stands between two values of a cell.
        own: The columns that find the row itself, by the paths of the look-up.
        target: The path of the look-up of the other side.
        key: The two foreign keys of the links.
    """

    through: Source
    variable: Identifier
    column: Identifier
    mark: str
    own: tuple[tuple[Identifier, Identifier], ...]
    target: Identifier
    key: tuple[Identifier, Identifier]

    @property
    def statement(self) -> Source:
        """The assignment of the frame: one row for each value of a cell."""
        split = f'pl.col("{self.column}").str.split({literal(self.mark)})'
        by = _names([*(path for path, _ in self.own), self.target])
        value = f'pl.col("{self.target}")'
        return Source(
            f"{self.variable} = (df.select({LINE}, {_named(self.own)}, "
            f'{self.target}={split}).explode("{self.target}")'
            f".with_columns({value}.str.strip_chars()).filter({value} != "
            f'"").unique({by}, maintain_order=True))'
        )


def statements(
    parents: tuple[MadeParent, ...], links: tuple[Link, ...]
) -> list[Source]:
    """Return the assignments of all frames; those of links first, which name parents."""
    return [*(link.statement for link in links), *(made.statement for made in parents)]


def bulks(
    model: ModelName, parents: tuple[MadeParent, ...], links: tuple[Link, ...]
) -> Source:
    """Return the dictionary of frames by model."""
    rows = f"df.drop({_names([link.column for link in links])})" if links else "df"
    items = [
        *(f"{made.model.name}: {made.variable}" for made in parents),
        f"{model.name}: {rows}",
        *(f"{link.through}: {link.variable}" for link in links),
    ]
    return Source(f"{{{', '.join(items)}}}")


def natural_keys(
    model: ModelName,
    key: tuple[Identifier, ...],
    parents: tuple[MadeParent, ...],
    links: tuple[Link, ...],
) -> list[tuple[Source, Tuple]]:
    """Return the natural key of each model that has one."""
    keys = [
        *((Source(made.model.name), made.fields) for made in parents),
        (Source(model.name), key),
        *((link.through, link.key) for link in links),
    ]
    return [(name, texts(fields)) for name, fields in keys if fields]


def _named(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f'{name}="{column}"' for name, column in pairs)


def _names(names: Iterable[str]) -> str:
    items = [f'"{name}"' for name in names]
    return items[0] if len(items) == 1 else f"[{', '.join(items)}]"
