#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes docs/asyncapi.json, the AsyncAPI 3 document of all event types of ours, from assets/schemas, the table in core/hub/registry.cpp,
and the manifests and schemas of plugins/: /usr/bin/python3 -B docs/asyncapi.py > docs/asyncapi.json. A test compares."""
import json
import os
import pathlib
import re
import tomllib

SOURCE = pathlib.Path(os.environ.get("BEACONWALL_SOURCE", pathlib.Path(__file__).resolve().parent.parent))
NOTES = {
    "telemetry": "Telemetry; the hub keeps the last value of each subject.",
    "momentary": "Of the moment: no last value is kept.",
    "record": "A record: each subject has one value, with a revision, that its owner alone writes.",
    "command": "A command: runs once, is answered once, expires.",
}


def our_types():
    """[(type, class, who sends it)] as the hub's table has them; the sender "" is anyone."""
    text = (SOURCE / "core/hub/registry.cpp").read_text(encoding="utf-8")
    table = text[text.index("constexpr Ours kOurs[]"):]
    rows = re.findall(r'\{"(beaconwall\.[a-z0-9_.]+)",\s*Class::(\w+),\s*("[a-z:]*"|k\w+)', table[:table.index("};")])
    named = dict(re.findall(r'constexpr std::string_view (k\w+) = "([^"]*)";', text))
    return [(type_, class_, named.get(sender, sender.strip('"'))) for type_, class_, sender in rows]


def manifests():
    """{plugin: its plugin.toml} of all that we ship."""
    return {file.parent.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted((SOURCE / "plugins").glob("*/plugin.toml"))}


def names(words, type_):
    return any(type_ == word or word.endswith(".") and type_.startswith(word) for word in words)


def plugin_types():
    """[(type, class, who sends it, its schema's file)] of our plugins' own types."""
    out = []
    for plugin, manifest in manifests().items():
        for file in sorted((SOURCE / "plugins" / plugin / "schemas").glob("*.json")):
            owned = names(manifest.get("owns", []), file.stem)
            out.append((file.stem, "record" if owned else "telemetry", "service:" + plugin, file))
    return out


def all_types():
    ours = [(type_, class_, sender, SOURCE / "assets/schemas" / (type_ + ".json")) for type_, class_, sender in our_types()]
    return sorted(ours + plugin_types())


def moved(value, to):
    """A schema with its references as they are within the document."""
    if isinstance(value, dict):
        return {name: to + each[1:] if name == "$ref" else moved(each, to) for name, each in value.items() if name != "$schema"}
    return [moved(each, to) for each in value] if isinstance(value, list) else value


def cloud_event():
    text = {"type": "string", "minLength": 1}
    return {"title": "CloudEvent", "description": "CloudEvents 1.0 in JSON (docs/wire.md). Other attributes are passed on.", "type": "object",
            "required": ["specversion", "id", "source", "type"],
            "properties": {"specversion": {"enum": ["1.0"]}, "id": text, "source": {**text, "description": "the hub replaces it by the sender's name"}, "type": text, "subject": text,
                           "time": {**text, "description": "RFC 3339: when it was true in the field"}, "datacontenttype": text,
                           "space": {**text, "description": "set by the hub, as are the rest"}, "recordedtime": text, "sequence": text,
                           "revision": {"type": "integer", "minimum": 1}, "tombstone": {"type": "boolean"}}}


def message(type_, class_, sender, schema):
    who = sender + "…" if sender.endswith(":") else sender or "anyone"
    data = {"$ref": "#/components/schemas/" + type_}
    # The end of a record has the data that were there before, or none.
    event = {"type": "object", "properties": {"type": {"enum": [type_]}, "data": data}}
    return {"name": type_, "title": schema["title"], "summary": schema["description"], "description": "%s Sent by %s." % (NOTES[class_], who),
            "contentType": "application/cloudevents+json", "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, event]},
            "examples": [{"payload": {"specversion": "1.0", "id": "1", "source": who.rstrip("…"), "type": type_, "subject": "subject", "data": each}} for each in schema["examples"]],
            "x-class": class_, "x-sender": sender}


def operations(type_, class_):
    channel = {"channel": {"$ref": "#/channels/" + type_}, "messages": [{"$ref": "#/channels/%s/messages/event" % type_}]}
    # As AsyncAPI has it, from the point of view of the application that is described: a peer of the hub.
    if class_ == "command":
        return {"command " + type_: {"action": "send", "summary": "The verb command; the reply says how it went.", **channel}}
    verb = "record" if class_ == "record" else "publish"
    return {verb + " " + type_: {"action": "send", **channel}, "hear " + type_: {"action": "receive", "summary": "After subscribe.", **channel}}


def document():
    out = {"asyncapi": "3.0.0",
           "info": {"title": "Beaconwall's event wire", "version": "1", "license": {"name": "Apache-2.0"},
                    "description": "The event types of Beaconwall and of the plugins that it ships. How they travel, to the byte: docs/wire.md."},
           "defaultContentType": "application/cloudevents+json",
           "servers": {"hub": {"host": "localhost", "pathname": "/RUNDIR/hub.sock", "protocol": "zmtp", "description": "A ROUTER, ipc://RUNDIR/hub.sock; docs/wire.md has the frames."}},
           "channels": {}, "operations": {}, "components": {"messages": {}, "schemas": {"CloudEvent": cloud_event()}}}
    for type_, class_, sender, file in all_types():
        schema = json.loads(file.read_text(encoding="utf-8"))
        out["channels"][type_] = {"address": type_ + "/{subject}", "title": schema["title"], "parameters": {"subject": {"description": "of the event"}},
                                  "messages": {"event": {"$ref": "#/components/messages/" + type_}}}
        out["operations"].update(operations(type_, class_))
        out["components"]["messages"][type_] = message(type_, class_, sender, schema)
        out["components"]["schemas"][type_] = moved(schema, "#/components/schemas/" + type_)
    return out


if __name__ == "__main__":
    print(json.dumps(document(), ensure_ascii=False, indent=1))
