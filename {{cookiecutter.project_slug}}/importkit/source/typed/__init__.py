"""Files whose columns have types: Parquet and JSON."""
