//! The pages of threats and of traps name tests: each of them has to be there.

use std::path::Path;

const THREATS: &str = include_str!("../../docs/SECURITY.md");
const TRAPS: &str = include_str!("../../docs/TRAPS.md");

/// Every `module::test` between backticks, without what says where it is.
fn named(page: &str) -> Vec<(String, String)> {
    let quoted = page.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    let tests = quoted.filter_map(|name| name.rsplit(' ').next()?.split_once("::"));
    tests.map(|(module, test)| (module.to_owned(), test.to_owned())).collect()
}

/// Whether some file or folder of this name has a test of this name.
fn is_there(dir: &Path, module: &str, test: &str) -> bool {
    std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return !path.ends_with("target") && is_there(&path, module, test);
        }
        let is_module = path.file_stem().is_some_and(|stem| stem == module)
            || path.parent().is_some_and(|parent| parent.file_name().is_some_and(|name| name == module));
        is_module && std::fs::read_to_string(&path).is_ok_and(|text| text.contains(&format!("fn {test}()")))
    })
}

fn assert_all_there(named: &[(String, String)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let dirs = ["tests", "infrastructure/src", "infrastructure/tests", "application/src"];
    let missing: Vec<_> =
        named.iter().filter(|(module, test)| !dirs.iter().any(|dir| is_there(&root.join(dir), module, test))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_test_that_the_page_of_threats_names_is_there() {
    let named = named(THREATS);
    assert!(named.len() > 60, "the page lost its tables: {}", named.len());
    assert_all_there(&named);
}

#[test]
fn every_trap_names_a_test_and_every_one_is_there() {
    let traps: Vec<&str> = TRAPS.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| trap")).collect();
    assert!(traps.len() > 17, "the page lost its table: {}", traps.len());
    for trap in traps {
        assert!(!named(trap).is_empty(), "no test is named: {trap}");
    }
    assert_all_there(&named(TRAPS));
}
