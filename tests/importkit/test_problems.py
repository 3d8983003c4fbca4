import polars as pl

from importkit.problems import LINES, ROWS, SCHEMA, describe, describe_left_out


def test_at_most_five_causes_with_three_examples_are_shown() -> None:
    found = pl.DataFrame(
        [(line, f"c{column}", "x", "unreadable", "not a number")
         for column in range(7) for line in range(2, 2000)],
        schema=SCHEMA,
        orient="row",
    )  # fmt: skip

    lines = describe(found, LINES).split("\n")

    assert lines[:5] == [
        "13,986 problems in 1,998 rows:",
        "  c0: not a number, 1,998 rows",
        "    line 2: 'x'",
        "    line 3: 'x'",
        "    line 4: 'x'",
    ]
    assert lines[-1] == "  ... and 2 more causes"
    assert len(lines) == 1 + 5 * 4 + 1


def test_rows_left_out_are_counted_by_reason() -> None:
    left_out = pl.DataFrame(
        {
            "line": [4, 5, 6, 7, 9],
            "reason": ["sku as in an earlier row"] * 4 + ["nothing in name"],
        }
    )

    assert describe_left_out(left_out, ROWS) == (
        "Left out 4 rows: sku as in an earlier row (rows 4, 5, 6 and 1 more).\n"
        "Left out 1 row: nothing in name (row 9)."
    )
