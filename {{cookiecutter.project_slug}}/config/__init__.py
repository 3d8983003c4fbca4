"""The project's configuration: settings, addresses and the two server entry points."""
