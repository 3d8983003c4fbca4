"""Adding the framework to projects that exist."""
