"""Files whose cells have types: Parquet, JSON and workbooks."""
