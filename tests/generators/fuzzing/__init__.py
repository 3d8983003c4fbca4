"""Random typed tables in random dialects: two deliveries each, compared with the truth."""
