//! Finds libpaa_capi.so: in PAA_LIB_DIR, else where pkg-config's package `paa` says, else in the build tree of the
//! source checkout that this crate lies in. Dependent build scripts read the folder from DEP_PAA_CAPI_LIB_DIR.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{exit, Command};

const LIBRARY: &str = "libpaa_capi.so";

fn has_library(folder: &Path) -> bool {
    folder.join(LIBRARY).exists()
}

fn fail(message: &str) -> ! {
    eprintln!("paa-sys: {message}");
    exit(1);
}

/// The folder in PAA_LIB_DIR. If that is set, the library is looked for nowhere else.
fn from_environment() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("PAA_LIB_DIR").filter(|value| !value.is_empty())?);
    let shown = folder.display();
    if !folder.is_absolute() {
        fail(&format!("PAA_LIB_DIR is {shown}; it must be an absolute path, because cargo builds in several folders."));
    }
    if !has_library(&folder) {
        fail(&format!("PAA_LIB_DIR is {shown}, but there is no {LIBRARY} in it. Name the folder that holds it."));
    }
    Some(folder)
}

fn from_pkg_config() -> Option<PathBuf> {
    let output = Command::new("pkg-config").args(["--variable=libdir", "paa"]).output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(printed.trim())).filter(|folder| output.status.success() && has_library(folder))
}

fn from_checkout() -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../build/capi")).filter(|folder| has_library(folder))
}

fn main() {
    for variable in ["PAA_LIB_DIR", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    let found = from_environment().or_else(from_pkg_config).or_else(from_checkout).unwrap_or_else(|| {
        fail(&format!(
            "found no {LIBRARY}. In a checkout of paa, build it with `sh examples/build.sh paa_capi`; or install paa \
             with `cmake --install`. Then set PAA_LIB_DIR to the folder that holds {LIBRARY}, or \
             PKG_CONFIG_PATH to the one that holds paa.pc."
        ))
    });
    // The linker and the loader take it from another folder than this one, so it must not be relative.
    let folder = found.canonicalize().unwrap_or_else(|error| fail(&format!("{}: {error}", found.display())));
    println!("cargo:rerun-if-changed={}", folder.join(LIBRARY).display());
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=dylib=paa_capi");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
    println!("cargo:lib_dir={}", folder.display());
}
