//! One person or one photo, and many of the other.

use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;

use paa::{Cancel, ErrorKind, LoadOptions, Model, Photo, Precision, Prepared, Profile, RunOptions, Tokens};

use crate::{draw, loaded_or_skip, Loaded};

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
    let loaded = loaded_or_skip!();
    let (Loaded { model, person, tokens, .. }, tolerance) = (loaded, loaded.tolerance());
    let anyone = model.prepare(&Profile::from_json("{}").unwrap()).unwrap();
    let scores = model.score_people(&[person, &anyone], &tokens[1]).unwrap();
    for (one, mean) in [person, &anyone].into_iter().zip(scores.means) {
        let alone = model.score_photos(one, &tokens[1..2]).unwrap();
        assert!((alone.means[0] - mean).abs() <= tolerance, "{mean}, alone {alone:?}");
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
fn a_part_may_come_from_elsewhere() {
    let Loaded { model, .. } = loaded_or_skip!();
    let folder = crate::models_folder().join(&model.info().name);
    let copy = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("fusion.safetensors");
    std::fs::copy(folder.join("fusion.safetensors"), &copy).unwrap();
    let load = |role: &str, path: &std::path::Path| {
        Model::load_with("", &LoadOptions::new().threads(1).part(role, path)).map(|model| model.info().hash.clone())
    };
    assert_eq!(load("fusion", &copy).unwrap(), model.info().hash);
    assert_eq!(load("fusion", "no-such-file".as_ref()).unwrap_err().kind(), ErrorKind::NotFound);
    let unknown = load("shoes", &copy).unwrap_err();
    assert!(unknown.message().contains("shoes"), "{unknown}");
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
