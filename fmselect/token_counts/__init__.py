"""How many tokens a text is for a model: one file per kind of tokenizer, each giving a `Counter` or why there is none."""
