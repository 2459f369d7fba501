//! The list of everything the binary is made of, in `CycloneDX` 1.5. Cargo itself says what that is (`cargo metadata`); a test holds
//! what is written here against the format's own schema.

use crate::demo::cargo;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The list of the server's parts on a system.
pub fn of_server(triple: &str) -> Result<Value> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", triple])
        .output()
        .context("cargo does not run")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    describe(&serde_json::from_slice(&output.stdout)?, "goodword")
}

/// From what Cargo says to the list: the package of that name, and all it is compiled with.
fn describe(metadata: &Value, name: &str) -> Result<Value> {
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"]).map(|p| (text(&p["id"]), p)).collect();
    let needs: BTreeMap<&str, Vec<&str>> =
        list(&metadata["resolve"]["nodes"]).map(|node| (text(&node["id"]), needed(node))).collect();
    let (root, package) =
        packages.iter().find(|(_, p)| p["name"] == name).context("the workspace has no such package")?;
    let mut found = BTreeSet::from([*root]);
    let mut waiting = vec![*root];
    while let Some(id) = waiting.pop() {
        waiting.extend(needs.get(id).into_iter().flatten().copied().filter(|need| found.insert(need)));
    }
    let parts = found.iter().filter(|id| *id != root).filter_map(|id| packages.get(id));
    let components: Vec<Value> = parts.map(|package| component(package, "library")).collect();
    let dependencies: Vec<Value> = found
        .iter()
        .map(|id| {
            let on: BTreeSet<String> = needs
                .get(id)
                .into_iter()
                .flatten()
                .filter_map(|need| packages.get(need))
                .map(|p| reference(p))
                .collect();
            json!({ "ref": reference(packages[id]), "dependsOn": on })
        })
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": component(package, "application") },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What a package is compiled with: not what only its tests need.
fn needed(node: &Value) -> Vec<&str> {
    let used = |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"] != "dev");
    list(&node["deps"]).filter(used).map(|dependency| text(&dependency["pkg"])).collect()
}

fn component(package: &Value, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    });
    if let Some(licence) = package["license"].as_str() {
        // Before SPDX expressions Cargo wrote a slash for "or".
        component["licenses"] = json!([{ "expression": licence.replace('/', " OR ") }]);
    }
    if let Some(address) = package["repository"].as_str() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": address }]);
    }
    component
}

fn reference(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", text(&package["name"]), text(&package["version"]))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lists_what_is_compiled_in_and_nothing_else() {
        let package =
            |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0" });
        let needs = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let packages = ["app", "part", "deep", "tester", "stranger"].map(package);
        let metadata = json!({
            "packages": packages,
            "resolve": { "nodes": [
                { "id": "app", "deps": [needs("part", Value::Null), needs("tester", json!("dev"))] },
                { "id": "part", "deps": [needs("deep", json!("build"))] },
                { "id": "stranger", "deps": [needs("deep", Value::Null)] },
            ] },
        });
        let bom = describe(&metadata, "app").expect("described");
        let names: Vec<&str> = list(&bom["components"]).map(|c| text(&c["name"])).collect();
        assert_eq!(names, ["deep", "part"]);
        assert_eq!(bom["metadata"]["component"]["name"], "app");
        assert_eq!(bom["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(bom["dependencies"][0]["dependsOn"], json!(["pkg:cargo/part@1.0.0"]));
    }
}
