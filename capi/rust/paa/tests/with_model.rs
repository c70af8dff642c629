//! The main job on the default model. Without a model each test says "skipped" and passes.

use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use paa::{Cancel, ErrorKind, LoadOptions, Model, Photo, Precision, Prepared, Profile, RunOptions, Tokens};

const WIDTH: usize = 300;
const HEIGHT: usize = 200;

/// What every test takes: loaded once, and never freed.
struct Loaded {
    model: Model,
    person: Prepared,
    photos: Vec<Photo>,
    tokens: Vec<Tokens>,
}

static LOADED: Mutex<Option<&'static Loaded>> = Mutex::new(None);

fn models_folder() -> PathBuf {
    let home = std::env::var_os("PAA_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    home.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/paa"))
        .join("models")
}

fn loaded() -> Option<&'static Loaded> {
    if !models_folder().exists() {
        println!("skipped: no models in {}; sh examples/quickstart.sh fetches them", models_folder().display());
        return None;
    }
    let mut loaded = LOADED.lock().unwrap();
    Some(loaded.get_or_insert_with(|| Box::leak(Box::new(load()))))
}

fn load() -> Loaded {
    // The tests that run side by side are threads enough.
    let model = Model::load_with("", &LoadOptions::new().threads(1)).unwrap();
    let profile = Profile::from_json(r#"{"age": 34, "gender": "female", "education": "university"}"#).unwrap();
    let photos: Vec<Photo> = (0..3).map(|kind| draw(kind, 0)).collect();
    Loaded { person: model.prepare(&profile).unwrap(), tokens: model.encode(&photos).unwrap(), photos, model }
}

/// Three different pictures; `padding` bytes stand between the rows.
fn draw(kind: usize, padding: usize) -> Photo {
    let stride = 3 * WIDTH + padding;
    let mut rgb = vec![255; stride * HEIGHT];
    for (y, row) in rgb.chunks_mut(stride).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).take(WIDTH).enumerate() {
            pixel[0] = if kind == 0 { 200 } else { (x * 255 / WIDTH) as u8 };
            pixel[1] = if kind == 1 { (y * 255 / HEIGHT) as u8 } else { 40 };
            pixel[2] = if kind == 2 { ((x / 16 + y / 16) % 2 * 255) as u8 } else { 90 };
        }
    }
    Photo::from_rgb_rows(&rgb, WIDTH as u32, HEIGHT as u32, stride).unwrap()
}

impl Loaded {
    /// References to `count` tokens.
    fn many(&self, count: usize) -> Vec<&Tokens> {
        self.tokens.iter().cycle().take(count).collect()
    }

    /// How far a batch of another size may move a score.
    fn tolerance(&self) -> f64 {
        let info = self.model.info();
        (info.scale_high - info.scale_low) * if info.precision == Precision::F32 { 1e-4 } else { 1e-2 }
    }
}

/// The loaded model, or the end of the test.
macro_rules! loaded_or_skip {
    () => {
        match loaded() {
            Some(loaded) => loaded,
            None => return,
        }
    };
}

#[test]
fn a_model_says_what_it_is() {
    let Loaded { model, .. } = loaded_or_skip!();
    let info = model.info();
    assert!(!info.name.is_empty() && info.scale_low < info.scale_high, "{info:?}");
    assert!(info.hash.len() == 12 && info.hash.chars().all(|digit| "0123456789abcdef".contains(digit)), "{info:?}");
    assert!(matches!(info.precision, Precision::F32 | Precision::Bf16));
}

#[test]
fn a_profile_becomes_words() {
    let Loaded { model, person, .. } = loaded_or_skip!();
    assert!(person.text().contains("a woman"), "{}", person.text());
    assert_eq!(model.prepare(&Profile::from_json("{}").unwrap()).unwrap().text(), "anyone.");
    let long = format!(r#"{{"about": "{}"}}"#, "I like boats and hills. ".repeat(100));
    let refused = model.prepare(&Profile::from_json(&long).unwrap()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn scores_are_ratings() {
    let Loaded { model, person, tokens, .. } = loaded_or_skip!();
    let scores = model.score_photos(person, tokens).unwrap();
    assert_eq!((scores.means.len(), scores.spreads.len(), scores.levels.len()), (3, 3, 3));
    let scale = model.info().scale_low..=model.info().scale_high;
    assert!(scores.means.iter().all(|mean| scale.contains(mean)), "{scores:?}");
    assert!(scores.spreads.iter().all(|spread| *spread > 0.0), "{scores:?}");
    for levels in &scores.levels {
        assert!(
            (levels.iter().sum::<f64>() - 1.0).abs() < 1e-9 && levels.iter().all(|level| *level >= 0.0),
            "{scores:?}"
        );
    }
    assert!(scores.means[0] != scores.means[1], "{scores:?}");
}

#[test]
fn nothing_to_do() {
    let Loaded { model, person, tokens, .. } = loaded_or_skip!();
    assert!(model.encode(&[] as &[Photo]).unwrap().is_empty());
    assert_eq!(model.score_photos(person, &[] as &[Tokens]).unwrap(), paa::Scores::default());
    assert_eq!(model.score_people(&[] as &[Prepared], &tokens[0]).unwrap(), paa::Scores::default());
}

#[test]
fn slices_of_values_references_and_shared_values_are_the_same() {
    let Loaded { model, person, photos, tokens } = loaded_or_skip!();
    let expected = model.score_photos(person, tokens).unwrap();
    let references: Vec<&Photo> = photos.iter().collect();
    let shared: Vec<Arc<Tokens>> = model.encode(&references).unwrap().into_iter().map(Arc::new).collect();
    assert_eq!(model.score_photos(person, &shared).unwrap(), expected);
}

#[test]
fn one_photo_for_many_people() {
    let Loaded { model, person, tokens, .. } = loaded_or_skip!();
    let anyone = model.prepare(&Profile::from_json("{}").unwrap()).unwrap();
    let scores = model.score_people(&[person, &anyone], &tokens[1]).unwrap();
    for (one, mean) in [person, &anyone].into_iter().zip(scores.means) {
        let alone = model.score_photos(one, &tokens[1..2]).unwrap();
        assert!((alone.means[0] - mean).abs() <= loaded().unwrap().tolerance(), "{mean}, alone {alone:?}");
    }
}

#[test]
fn stride_and_fitting_change_nothing() {
    let Loaded { model, person, photos, tokens } = loaded_or_skip!();
    let fitted = model.fit(&photos[1]).unwrap();
    assert_ne!(fitted.size(), photos[1].size());
    let expected = model.score_photos(person, &model.encode(&photos[1..2]).unwrap()).unwrap();
    for same in [fitted, draw(1, 5)] {
        assert_eq!(model.score_photos(person, &model.encode(&[same]).unwrap()).unwrap(), expected);
    }
    assert_ne!(model.score_photos(person, &tokens[..1]).unwrap(), expected);
}

#[test]
fn progress_is_told_in_steps() {
    let loaded = loaded_or_skip!();
    let mut seen = Vec::new();
    let run = RunOptions::new().progress(|done, total| {
        seen.push((done, total));
        ControlFlow::Continue(())
    });
    loaded.model.score_photos_with(&loaded.person, &loaded.many(100), run).unwrap();
    assert_eq!(seen, [(64, 100), (100, 100)]);
}

#[test]
fn progress_may_stop_a_call() {
    let loaded = loaded_or_skip!();
    let Loaded { model, person, photos, tokens } = loaded;
    let mut steps = 0;
    let run = RunOptions::new().progress(|_, _| {
        steps += 1;
        ControlFlow::Break(())
    });
    let error = model.score_photos_with(person, &loaded.many(100), run).unwrap_err();
    assert_eq!((error.kind(), steps), (ErrorKind::Cancelled, 1));
    let stop = || RunOptions::new().progress(|_, _| ControlFlow::Break(()));
    assert_eq!(model.encode_with(photos, stop()).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(model.score_people_with(&[person], &tokens[0], stop()).unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn a_panic_of_progress_goes_on_out_of_the_call() {
    let Loaded { model, person, photos, tokens } = loaded_or_skip!();
    let panicking = || RunOptions::new().progress(|_, _| std::panic::panic_any("a panic that a test means to see"));
    let calls: [&dyn Fn(); 3] = [
        &|| drop(model.encode_with(photos, panicking())),
        &|| drop(model.score_photos_with(person, tokens, panicking())),
        &|| drop(model.score_people_with(&[person], &tokens[0], panicking())),
    ];
    for call in calls {
        let panic = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"a panic that a test means to see"));
    }
    model.score_photos(person, tokens).unwrap();
}

#[test]
fn another_thread_stops_a_call_by_a_flag() {
    let loaded = loaded_or_skip!();
    let (cancel, mut steps) = (Cancel::new().unwrap(), 0);
    let run = RunOptions::new().cancel(&cancel).progress(|_, _| {
        steps += 1;
        thread::scope(|scope| scope.spawn(|| cancel.request()).join().unwrap());
        ControlFlow::Continue(())
    });
    let error = loaded.model.score_photos_with(&loaded.person, &loaded.many(100), run).unwrap_err();
    assert_eq!((error.kind(), steps), (ErrorKind::Cancelled, 1));
}

#[test]
fn a_raised_flag_stops_calls_begun_later_until_it_is_lowered() {
    let Loaded { model, person, photos, tokens } = loaded_or_skip!();
    let cancel = Cancel::new().unwrap();
    cancel.request();
    let run = || RunOptions::new().cancel(&cancel);
    assert_eq!(model.encode_with(photos, run()).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(model.score_photos_with(person, tokens, run()).unwrap_err().kind(), ErrorKind::Cancelled);
    let load = Model::load_with("", &LoadOptions::new().threads(1).cancel(&cancel));
    assert_eq!(load.unwrap_err().kind(), ErrorKind::Cancelled);
    cancel.reset();
    model.score_photos_with(person, tokens, run()).unwrap();
}

#[test]
fn handles_of_another_model_are_refused() {
    let Loaded { model, person, tokens, .. } = loaded_or_skip!();
    // The same weights in the other precision score differently, so they are another model.
    let other = if model.info().precision == Precision::F32 { Precision::Bf16 } else { Precision::F32 };
    let other = Model::load_with("", &LoadOptions::new().threads(1).precision(other)).unwrap();
    assert_ne!(other.info().hash, model.info().hash);
    assert_eq!(other.score_photos(person, tokens).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn threads_share_a_model() {
    let Loaded { model, person, tokens, .. } = loaded_or_skip!();
    let expected = model.score_photos(person, tokens).unwrap();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(model.score_photos(person, tokens).unwrap(), expected);
                }
            });
        }
    });
}
