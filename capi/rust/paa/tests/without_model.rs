//! What needs the C library, but no model.

use std::error::Error as _;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use paa::{Cancel, Error, ErrorKind, LoadOptions, LogLevel, Model, Photo, PhotoOptions, Profile};

/// A 2x1 picture: a red and a blue pixel.
const PPM: &[u8] = b"P6\n2 1\n255\n\xff\x00\x00\x00\x00\xff";

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[track_caller]
fn expect(kind: ErrorKind, words: &str, error: Error) {
    assert!(error.kind() == kind && error.message().contains(words), "{error:?}, expected {kind:?} with \"{words}\"");
}

#[test]
fn handles_may_be_sent_to_and_shared_by_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Cancel>();
    shared::<Error>();
    shared::<paa::Features>();
    shared::<paa::Interview>();
    shared::<paa::InterviewOptions>();
    shared::<LoadOptions<'static>>();
    shared::<Model>();
    shared::<paa::Person>();
    shared::<Photo>();
    shared::<PhotoOptions>();
    shared::<paa::Predictor>();
    shared::<paa::PredictorOptions>();
    shared::<paa::Prepared>();
    shared::<Profile>();
    shared::<paa::Scores>();
    shared::<paa::Seen>();
    shared::<paa::Tokens>();
}

#[test]
fn every_kind_of_error_has_the_name_that_c_gives_it() {
    let names = [
        (ErrorKind::InvalidArgument, "invalid argument"),
        (ErrorKind::NotFound, "not found"),
        (ErrorKind::Io, "input/output error"),
        (ErrorKind::BadFormat, "bad format"),
        (ErrorKind::Unsupported, "unsupported"),
        (ErrorKind::LimitExceeded, "limit exceeded"),
        (ErrorKind::Mismatch, "mismatch"),
        (ErrorKind::Cancelled, "cancelled"),
        (ErrorKind::OutOfMemory, "out of memory"),
        (ErrorKind::Internal, "internal error"),
        (ErrorKind::Other(99), "unknown status"),
    ];
    for (kind, name) in names {
        assert_eq!((kind.name(), kind.to_string().as_str()), (name, name));
    }
}

#[test]
fn an_error_is_displayed_as_its_message() {
    let error = Profile::from_json(r#"{"shoe_size": 40}"#).unwrap_err();
    assert_eq!(error.to_string(), error.message());
    assert!(error.source().is_none());
    expect(ErrorKind::BadFormat, "shoe_size", error);
}

#[test]
fn profiles() {
    for good in ["{}", r#"{"age": 61, "about": "I like quiet landscapes and café terraces."}"#] {
        Profile::from_json(good).unwrap();
    }
    for (bad, words) in [("", ""), ("[]", ""), (r#"{"age": }"#, "line 1"), (r#"{"age": 900}"#, "age")] {
        expect(ErrorKind::BadFormat, words, Profile::from_json(bad).unwrap_err());
    }
    let file = folder("profiles").join("profile.json");
    fs::write(&file, r#"{"age": 30}"#).unwrap();
    Profile::read(&file).unwrap();
    expect(ErrorKind::NotFound, "no-such.json", Profile::read("no-such.json").unwrap_err());
    expect(ErrorKind::InvalidArgument, "empty", Profile::read("").unwrap_err());
    expect(ErrorKind::InvalidArgument, "zero byte", Profile::read("a\0b").unwrap_err());
}

#[test]
fn photos_from_files_bytes_and_pixels() {
    let file = folder("photos").join("two.ppm");
    fs::write(&file, PPM).unwrap();
    assert_eq!(Photo::read(&file).unwrap().size(), (2, 1));
    assert_eq!(Photo::decode(PPM).unwrap().size(), (2, 1));
    assert_eq!(Photo::from_rgb(&[7; 18], 2, 3).unwrap().size(), (2, 3));
    assert_eq!(Photo::from_rgb_rows(&[7; 22], 2, 3, 8).unwrap().size(), (2, 3));
    // 2 * 8 + 6
}

#[test]
fn photos_that_are_none() {
    expect(ErrorKind::NotFound, "no-such.jpg", Photo::read("no-such.jpg").unwrap_err());
    for bytes in [b"".as_slice(), b"no photo", &PPM[..PPM.len() - 1]] {
        expect(ErrorKind::BadFormat, "", Photo::decode(bytes).unwrap_err());
    }
    let few_pixels = PhotoOptions::new().max_pixels(1);
    expect(ErrorKind::LimitExceeded, "", Photo::decode_with(PPM, &few_pixels).unwrap_err());
    let few_bytes = PhotoOptions::new().max_bytes(PPM.len() as u64 - 1);
    expect(ErrorKind::LimitExceeded, "", Photo::decode_with(PPM, &few_bytes).unwrap_err());
    let just_enough = PhotoOptions::new().max_pixels(2).max_bytes(PPM.len() as u64);
    Photo::decode_with(PPM, &just_enough).unwrap();
}

#[test]
fn pixels_that_do_not_fit() {
    let refused = |photo: paa::Result<Photo>, words| expect(ErrorKind::InvalidArgument, words, photo.unwrap_err());
    refused(Photo::from_rgb(&[7; 17], 2, 3), "too small");
    refused(Photo::from_rgb_rows(&[7; 21], 2, 3, 8), "too small");
    refused(Photo::from_rgb_rows(&[7; 18], 2, 3, 5), "stride");
    refused(Photo::from_rgb(&[], 0, 3), "width");
    refused(Photo::from_rgb(&[], 3, 0), "height");
    refused(Photo::from_rgb(&[7; 6], u32::MAX, 1), "width is 4294967295");
    refused(Photo::from_rgb_rows(&[7; 18], 2, 3, usize::MAX), "too small");
    expect(ErrorKind::LimitExceeded, "", Photo::from_rgb(&[], i32::MAX as u32, i32::MAX as u32).unwrap_err());
}

#[test]
fn models_that_are_none() {
    expect(ErrorKind::NotFound, "no-such-model", Model::load("no-such-model").unwrap_err());
    let options = LoadOptions::new().threads(u32::MAX);
    expect(ErrorKind::InvalidArgument, "threads", Model::load_with("", &options).unwrap_err());
    let options = LoadOptions::new().part("fusion", "a\0b");
    expect(ErrorKind::InvalidArgument, "zero byte", Model::load_with("", &options).unwrap_err());
}

type Lines = Arc<Mutex<Vec<(LogLevel, String)>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the library log a line with `name` in it. Tests run side by side and log, too.
fn log_something(name: &str) {
    Photo::read(name).unwrap_err();
}

fn lines_with(lines: &Lines, name: &str) -> usize {
    lock(lines).iter().filter(|(level, line)| *level == LogLevel::Debug && line.contains(name)).count()
}

fn collect_into(lines: &Lines) {
    let lines = Arc::clone(lines);
    paa::set_log_callback(move |level, line| lock(&lines).push((level, line.to_owned()))).unwrap();
}

/// In one test, because there is one log in a process.
#[test]
fn the_log() {
    let (first, second) = (Lines::default(), Lines::default());
    log_something("before.jpg");
    collect_into(&first);
    log_something("first.jpg");
    collect_into(&second);
    assert_eq!(Arc::strong_count(&first), 1, "the old callback is dropped");
    log_something("second.jpg");
    paa::clear_log_callback().unwrap();
    assert_eq!(Arc::strong_count(&second), 1);
    log_something("after.jpg");
    let counts = |lines| ["before.jpg", "first.jpg", "second.jpg", "after.jpg"].map(|name| lines_with(lines, name));
    assert_eq!((counts(&first), counts(&second)), ([0, 1, 0, 0], [0, 0, 1, 0]));

    let calls = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&calls);
    paa::set_log_callback(move |_, line| {
        if line.contains("panic.jpg") {
            *lock(&counted) += 1;
            panic!("a panic that the log test means to see");
        }
    })
    .unwrap();
    log_something("panic.jpg");
    log_something("panic.jpg");
    assert_eq!(*lock(&calls), 1, "a panic ends the logging and nothing else");
    paa::clear_log_callback().unwrap();
}
