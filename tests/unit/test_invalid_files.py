"""Every rule for catalog files, each broken by one fixture: file, line, field, and what to do.

A fixture is a small catalog folder that is laid over the frozen one.
"""

from __future__ import annotations

import pytest

from fmselect.catalog import snapshot
from fmselect.catalog.layers import Layer
from fmselect.errors import InvalidInput
from tests.builders import FIXTURES, FROZEN, ON

INVALID = FIXTURES / "invalid"

PROBLEMS = {
    # what the text says
    "duplicate-key": "models/acme/odd.yaml:4: name: is given twice; the first is on line 1: keep one",
    "anchor": "models/acme/odd.yaml:2: family: defines the anchor &odd: write the value out where it is used",
    "null": "models/acme/odd.yaml:4: release: is null: leave the key out; absent means unknown",
    "old-boolean": "models/acme/odd.yaml:6: license.open_weights: is `no`: write true or false, or quote it if it is text",
    "not-finite": "offerings/nimbus/atlas-1.yaml:8: prices[0].usd_per_mtok.input: is .inf: only finite numbers",
    "several-documents": "models/acme/odd.yaml:4: holds more than one document: keep one per file, without `---`",
    "not-utf-8": "models/acme/odd.yaml:1: is not UTF-8: save the file as UTF-8",
    "syntax": "models/acme/odd.yaml:3: is not valid YAML: did not find expected ',' or ']'",
    "empty": "models/acme/odd.yaml:1: is empty",
    "not-a-mapping": "models/acme/odd.yaml:1: is not a mapping of keys to values",
    # where the file stands
    "not-yaml": "models/acme/odd.yml:1: does not end in .yaml: rename it, or move it out of the catalog",
    "wrong-place": "models/odd.yaml:1: is in the wrong place: it should be models/<developer>/<model>.yaml",
    "no-vocabulary": "vocabulary/feature.yaml:1: is no vocabulary: there are features, compliance, languages, customization, geographies, regions, gpus; did you mean 'features'?",
    "id-inside": "models/acme/odd.yaml:1: id: comes from the file's path: remove it",
    "unknown-model": "offerings/nimbus/atlas-3.yaml:1: sells a model that no file in models/ describes: 'atlas-3'; did you mean 'atlas-2'? Otherwise add models/<developer>/atlas-3.yaml",
    "bad-id": "models/acme/Odd_Model.yaml:1: 'Odd_Model' cannot be an id: rename it to small letters and digits, with single . _ - between",
    # what the file may say
    "unknown-key": "models/acme/odd.yaml:4: famly: is not a known key; did you mean 'family'?",
    "unknown-key-inside": "models/acme/odd.yaml:5: limits.contxt_tokens: is not a known key; did you mean 'context_tokens'? (known: checked, conflicts, context_tokens, input_tokens, note, output_tokens, secondary, source, unusual)",
    "missing-key": "models/acme/odd.yaml:1: family: is missing: add it",
    "no-source": "models/acme/odd.yaml:4: limits.source: is missing: add it",
    "no-date": "models/acme/odd.yaml:4: limits.checked: is missing: add it",
    "unknown-term": "models/acme/odd.yaml:3: kind: is 'chatt', not one of chat, embedding, rerank, image, video, speech-to-text, text-to-speech, music, realtime, document, moderation, encoder; did you mean 'chat'?",
    "wrong-type": "models/acme/odd.yaml:1: name: is 4.5, not text: quote it if it is meant as text",
    "text-for-number": "models/acme/odd.yaml:5: limits.context_tokens: is '200k', not a whole number: write it in digits, such as 200000",
    "negative-price": "offerings/nimbus/atlas-1.yaml:8: prices[0].usd_per_mtok.input: is -1: it must be at least 0",
    "zero-context": "models/acme/odd.yaml:5: limits.context_tokens: is 0: it must be above 0",
    "geo-without-geography": "offerings/nimbus/atlas-1.yaml:6: scopes[0]: a geo scope names its geography, and no other scope does",
    "steps-not-rising": "offerings/nimbus/atlas-1.yaml:6: prices[0]: steps need rising bounds",
    "steps-alone": "offerings/nimbus/atlas-1.yaml:6: prices[0]: steps need the usd_per_mtok that holds below the first bound",
    "price-ends-before-it-starts": "offerings/nimbus/atlas-1.yaml:6: prices[0]: from_on 2026-12-01 is not before until_on 2026-11-01",
    "bad-hours": "offerings/nimbus/atlas-1.yaml:7: prices[0].hours_utc: is '9-17', which does not fit the pattern ^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
    "unknown-key-in-a-list": "offerings/nimbus/atlas-1.yaml:9: prices[0].usd_per_mtok.ouput: is not a known key; did you mean 'output'?",
    "three-numbers-for-an-interval": "offerings/nimbus/atlas-1.yaml:7: speed[0].ttft_s: has 3 items: it may have at most 2",
    "speed-backwards": "offerings/nimbus/atlas-1.yaml:6: speed[0]: ttft_s goes from 2 to 1: write the lower end first",
    "speed-without-day": "offerings/nimbus/atlas-1.yaml:6: speed[0]: a measurement needs its day: measured_on",
    "list-for-mapping": "models/acme/odd.yaml:4: limits: is a list, not a mapping: write its keys below it",
    "text-for-list": "models/acme/odd.yaml:5: modalities.input: is 'text', not a list: write each item on its own line, after `- `",
    "text-for-boolean": "models/acme/odd.yaml:6: license.open_weights: is 'none', not true or false",
    "text-for-date": "models/acme/odd.yaml:7: limits.checked: is '22.11.2026', not a date: write YYYY-MM-DD, without quotes",
    "text-for-price": "offerings/nimbus/atlas-1.yaml:8: prices[0].usd_per_mtok.input: is 'free', not a number",
    "alias-of-no-id": "aliases/odd.yaml:3: names.atlas: is 'atlas-2', which does not fit the pattern ^[a-z0-9]+([._-][a-z0-9]+)*[/@][a-z0-9]+([._-][a-z0-9]+)*$",
    "empty-text": "models/acme/odd.yaml:1: name: is empty: write something, or leave the key out",
    "one-number-for-an-interval": "offerings/nimbus/atlas-1.yaml:7: speed[0].ttft_s[1]: is missing: add it",
    "unknown-platform-far": "offerings/zzz/atlas-1.yaml:1: is sold on 'zzz', which no file in platforms/ describes; add platforms/zzz.yaml",
    "unknown-model-far": "offerings/nimbus/zzz.yaml:1: sells a model that no file in models/ describes: 'zzz'; add models/<developer>/zzz.yaml",
    "unknown-criterion": "tasks/odd.yaml:12: weights.qualty: is 'qualty', not one of quality, cost, latency, throughput, context, factuality; did you mean 'quality'?",
    # what must hold between files
    "same-file-name": "models/cirrus/atlas-1.yaml:1: has the same file name as acme/atlas-1: rename one, offerings could mean either",
    "model-unknown-feature": "models/acme/odd.yaml:6: features.supported[0]: 'cachin' is not in vocabulary/features.yaml; did you mean 'caching'?",
    "model-feature-in-both-lists": "models/acme/odd.yaml:7: features.unsupported: 'tools' is also in supported: keep one",
    "model-unknown-language": "models/acme/odd.yaml:7: languages.codes[1]: 'xx' is not in vocabulary/languages.yaml",
    "model-unknown-license": "models/acme/odd.yaml:5: license.id: 'propietary' is not in licenses/; did you mean 'proprietary'?",
    "platform-unknown-cloud": "platforms/odd.yaml:4: cloud: 'nimbo' is not in vocabulary/regions.yaml; did you mean 'nimbus'?",
    "platform-unknown-program": "platforms/odd.yaml:5: compliance.hippa: 'hippa' is not in vocabulary/compliance.yaml; did you mean 'hipaa'?",
    "platform-unknown-program-region": "platforms/odd.yaml:9: compliance.hipaa.regions[0]: 'eu-9' is not in vocabulary/regions.yaml; did you mean 'eu-2'?",
    "platform-region-without-cloud": "platforms/odd.yaml:8: compliance.hipaa.regions[0]: 'eu-1': platforms/odd.yaml names no cloud, so it has no regions",
    "platform-unknown-program-model": "platforms/odd.yaml:8: compliance.hipaa.models[0]: 'acme/atlas-22' is not in models/; did you mean 'acme/atlas-2'?",
    "platform-unknown-program-developer": "platforms/odd.yaml:8: compliance.hipaa.developers[0]: 'acmee' is not in models/; did you mean 'acme'?",
    "platform-unknown-customization": "platforms/odd.yaml:5: customization.fine-tunning: 'fine-tunning' is not in vocabulary/customization.yaml; did you mean 'fine-tuning'?",
    "platform-unknown-geography": "platforms/odd.yaml:6: geographies.europa.within: 'eur' is not in vocabulary/geographies.yaml; did you mean 'eu'?",
    "offering-unknown-platform": "offerings/nimbsu/atlas-1.yaml:1: is sold on 'nimbsu', which no file in platforms/ describes; did you mean 'nimbus'? Otherwise add platforms/nimbsu.yaml",
    "offering-unknown-successor": "offerings/nimbus/atlas-1.yaml:7: lifecycle.successor: 'acme/atlas-3' is not in models/; did you mean 'acme/atlas-2'?",
    "offering-unknown-license": "offerings/nimbus/atlas-1.yaml:6: license.id: 'mit' is not in licenses/",
    "offering-unknown-region": "offerings/nimbus/atlas-1.yaml:9: scopes[0].regions[1]: 'eu1' is not in vocabulary/regions.yaml; did you mean 'eu-1'?",
    "offering-unknown-geography": "offerings/nimbus/atlas-1.yaml:7: scopes[0].geography: 'us' is not in geographies of platforms/nimbus.yaml",
    "scope-twice": "offerings/nimbus/atlas-1.yaml:9: scopes[1]: is global again, like scopes[0]: join them",
    "price-of-no-scope": "offerings/nimbus/atlas-1.yaml:12: prices[0].scopes[0]: 'in_region' is not in the offering's scopes",
    "prices-overlap": "offerings/nimbus/atlas-1.yaml:13: prices[1]: holds for the same tier, scope and time as prices[0]: a bill must have one answer",
    "price-per-thousand": "offerings/nimbus/atlas-1.yaml:8: prices[0].usd_per_mtok.input: is 3000 USD per million tokens: no model costs that; give the price per million, not per thousand or per token",
    "dates-backwards": "offerings/nimbus/atlas-1.yaml:8: lifecycle.retires_on: is 2025-06-01, before available_on 2026-06-01: check both dates",
    "retired-in-the-future": "offerings/nimbus/atlas-1.yaml:6: lifecycle.stage: is retired, but retires_on 2027-06-01 is after checked 2026-11-22",
    "limit-above-the-model": "offerings/nimbus/atlas-1.yaml:6: limits.context_tokens: is 300,000, above the model's own 200,000: one of the two is wrong",
    "row-of-unknown-model": "benchmarks/odd.yaml:10: rows[0].model: 'acme/atlas-9' is not in models/; did you mean 'acme/atlas-2'?",
    "score-outside-interval": "benchmarks/odd.yaml:11: rows[0].score: is 50.0, outside its interval [51.0, 55.0]",
    "task-unknown-benchmark": "tasks/odd.yaml:15: benchmarks[0].benchmark: 'dual' is not in benchmarks/; did you mean 'duel'?",
    "task-unknown-feature": "tasks/odd.yaml:15: features[0]: 'tool' is not in vocabulary/features.yaml; did you mean 'tools'?",
    "task-weighs-nothing": "tasks/odd.yaml:11: weights: weighs nothing: give at least one criterion a weight above 0",
    "license-unknown-territory": "licenses/odd.yaml:3: territories[0].geography: 'atlantis' is not in vocabulary/geographies.yaml",
    "alias-of-unknown-model": "aliases/odd.yaml:3: names.Atlas 2: 'acme/atlas-22' is not in models/; did you mean 'acme/atlas-2'?",
    "alias-of-unknown-offering": "aliases/odd.yaml:3: names.atlas: 'atlas-2@nimbsu' is not in offerings/; did you mean 'atlas-2@nimbus'?",
    "alias-effort-of-no-name": "aliases/odd.yaml:3: efforts.atlas: is not in names: say there which model it means",
    "alias-in-both-lists": "aliases/odd.yaml:5: ignored.atlas: is also in names: keep one",
    "alias-left-out-twice": "aliases/odd.yaml:3: left_out.atlas: is also in ignored: keep one",
    "alias-of-unknown-platform": "aliases/odd.yaml:3: left_out.atlas.of: 'nimbsu' is not in platforms/; did you mean 'nimbus'?",
    "alias-seller-of-unknown-platform": "aliases/odd.yaml:3: platforms.nimbus_ai: 'nimbsu' is not in platforms/; did you mean 'nimbus'?",
    # what makes sense
    "cutoff-before-release": "models/acme/odd.yaml:9: knowledge.cutoff: is 2026-07, after released_on 2026-06-01: check it; if the source really says so, tell it under `unusual: {cutoff-before-release: ...}`",
    "active-above-total": "models/acme/odd.yaml:6: parameters.active_billion: is 80, above total_billion 8: check both",
    "address-without-https": "models/acme/odd.yaml:6: limits.source: is an address without https://: write it whole, so that people can follow it",
    "batch-not-dearer": "offerings/nimbus/atlas-1.yaml:15: prices[1].usd_per_mtok.output: is 2.5 for batch, dearer than 2 for standard: check it; if the source really says so, tell it under `unusual: {batch-not-dearer: ...}`",
    "cache-read-not-dearer": "offerings/nimbus/atlas-1.yaml:10: prices[0].usd_per_mtok.cache_read: is 1.25, dearer than input 1: check it; if the source really says so, tell it under `unusual: {cache-read-not-dearer: ...}`",
    "efforts-out-of-order": "models/acme/odd.yaml:5: reasoning.efforts: are not in order, lowest first: low, high",
    "ends-before-release": "offerings/nimbus/odd.yaml:7: lifecycle.retires_on: is 2026-05-01, before the model came out on 2026-06-01",
    "ends-before-the-promise": "offerings/nimbus/atlas-1.yaml:7: lifecycle.retires_on: is 2027-06-01, before retires_not_before 2027-09-01: keep what is announced",
    "excuse-without-need": "offerings/nimbus/atlas-1.yaml:11: prices[0].unusual.batch-not-dearer: excuses nothing: this group does not break 'batch-not-dearer' (rules: cache-read-not-dearer, output-not-cheaper, step-not-cheaper, batch-not-dearer, like-elsewhere, released-before-sale, cutoff-before-release, kind-fits-modalities); remove it",
    "for-sale-after-its-end": "offerings/nimbus/atlas-1.yaml:6: lifecycle.stage: is ga, but retires_on 2026-11-01 is not after checked 2026-11-22: it is retired",
    "image-in-cents": "offerings/nimbus/atlas-1.yaml:8: prices[0].usd_per_image.default: is 40 USD, above 20, which nothing costs: give dollars for one",
    "input-above-context": "models/acme/odd.yaml:6: limits.input_tokens: is 2,000, above context_tokens 1,000, which holds input and output: check both",
    "its-own-successor": "offerings/nimbus/atlas-1.yaml:7: lifecycle.successor: is the model itself: name the one to move to",
    "kind-fits-modalities": "models/acme/odd.yaml:7: modalities.output: does not name relevance, which every model of kind rerank has: check it; if the source really says so, tell it under `unusual: {kind-fits-modalities: ...}`",
    "like-elsewhere": "offerings/own-machines/bear-embed.yaml:8: prices[0].usd_per_mtok.input: is 50, and the middle of all prices of the model is 0.1: check it; if the source really says so, tell it under `unusual: {like-elsewhere: ...}`",
    "method-not-given": "offerings/nimbus/atlas-1.yaml:7: customization.distillation.access: is self_serve, and none in platforms/nimbus.yaml: one of the two is wrong",
    "not-found-and-given": "platforms/odd.yaml:11: not_documented[0].facts[1]: 'retention.days' is given in this file: remove it here",
    "not-found-unknown-fact": "platforms/odd.yaml:6: not_documented[0].facts[0]: 'retentoin' is not in the facts of a platform; did you mean 'retention'?",
    "not-found-unknown-key": "platforms/odd.yaml:6: not_documented[0].facts[0]: 'hippa' is not in the keys of compliance; did you mean 'hipaa'?",
    "output-not-cheaper": "offerings/nimbus/atlas-1.yaml:9: prices[0].usd_per_mtok.output: is 1, cheaper than input 2: check it; if the source really says so, tell it under `unusual: {output-not-cheaper: ...}`",
    "price-after-the-end": "offerings/nimbus/atlas-1.yaml:12: prices[0].from_on: is 2027-01-01, when it is already retired (2027-01-01)",
    "price-of-no-region": "offerings/nimbus/atlas-1.yaml:14: prices[0].regions[0]: 'us-1' is no region of its scopes: add it there, or remove it",
    "reasons-and-does-not": "models/acme/odd.yaml:5: features.unsupported: names reasoning, and reasoning.efforts has some: keep one",
    "released-before-sale": "offerings/nimbus/atlas-2.yaml:7: lifecycle.available_on: is 2026-05-01, before the model came out on 2026-06-01: check it; if the source really says so, tell it under `unusual: {released-before-sale: ...}`",
    "search-per-thousand": "offerings/nimbus/atlas-1.yaml:7: prices[0].usd_per_search: is 20 USD, above 5, which nothing costs: give dollars for one",
    "self-hosted-without-weights": "offerings/own-machines/atlas-2.yaml:1: is self-hosted, and models/acme/atlas-2.yaml has no open weights: one of the two is wrong",
    "step-not-cheaper": "offerings/nimbus/atlas-1.yaml:13: prices[0].steps[0].usd_per_mtok.input: is 1, cheaper than 2 below the bound: check it; if the source really says so, tell it under `unusual: {step-not-cheaper: ...}`",
    "successor-ends-first": "offerings/nimbus/atlas-1.yaml:8: lifecycle.successor: is 'acme/atlas-2-mini', which ends 2027-05-01 itself: name a model that lasts longer",
    "tier-not-sold": "offerings/odd/atlas-1.yaml:6: prices[0].tier: is batch, which platforms/odd.yaml does not sell",
    "two-addresses": "models/acme/odd.yaml:6: limits.source: holds more than one address: give one, and the others in the note",
    "zero-retention-that-keeps": "platforms/odd.yaml:6: retention.zero: is default, and 30 days are kept: zero retention is not the default",
    "checked-in-the-future": "models/acme/odd.yaml:7: limits.checked: is 2027-11-22, in the future (today is 2026-11-23)",
    "not-https": "models/acme/odd.yaml:6: limits.source: is not https: give the https address",
}
"""By folder of tests/fixtures/invalid: the one problem it has."""


@pytest.mark.parametrize("rule", sorted(PROBLEMS))
def test_a_broken_rule_is_one_problem_with_its_place(rule: str) -> None:
    with pytest.raises(InvalidInput, match=r"^mine/") as caught:
        snapshot.read([FROZEN, Layer(INVALID / rule, "mine")], ON)

    assert str(caught.value) == f"mine/{PROBLEMS[rule]}"


def test_every_invalid_fixture_is_expected() -> None:
    assert {folder.name for folder in INVALID.iterdir()} == set(PROBLEMS)


def test_the_frozen_catalog_breaks_no_rule() -> None:
    entries = snapshot.read([FROZEN], ON)

    assert (len(entries.models), len(entries.platforms), len(entries.offerings)) == (6, 3, 9)
