"""What startimport wrote is compared and run elsewhere; here it is no test."""

collect_ignore_glob = ["*/expected/*", "*/given/*"]
