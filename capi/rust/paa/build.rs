//! Programs that Cargo builds for this package (tests and examples) find libpaa_capi.so where paa-sys found it. Others
//! take the folder from DEP_PAA_LIB_DIR: an argument for the linker reaches only the package whose script prints it.

fn main() {
    let folder = std::env::var("DEP_PAA_CAPI_LIB_DIR").expect("paa-sys's build script says where the library is");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    println!("cargo:lib_dir={folder}");
}
