//! The declarations of `paa.h`, the C API of paa, one for one: names, order and meaning are those of the header, which
//! says of each function who owns what and which calls may run side by side. The crate `paa` is the safe way to call
//! them.
//!
//! A test holds this file against the header.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

/// A type that only pointers to exist of, and that is neither `Send` nor `Sync` nor `Unpin` by itself.
macro_rules! opaque {
    ($name:ident) => {
        #[repr(C)]
        #[derive(Debug)]
        pub struct $name {
            _data: [u8; 0],
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    };
}

// ---- Status and errors ----------------------------------------------------------------------------------------------

pub type paa_status = i32;

pub const PAA_OK: i32 = 0;
pub const PAA_INVALID_ARGUMENT: i32 = 1;
pub const PAA_NOT_FOUND: i32 = 2;
pub const PAA_IO: i32 = 3;
pub const PAA_BAD_FORMAT: i32 = 4;
pub const PAA_UNSUPPORTED: i32 = 5;
pub const PAA_LIMIT_EXCEEDED: i32 = 6;
pub const PAA_MISMATCH: i32 = 7;
pub const PAA_CANCELLED: i32 = 8;
pub const PAA_OUT_OF_MEMORY: i32 = 9;
pub const PAA_INTERNAL: i32 = 10;

extern "C" {
    pub fn paa_status_name(status: paa_status) -> *const c_char;
    pub fn paa_last_error() -> *const c_char;
    pub fn paa_version() -> *const c_char;
}

// ---- Log ------------------------------------------------------------------------------------------------------------

pub const PAA_LOG_DEBUG: i32 = 0;
pub const PAA_LOG_INFO: i32 = 1;
pub const PAA_LOG_WARNING: i32 = 2;

pub type paa_log_callback =
    Option<unsafe extern "C" fn(level: i32, text: *const c_char, size: usize, user_data: *mut c_void) -> paa_status>;

extern "C" {
    pub fn paa_set_log_callback(callback: paa_log_callback, user_data: *mut c_void) -> paa_status;
}

// ---- Stopping and watching long calls -------------------------------------------------------------------------------

opaque!(paa_cancel);

extern "C" {
    pub fn paa_cancel_new(cancel: *mut *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_request(cancel: *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_reset(cancel: *mut paa_cancel) -> paa_status;
    pub fn paa_cancel_free(cancel: *mut paa_cancel);
}

pub type paa_progress_callback =
    Option<unsafe extern "C" fn(done: usize, total: usize, user_data: *mut c_void) -> paa_status>;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_run_options {
    pub struct_size: usize,
    pub cancel: *const paa_cancel,
    pub progress: paa_progress_callback,
    pub progress_user_data: *mut c_void,
}

extern "C" {
    pub fn paa_run_options_init(options: *mut paa_run_options, struct_size: usize) -> paa_status;
}

// ---- Model ----------------------------------------------------------------------------------------------------------

opaque!(paa_model);

pub const PAA_PRECISION_AUTO: i32 = 0;
pub const PAA_PRECISION_F32: i32 = 1;
pub const PAA_PRECISION_BF16: i32 = 2;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_load_options {
    pub struct_size: usize,
    pub precision: i32,
    pub threads: i32,
    pub verify_max_bytes: u64,
    pub cancel: *const paa_cancel,
}

extern "C" {
    pub fn paa_load_options_init(options: *mut paa_load_options, struct_size: usize) -> paa_status;
    pub fn paa_model_load(
        model: *mut *mut paa_model,
        name: *const c_char,
        name_size: usize,
        options: *const paa_load_options,
    ) -> paa_status;
    pub fn paa_model_free(model: *mut paa_model);
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_model_info {
    pub struct_size: usize,
    pub name: *const c_char,
    pub name_size: usize,
    pub hash: *const c_char,
    pub hash_size: usize,
    pub data_note: *const c_char,
    pub data_note_size: usize,
    pub scale_low: f64,
    pub scale_high: f64,
    pub precision: i32,
    pub reserved: i32,
}

extern "C" {
    pub fn paa_model_info_init(info: *mut paa_model_info, struct_size: usize) -> paa_status;
    pub fn paa_model_describe(info: *mut paa_model_info, model: *const paa_model) -> paa_status;
}

// ---- Person ---------------------------------------------------------------------------------------------------------

opaque!(paa_profile);

extern "C" {
    pub fn paa_profile_from_json(profile: *mut *mut paa_profile, json: *const c_char, json_size: usize) -> paa_status;
    pub fn paa_profile_read(profile: *mut *mut paa_profile, path: *const c_char, path_size: usize) -> paa_status;
    pub fn paa_profile_free(profile: *mut paa_profile);
}

opaque!(paa_prepared);

extern "C" {
    pub fn paa_model_prepare(
        prepared: *mut *mut paa_prepared,
        model: *const paa_model,
        profile: *const paa_profile,
    ) -> paa_status;
    pub fn paa_prepared_text(text: *mut *const c_char, size: *mut usize, prepared: *const paa_prepared) -> paa_status;
    pub fn paa_prepared_free(prepared: *mut paa_prepared);
}

// ---- Photos ---------------------------------------------------------------------------------------------------------

opaque!(paa_photo);

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct paa_photo_options {
    pub struct_size: usize,
    pub max_bytes: u64,
    pub max_pixels: u64,
}

extern "C" {
    pub fn paa_photo_options_init(options: *mut paa_photo_options, struct_size: usize) -> paa_status;
    pub fn paa_photo_read(
        photo: *mut *mut paa_photo,
        path: *const c_char,
        path_size: usize,
        options: *const paa_photo_options,
    ) -> paa_status;
    pub fn paa_photo_decode(
        photo: *mut *mut paa_photo,
        bytes: *const c_void,
        size: usize,
        options: *const paa_photo_options,
    ) -> paa_status;
    pub fn paa_photo_from_rgb(
        photo: *mut *mut paa_photo,
        rgb: *const u8,
        size: usize,
        width: i32,
        height: i32,
        stride: usize,
    ) -> paa_status;
    pub fn paa_photo_size(width: *mut i32, height: *mut i32, photo: *const paa_photo) -> paa_status;
    pub fn paa_photo_free(photo: *mut paa_photo);
    pub fn paa_model_fit(fitted: *mut *mut paa_photo, model: *const paa_model, photo: *const paa_photo) -> paa_status;
}

opaque!(paa_tokens);

extern "C" {
    pub fn paa_model_encode(
        tokens: *mut *mut paa_tokens,
        model: *const paa_model,
        photos: *const *const paa_photo,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
    pub fn paa_tokens_free(tokens: *mut paa_tokens);
}

// ---- Scores ---------------------------------------------------------------------------------------------------------

pub const PAA_LEVEL_COUNT: usize = 5;

extern "C" {
    pub fn paa_model_score_photos(
        means: *mut f64,
        spreads: *mut f64,
        levels: *mut f64,
        model: *const paa_model,
        person: *const paa_prepared,
        photos: *const *const paa_tokens,
        count: usize,
        options: *const paa_run_options,
    ) -> paa_status;
    pub fn paa_model_score_people(
        means: *mut f64,
        spreads: *mut f64,
        levels: *mut f64,
        model: *const paa_model,
        people: *const *const paa_prepared,
        count: usize,
        photo: *const paa_tokens,
        options: *const paa_run_options,
    ) -> paa_status;
}
