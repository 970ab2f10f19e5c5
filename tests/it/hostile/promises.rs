//! That the list of threats and the tests of them are of one mind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The numbers of all tests of threats.
fn tested(directory: &Path, numbers: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tested(&path, numbers);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("fn t"));
            numbers.extend(names.filter_map(|name| {
                let (number, _) = name.split_once('_')?;
                number.parse::<u32>().ok()
            }));
        }
    }
}

#[test]
fn every_threat_has_a_test_of_its_number() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("it");
    let mut numbers = BTreeSet::new();
    tested(&tests, &mut numbers);
    let page = fs::read_to_string(tests.join("../../host/SECURITY.md")).unwrap();
    let listed: BTreeSet<u32> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| T")?.split_once(' ')?.0.parse().ok())
        .collect();
    assert_eq!(listed, (1..=30).collect());
    assert_eq!(numbers, listed, "the tests, and the page's rows");
    for number in listed {
        let row = format!("| T{number:02} |");
        let names = format!("`t{number:02}_*`");
        let row = page.lines().find(|line| line.starts_with(&row)).unwrap();
        assert!(row.contains(&names), "{row}");
    }
}
