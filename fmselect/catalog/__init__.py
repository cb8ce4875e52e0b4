"""The catalog: strict files in, an immutable, linked `Catalog` out."""
