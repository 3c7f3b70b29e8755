"""The lake: its log, attempts, staging, files, commits and readers. It stands on storage; the other stages stand on both."""
