//! Reads the declarations of src/lib.rs, as text: Rust cannot list them.

/// Every item but `use` and the definition of a macro, in the file's order, those of `extern` blocks among them.
pub fn declarations(source: &str) -> Vec<String> {
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or("").trim());
    let code: Vec<&str> = lines.filter(|line| !is_other_attribute(line)).collect();
    let mut found = Vec::new();
    for item in items(&code.join(" ")) {
        match item.strip_prefix("extern \"C\" {") {
            Some(block) => found.extend(items(block.trim_end_matches('}'))),
            None => found.push(item),
        }
    }
    found.retain(|item| item != ";" && !item.starts_with("use ") && !item.starts_with("macro_rules!"));
    found
}

/// Layout is all that an attribute can change of what C sees.
fn is_other_attribute(line: &str) -> bool {
    line.starts_with('#') && line != "#[repr(C)]"
}

/// Cuts after each semicolon and closing brace that stands in no braces. A list in braces after `use` leaves a `;`.
fn items(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' => {}
            _ => continue,
        }
        if depth == 0 {
            found.push(code[start..=at].trim().to_owned());
            start = at + 1;
        }
    }
    found
}
