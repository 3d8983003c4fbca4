"""Tests of the ledger of imports and of what runs them."""
