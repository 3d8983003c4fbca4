"""What a user should know of an existing model before an import into it is written."""
