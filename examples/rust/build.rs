//! Lets the program find libpaa_capi.so where it was when the program was built.

fn main() {
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", std::env::var("DEP_PAA_LIB_DIR").unwrap());
}
