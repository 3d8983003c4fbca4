"""An app with every kind of relation, for the tests of importkit."""
