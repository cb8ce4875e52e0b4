"""What outside lists say, as findings about entries of the catalog, and how they are merged into its files.

One file a source, all with one signature: `read(raw, aliases) -> Findings`. `sources` is the table of
them, `merging` is what decides what may be written.
"""
