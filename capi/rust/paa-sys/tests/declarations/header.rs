//! Reads paa.h and says how each of its declarations is written in Rust.

/// The Rust declarations that `header` asks for, in its order. Panics at what it cannot read.
pub fn declarations(header: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in plain_lines(header) {
        found.extend(macro_constant(line));
    }
    let code: Vec<&str> = plain_lines(header).filter(|line| !line.starts_with('#')).collect();
    for statement in statements(&code.join(" ")) {
        found.extend(declaration(statement.trim()));
    }
    found
}

/// The lines without comments and without what only C++ sees.
fn plain_lines(header: &str) -> impl Iterator<Item = &str> {
    let mut cpp_only = false;
    header.lines().map(|line| line.split("//").next().unwrap_or("").trim()).filter(move |line| {
        assert!(!line.contains("/*"), "only comments with // can be read: {line}");
        if line.starts_with("#ifdef __cplusplus") {
            cpp_only = true;
        }
        let hidden = cpp_only;
        if *line == "#endif" {
            cpp_only = false;
        }
        !hidden
    })
}

/// `#define PAA_LEVEL_COUNT 5`, which C programs use as the length of an array.
fn macro_constant(line: &str) -> Option<String> {
    let (name, value) = line.strip_prefix("#define ")?.split_once(' ')?;
    if name == "PAA_API" {
        return None;
    }
    let number: usize = value.trim().parse().unwrap_or_else(|_| panic!("not a number: {line}"));
    Some(format!("pub const {name}: usize = {number};"))
}

/// The text between semicolons that stand in no braces.
fn statements(code: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut parts = code.split(move |character| {
        depth += i32::from(character == '{') - i32::from(character == '}');
        character == ';' && depth == 0
    });
    let rest = parts.next_back().unwrap_or("");
    assert!(rest.trim().is_empty(), "no semicolon after: {rest}");
    parts.collect()
}

fn declaration(statement: &str) -> Vec<String> {
    if let Some(function) = statement.strip_prefix("PAA_API ") {
        return vec![format!("pub fn {};", signature(function, ""))];
    }
    if let Some(body) = statement.strip_prefix("enum") {
        return constants(body);
    }
    let defined = statement.strip_prefix("typedef ").unwrap_or_else(|| panic!("cannot read: {statement}"));
    vec![if let Some(structure) = defined.strip_prefix("struct ") {
        structure_of(structure)
    } else if defined.contains("(*") {
        callback(defined)
    } else {
        let (name, of) = name_and_type(defined);
        format!("pub type {name} = {of};")
    }]
}

/// `name(arguments) -> type` from `type name(arguments)`; without the name if `hidden` is it.
fn signature(function: &str, hidden: &str) -> String {
    let (head, arguments) = function.split_once('(').unwrap_or_else(|| panic!("no function: {function}"));
    let (name, returned) = name_and_type(head);
    let arguments = arguments.trim_end().strip_suffix(')').unwrap_or_else(|| panic!("no function: {function}"));
    let listed = if arguments.trim() == "void" { String::new() } else { named_types(arguments.split(','), "") };
    let shown = if name == hidden { String::new() } else { name };
    if returned == "c_void" {
        format!("{shown}({listed})")
    } else {
        format!("{shown}({listed}) -> {returned}")
    }
}

/// `type (*name)(arguments)`; C lets every pointer to a function be NULL.
fn callback(defined: &str) -> String {
    let (returned, rest) = defined.split_once("(*").unwrap_or_default();
    let (name, arguments) = rest.split_once(')').unwrap_or_else(|| panic!("no callback: {defined}"));
    let function = signature(&format!("{returned} {name}{arguments}"), name);
    format!("pub type {name} = Option<unsafe extern \"C\" fn{function}>;")
}

fn structure_of(structure: &str) -> String {
    match structure.split_once('{') {
        Some((name, body)) => {
            let fields = body.split_once('}').map_or(body, |(fields, _)| fields).trim().trim_end_matches(';');
            format!("#[repr(C)] pub struct {} {{ {} }}", name.trim(), named_types(fields.split(';'), "pub "))
        }
        None => format!("opaque!({});", structure.split_whitespace().next().unwrap_or("")),
    }
}

fn constants(body: &str) -> Vec<String> {
    let mut next = 0;
    let listed = body.trim().trim_matches(|character| "{}".contains(character));
    let entries = listed.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let written = entries.map(|entry| {
        let (name, value) = entry.split_once('=').map_or((entry, None), |(name, value)| (name, Some(value.trim())));
        next = value.map_or(next, |value| value.parse().unwrap_or_else(|_| panic!("not a number: {entry}")));
        next += 1;
        format!("pub const {}: i32 = {};", name.trim(), next - 1)
    });
    written.collect()
}

fn named_types<'a>(declared: impl Iterator<Item = &'a str>, visibility: &str) -> String {
    let written = declared.map(|one| {
        let (name, of) = name_and_type(one);
        format!("{visibility}{name}: {of}")
    });
    written.collect::<Vec<_>>().join(", ")
}

/// `const char* name` is `name` and `*const c_char`.
fn name_and_type(declared: &str) -> (String, String) {
    let declared = declared.trim();
    let start = declared.rfind(|character: char| !is_word(character)).map_or(0, |at| at + 1);
    let (of, name) = declared.split_at(start);
    assert!(!name.is_empty() && !of.is_empty(), "no name and type: {declared}");
    let name = if name == "type" { "r#type" } else { name };
    (name.to_owned(), rust_type(of))
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn rust_type(c: &str) -> String {
    let spaced = c.replace('*', " * ");
    let mut words = spaced.split_whitespace().peekable();
    let mut is_const = words.next_if_eq(&"const").is_some();
    let mut written = value_type(words.next().unwrap_or("")).to_owned();
    while words.next_if_eq(&"*").is_some() {
        written = format!("*{} {written}", if is_const { "const" } else { "mut" });
        is_const = words.next_if_eq(&"const").is_some();
    }
    assert!(words.next().is_none(), "cannot read the type {c}");
    written
}

fn value_type(c: &str) -> &str {
    match c {
        "char" => "c_char",
        "void" => "c_void",
        "size_t" => "usize",
        "int32_t" => "i32",
        "uint32_t" => "u32",
        "int64_t" => "i64",
        "uint64_t" => "u64",
        "uint8_t" => "u8",
        "float" => "f32",
        "double" => "f64",
        of if of.starts_with("paa_") => of,
        of => panic!("cannot read the type {of}"),
    }
}
