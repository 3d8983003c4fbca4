"""Step 2, clean: a source whose values prove, or may have, another notation is refused."""

from collections.abc import Iterator, Mapping

from importkit.cleaning.whole_columns.evidence import Evidence, Evidences, Example
from importkit.errors import SourceError, if_changed, visible
from importkit.problems import Masking, Place

# One value may be a slip. More, or one beside values that would be read as others, is a
# notation, unless so many times as many values speak for the one that the class states.
SLIPS = 1
SHARE = 10
# Values that leave no doubt, so that the rest of the source need not be read.
PLENTY = 1_000


def check_notations(
    evidences: Evidences,
    headers: Mapping[str, str],
    place: Place,
    masking: Masking,
) -> None:
    """Refuse a source whose columns are in another notation than the class says.

    Args:
        evidences: What the values prove, by the column.
        headers: The header of each column.
        place: What the lines count.
        masking: Which values must not be shown.

    Raises:
        SourceError: It names the columns, the evidence and what to change.
    """
    said = []
    for name, found in evidences.items():
        header, is_hidden = visible(headers.get(name, name)), masking.hides(name)
        if _is_exchanged(evidences, name):
            said.append(_sentence(found, name, header, place, is_hidden=is_hidden))
        elif found.grouped and not found.stated:
            said.append(_question(found, name, header, place, is_hidden=is_hidden))
    if said:
        raise SourceError("\n".join(said))


def is_beyond_doubt(evidences: Evidences) -> bool:
    """Return whether no value that is still unread could change the judgement."""
    return any(
        found.other >= PLENTY and not found.stated for found in evidences.values()
    )


def _is_exchanged(evidences: Evidences, name: str) -> bool:
    found = evidences[name]
    if found.other <= found.stated or SHARE * found.other < found.doubtful:
        return False
    alike = [e for e in evidences.values() if e.rival.name == found.rival.name]
    return found.other > SLIPS or any(e.doubtful for e in alike)


def _sentence(
    found: Evidence, name: str, header: str, place: Place, *, is_hidden: bool
) -> str:
    rival = found.rival
    proofs = ", ".join(_places(found, place, is_hidden=is_hidden))
    doubts = "".join(_doubts(found, place, is_hidden=is_hidden))
    least = "at least " if found.is_in_part else ""
    stated = f"{least}{found.stated:,}" if found.stated else "none"
    return (
        f'"{header}" is written with {rival.other_name}, but the cleaning class says '
        f"{rival.name}: {_values(found.other)} can only be read with {rival.other_name} "
        f"({proofs}), {stated} only with {rival.name}{doubts}. {_remedy(found, name)}"
    )


def _question(
    found: Evidence, name: str, header: str, place: Place, *, is_hidden: bool
) -> str:
    """Ask whether three digits behind a mark are decimals, of which a column has fewer."""
    rival = found.rival
    seen = ", ".join(_shown(e, place, is_hidden=is_hidden) for e in found.grouped)
    _, _, stated, other = found.grouped[0]
    both = "" if is_hidden else f": {stated} or {other}"
    return (
        f'"{header}" has three digits behind {rival.name.replace("decimal ", "")} '
        f"({seen}), where the cleaning class keeps fewer decimals, and no value shows "
        f"whether they are decimals or thousands{both}. If they are thousands, "
        f"{_change(found, name)}; if they are decimals, give the column three of them "
        "in get_col_dtype_map and the field."
    )


def _shown(example: Example, place: Place, *, is_hidden: bool) -> str:
    text = "" if is_hidden else f'"{visible(example.text)}" in '
    return f"{text}{place.singular} {example.line:,}"


def _places(found: Evidence, place: Place, *, is_hidden: bool) -> Iterator[str]:
    for example in found.others:
        yield _shown(example, place, is_hidden=is_hidden)
    if found.other > len(found.others):
        yield f"{found.other - len(found.others):,} more"


def _doubts(found: Evidence, place: Place, *, is_hidden: bool) -> Iterator[str]:
    for line, text, stated, other in found.doubts[:1]:
        where = f"{place.singular} {line:,}"
        if is_hidden:
            yield f", and values such as that in {where} would be read as others"
        else:
            yield f', and "{visible(text)}" in {where} would be read as {stated}, not {other}'


def _remedy(found: Evidence, name: str) -> str:
    return if_changed(_change(found, name))


def _change(found: Evidence, name: str) -> str:
    remedy = found.rival.remedy
    if found.has_parser:
        return f'write {remedy} in the parser of "{name}" in get_col_parser_map'
    return f'give "{name}" the parser number({remedy}) in get_col_parser_map'


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"
