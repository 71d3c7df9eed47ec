# SPDX-License-Identifier: Apache-2.0
"""Every event type has a schema and every schema a type; examples and recorded events match; docs/asyncapi.json is as they are."""
import json
import os
import pathlib
import sys
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["BEACONWALL_SOURCE"])
sys.path.insert(0, str(SOURCE / "docs"))
import asyncapi  # noqa: E402

OURS = SOURCE / "assets/schemas"


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


def schemas():
    """{file: schema} of all event types, ours and our plugins'."""
    return {file: read(file) for file in [*OURS.glob("*.json"), *(SOURCE / "plugins").glob("*/schemas/*.json")]}


def references(value):
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "$ref" and isinstance(each, str):
                yield each
            else:
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def resolved(document, reference):
    at = document
    for step in reference.removeprefix("#/").split("/"):
        at = at[step]
    return at


class SchemasTest(unittest.TestCase):
    def test_each_type_of_ours_has_a_schema_and_each_schema_a_type(self):
        types = [type_ for type_, _, _ in asyncapi.our_types()]
        self.assertGreater(len(types), 25, "the table in core/hub/registry.cpp is not read any more")
        self.assertEqual(sorted(types), sorted(file.stem for file in OURS.glob("*.json")))

    def test_each_type_that_a_plugin_of_ours_names_has_a_schema_and_each_schema_is_named(self):
        ours = {type_ for type_, _, _ in asyncapi.our_types()}
        for plugin, manifest in asyncapi.manifests().items():
            there = {file.stem for file in (SOURCE / "plugins" / plugin / "schemas").glob("*.json")}
            words = [*manifest.get("publishes", []), *manifest.get("owns", []),
                     *(each for panel in manifest.get("panel", []) for each in panel.get("commands", []))]
            for word in words:
                if word not in ours:
                    self.assertTrue(any(asyncapi.names([word], type_) for type_ in there), f"{plugin} has no schema for {word}")
            for type_ in there:
                self.assertTrue(asyncapi.names(words, type_), f"the manifest of {plugin} does not name {type_}")

    def test_they_are_draft_4_and_their_examples_match(self):
        for file, schema in schemas().items():
            with self.subTest(file.name):
                self.assertEqual(schema["$schema"], "http://json-schema.org/draft-04/schema#")
                jsonschema.Draft4Validator.check_schema(schema)
                for name in ("title", "description"):
                    self.assertTrue(schema[name])
                self.assertTrue(schema["examples"], "an example tells more than a rule")
                for example in schema["examples"]:
                    jsonschema.Draft4Validator(schema).validate(example)

    def test_what_has_one_name_in_several_of_ours_is_one_thing(self):
        seen = {}
        for file in OURS.glob("*.json"):
            for name, definition in read(file).get("definitions", {}).items():
                first, other = seen.setdefault(name, (file.name, definition))
                self.assertEqual(definition, other, f"{name} of {file.name} and of {first}")

    def test_recorded_events_match(self):
        by_type = {file.stem: jsonschema.Draft4Validator(schema) for file, schema in schemas().items()}
        recorded = [json.loads(line) for line in (SOURCE / "tests/golden/events/demo.jsonl").read_text(encoding="utf-8").splitlines()]
        self.assertGreater(len(recorded), 100)
        for event in recorded:
            faults = [fault.message for fault in by_type[event["type"]].iter_errors(event["data"])]
            self.assertEqual(faults, [], event)

    def test_the_asyncapi_document_is_as_they_are(self):
        written = read(SOURCE / "docs/asyncapi.json")
        self.assertEqual(written, asyncapi.document(), "run /usr/bin/python3 -B docs/asyncapi.py > docs/asyncapi.json")
        self.assertEqual(written["asyncapi"], "3.0.0")
        self.assertEqual(sorted(written["channels"]), sorted(file.stem for file in schemas()))

    def test_the_asyncapi_document_holds_together(self):
        document = read(SOURCE / "docs/asyncapi.json")
        found = list(references(document))
        self.assertGreater(len(found), 200)
        for reference in found:
            self.assertTrue(reference.startswith("#/"), reference)
            self.assertIsInstance(resolved(document, reference), dict, reference)
        for name, message in document["components"]["messages"].items():
            payload = dict(message["payload"], components=document["components"])
            for example in message["examples"]:
                jsonschema.Draft4Validator(payload).validate(example["payload"])
            wrong = dict(message["examples"][0]["payload"], type=name + "x")
            self.assertTrue(list(jsonschema.Draft4Validator(payload).iter_errors(wrong)), name)
        for operation in document["operations"].values():
            self.assertIn(operation["action"], ("send", "receive"))
            self.assertEqual({*operation["messages"][0]["$ref"].split("/")} >= {*operation["channel"]["$ref"].split("/")}, True)


if __name__ == "__main__":
    unittest.main()
