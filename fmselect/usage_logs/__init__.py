"""Usage logs, one file per format, each with one signature: a JSON value or a CSV row -> what was used."""
