//! Every field is where C has it, by the table that C's own layout is held against.

use std::mem::{size_of, MaybeUninit};
use std::ptr;

const TABLE: &str = include_str!("../../../../../tests/capi/struct_layout.txt");

/// "struct size" and "struct.field offset+size" from the lines of the table.
fn named<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut structure = "";
    let written = lines.map(|line| match line.strip_prefix("  ") {
        Some(field) => format!("{structure}.{field}"),
        None => {
            structure = line.split(' ').next().unwrap_or("");
            line.to_owned()
        }
    });
    written.collect()
}

fn size_behind<T>(_: *const T) -> usize {
    size_of::<T>()
}

/// The lines of the table for these structs.
macro_rules! layout {
    ($($structure:ident { $($field:ident),+ })+) => {{
        let mut lines = Vec::new();
        $({
            let place = MaybeUninit::<paa_sys::$structure>::uninit();
            let start = place.as_ptr();
            lines.push(format!("{} {}", stringify!($structure), size_behind(start)));
            $({
                // SAFETY: the address is taken, the field is not read.
                let field = unsafe { ptr::addr_of!((*start).$field) };
                let offset = field as usize - start as usize;
                lines.push(format!("  {} {offset}+{}", stringify!($field), size_behind(field)));
            })+
        })+
        lines
    }};
}

#[test]
#[cfg(target_pointer_width = "64")]
fn every_field_is_where_c_has_it() {
    let lines = layout! {
        paa_run_options { struct_size, cancel, progress, progress_user_data }
        paa_load_options { struct_size, precision, threads, verify_max_bytes, cancel, roles, paths, part_count }
        paa_model_info {
            struct_size, name, name_size, hash, hash_size, data_note, data_note_size, scale_low,
            scale_high, precision, reserved
        }
        paa_photo_options { struct_size, max_bytes, max_pixels }
        paa_person_info {
            struct_size, scale_low, scale_high, verdict_count, preference_count, concept_count,
            interview_count
        }
        paa_verdict { struct_size, kind, reserved, photo, photo_size, other, other_size, stars, time_ms }
        paa_preference {
            struct_size, statement, statement_size, subject, subject_size, quote, quote_size, likes,
            strength, confidence
        }
        paa_concept {
            struct_size, name, name_size, question, question_size, low, low_size, high, high_size,
            stated, enabled, reserved
        }
        paa_predictor_options {
            struct_size, population, population_size, cache, cache_size, chat, chat_user_data, chat_id, chat_id_size
        }
        paa_ask_options { struct_size, count, pairs, reserved, threshold }
        paa_interview_options {
            struct_size, language, language_size, questions, minutes, chat, chat_user_data, photos,
            photo_count
        }
        paa_interview_question { struct_size, turn, summary, text, text_size, photo, photo_size, other, other_size }
    };
    let differing = crate::missing(&named(TABLE.lines()), &named(lines.iter().map(String::as_str)));
    assert!(differing.is_empty(), "tests/capi/struct_layout.txt says of C, and it is not so in paa-sys:{differing}");
}
