//! What people get who do not build: the reference of settings, the unit for systemd, the container's recipe, the npm package and
//! the list of parts. The last two are written by `cargo xtask release --no-binary`.

use crate::harness::{Script, goodword};
use crate::snippets::pages;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[track_caller]
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file of `target/release-files`.
#[track_caller]
fn released(name: &str) -> PathBuf {
    let path = root().join("target/release-files").join(name);
    assert!(path.exists(), "{}: run `cargo xtask release --no-binary`", path.display());
    path.canonicalize().expect("it is there")
}

#[test]
fn the_reference_of_settings_is_up_to_date() {
    let printed = goodword().arg("config-reference").output().expect("goodword starts").stdout;
    let printed = String::from_utf8(printed).expect("text");
    let command = "`goodword config-reference > www/docs/configuration.md`";
    assert!(
        printed == read("www/docs/configuration.md"),
        "www/docs/configuration.md is out of date: run {command}"
    );
}

/// The variables that anything we ship sets, each a known one.
#[test]
fn only_settings_that_there_are_are_set() {
    let known = read("www/docs/configuration.md");
    let shipped = [read("Containerfile"), read("server/packaging/goodword.service")].concat();
    let words = shipped.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let variables: Vec<&str> = words.filter(|w| w.starts_with("GOODWORD_") || *w == "DATABASE_URL").collect();
    assert!(variables.len() >= 6, "{variables:?}");
    for variable in variables {
        assert!(known.contains(&format!("`{variable}`")), "{variable} is no setting");
    }
}

#[test]
fn systemd_takes_the_unit_and_finds_it_closed() {
    let unit = read("server/packaging/goodword.service");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("goodword.service");
    let binary = goodword().get_program().to_string_lossy().into_owned();
    std::fs::write(&file, unit.replace("/usr/local/bin/goodword", &binary)).expect("written");
    let verify = |words: &[&str]| {
        let output = Command::new("systemd-analyze").args(words).arg(&file).output();
        let output = output.expect("systemd-analyze runs: apt-get install -y systemd");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.success(), said)
    };
    let (valid, said) = verify(&["verify"]);
    assert!(valid && !said.contains("goodword.service:"), "{said}");
    let (closed, said) = verify(&["security", "--offline=true", "--threshold=20"]);
    assert!(closed, "{said}");
}

#[test]
fn the_recipe_of_the_container_fits_the_source() {
    let recipe = read("Containerfile");
    let manifest: toml::Table = read("Cargo.toml").parse().expect("a manifest");
    let rust = manifest["workspace"]["package"]["rust-version"].as_str().expect("a version");
    assert!(recipe.contains(&format!("library/rust:{rust}-")), "it builds with another Rust than {rust}");
    let target = "x86_64-unknown-linux-musl";
    assert!(recipe.contains(&format!("cp target/{target}/release/goodword ")), "it takes another file");
    assert!(read("xtask/src/release.rs").contains(&format!("default_value = \"{target}\"")));
    assert!(recipe.contains("RUN cargo xtask release\n"));
    for line in recipe.lines().filter(|line| line.starts_with("COPY --from=build")) {
        assert!(line.contains("/out/") || line.contains("/etc/ssl/certs/"), "{line}");
    }
    let ignored = read(".containerignore");
    for needed in ["server", "widget", "www", "tests", "xtask", "Cargo.lock", ".cargo"] {
        assert!(!ignored.lines().any(|line| line.trim_matches('/') == needed), "{needed} is needed to build");
    }
}

#[test]
fn the_npm_package_is_whole() {
    let output =
        Command::new("npm").args(["pack", "--dry-run", "--json"]).current_dir(released("npm")).output();
    let output = output.expect("npm runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).expect("npm prints JSON");
    let package =
        said.get(0).unwrap_or_else(|| said.as_object().and_then(|all| all.values().next()).expect("one"));
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let files: Vec<&str> =
        package["files"].as_array().expect("files").iter().filter_map(|file| file["path"].as_str()).collect();
    for file in ["index.js", "index.d.ts", "goodword.d.ts", "package.json", "README.md", "LICENSE-MIT"] {
        assert!(files.contains(&file), "{file} is not in {files:?}");
    }
    assert_eq!(files.len(), 7, "{files:?}");
}

/// TypeScript's own compiler takes a page that uses the package, and the guide's, and refuses what would be wrong with it.
#[test]
fn its_types_are_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let modules = folder.path().join("node_modules");
    std::fs::create_dir(&modules).expect("made");
    std::os::unix::fs::symlink(released("npm"), modules.join("goodword-embed")).expect("linked");
    let guide = pages().into_iter().flat_map(|page| page.snippets).filter(|snippet| snippet.language == "ts");
    let guide: Vec<String> = guide.map(|snippet| snippet.text).collect();
    assert!(!guide.is_empty(), "the guide has no TypeScript");
    let mut files = vec!["page.ts".to_owned()];
    files.extend((1..=guide.len()).map(|number| format!("guide-{number}.ts")));
    let texts = [read("tests/clients/embed-example.ts")].into_iter().chain(guide);
    for (file, text) in files.iter().zip(texts) {
        std::fs::write(folder.path().join(file), text).expect("written");
    }
    let options = json!({
        "strict": true, "noEmit": true, "module": "esnext", "moduleResolution": "bundler", "target": "es2022",
        "lib": ["es2022", "dom"], "types": [], "skipLibCheck": false
    });
    let project = json!({ "compilerOptions": options, "files": files });
    std::fs::write(folder.path().join("tsconfig.json"), project.to_string()).expect("written");
    let compiler = root().join("tests/clients/node_modules/.bin/tsc");
    let output = Command::new(compiler).arg("--project").arg(folder.path()).output().expect("tsc runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// On a server, where there is no page, it does nothing; on a page it adds the script once, and calls wait for it.
#[test]
fn it_runs_with_and_without_a_page() {
    let said = Script::new("embed.mjs").with("PACKAGE", &released("npm/index.js").to_string_lossy()).run();
    let expected = json!({
        "without": [null, null],
        "scripts": [{ "src": "https://go.example.com/goodword.js", "key": "pk_live_0", "params": "a b", "nonce": "n" }],
        "calls": ["lead", "ready", "ready"],
        "referral": { "clickId": "clk_1", "key": "MAYA27" }
    });
    assert_eq!(said, expected);
}

#[test]
fn the_list_of_parts_is_what_the_format_says() {
    let version = env!("CARGO_PKG_VERSION");
    let bom = released(&format!("goodword-{version}.cdx.json"));
    let said = Script::new("sbom.py").with("BOM", &bom.to_string_lossy()).run();
    assert_eq!(said["errors"], json!([]));
    assert!(said["components"].as_u64().is_some_and(|count| count > 100), "{said}");
    let bom: Value = serde_json::from_str(&std::fs::read_to_string(bom).expect("read")).expect("JSON");
    let names: Vec<&str> =
        bom["components"].as_array().expect("parts").iter().filter_map(|c| c["name"].as_str()).collect();
    assert!(names.contains(&"axum") && names.contains(&"goodword-domain"), "{names:?}");
    assert!(!names.contains(&"thirtyfour"), "what only tests need is not in the binary");
}
