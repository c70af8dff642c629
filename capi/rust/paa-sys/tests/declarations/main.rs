//! src/lib.rs says what capi/paa.h says: every name, type, argument and value.

mod header;
mod layout;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&full).unwrap_or_else(|error| panic!("{}: {error}", full.display()))
}

/// Without the spaces and commas that mean nothing.
fn compact(declaration: &str) -> String {
    let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut text = String::new();
    let mut pending = false;
    for character in declaration.chars() {
        if character.is_whitespace() {
            pending = true;
            continue;
        }
        if pending && word(character) && text.ends_with(word) {
            text.push(' ');
        }
        pending = false;
        text.push(character);
    }
    text.replace(",)", ")").replace(",}", "}").replace(",>", ">")
}

/// Those of `these` that `others` lacks, a line each.
fn missing(these: &[String], others: &[String]) -> String {
    let mut left: BTreeMap<String, &String> = these.iter().map(|one| (compact(one), one)).collect();
    for other in others {
        left.remove(&compact(other));
    }
    left.values().map(|one| format!("\n    {one}")).collect()
}

#[test]
fn every_declaration_of_the_header_and_no_other() {
    let wanted = header::declarations(&read("../../paa.h"));
    let found = source::declarations(&read("src/lib.rs"));
    assert!(wanted.len() > 50, "only {} declarations were read in paa.h", wanted.len());
    let (lacking, left_over) = (missing(&wanted, &found), missing(&found, &wanted));
    assert!(
        lacking.is_empty() && left_over.is_empty(),
        "capi/rust/paa-sys/src/lib.rs lacks these declarations of capi/paa.h:{lacking}\n\
         and has these that the header lacks:{left_over}"
    );
}

const C: &str = r#"
#pragma once
#define PAA_API x
#define PAA_ROWS 3
enum { PAA_A = 1, ///< why
       PAA_B };
typedef struct paa_hidden paa_hidden;
typedef struct paa_open {
  size_t size;
  const char* r; ///< c
} paa_open;
typedef paa_open (*paa_call)(size_t done, void* user_data);
#ifdef __cplusplus
extern "C" {
#endif
PAA_API void paa_do(paa_hidden** out, const paa_open* const* type,
                    paa_call call);
PAA_API double paa_now(void);
#ifdef __cplusplus
}
#endif
"#;

const SAME_IN_RUST: [&str; 8] = [
    "pub const PAA_ROWS: usize = 3;",
    "pub const PAA_A: i32 = 1;",
    "pub const PAA_B: i32 = 2;",
    "opaque!(paa_hidden);",
    "#[repr(C)] pub struct paa_open { pub size: usize, pub r: *const c_char }",
    "pub type paa_call = Option<unsafe extern \"C\" fn(done: usize, user_data: *mut c_void) -> paa_open>;",
    "pub fn paa_do(out: *mut *mut paa_hidden, r#type: *const *const paa_open, call: paa_call);",
    "pub fn paa_now() -> f64;",
];

/// Has `r` as mutable, and `paa_now` right, over several lines.
const RUST: &str = r#"
use std::{x, y};
macro_rules! opaque { ($a:b) => { struct; } }
/// Doc;
#[derive(Clone)]
#[repr(C)]
pub struct paa_open {
    pub size: usize, // c
    pub r: *mut c_char,
}
extern "C" {
    pub fn paa_now(
    ) -> f64;
}
"#;

#[test]
fn a_difference_is_named() {
    let wanted = header::declarations(C);
    assert_eq!(wanted, SAME_IN_RUST);
    let found = source::declarations(RUST);
    let left_over = missing(&found, &wanted);
    assert!(left_over.contains("*mut c_char") && !left_over.contains("paa_now"), "{left_over}");
    let lacking = missing(&wanted, &found);
    assert!(
        lacking.contains("paa_do(") && lacking.contains("*const c_char") && !lacking.contains("paa_now"),
        "{lacking}"
    );
}
