"""Holds a list of parts (the file named by BOM) against CycloneDX's own schema, and tells what is wrong with it."""

import importlib.resources
import json
import os

import jsonschema_rs

folder = importlib.resources.files("cyclonedx.schema") / "_res"


def read(name):
    return json.loads((folder / name).read_text())


known = {name: read(f"{name}.SNAPSHOT.schema.json") for name in ("spdx", "jsf-0.82")}


def find(uri):
    return known[uri.rsplit("/", 1)[-1].removesuffix(".schema.json").removesuffix(".SNAPSHOT")]


validator = jsonschema_rs.validator_for(read("bom-1.5.SNAPSHOT.schema.json"), retriever=find)
with open(os.environ["BOM"]) as file:
    bom = json.load(file)
errors = [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(bom)]
print(json.dumps({"components": len(bom["components"]), "errors": errors[:20]}))
