//! One person's verdicts, predictions from them, and features of photos.

use std::ops::ControlFlow;
use std::sync::Arc;

use paa::{AskOptions, Cancel, ErrorKind, Features, Person, Predictor, PredictorOptions, RunOptions, Seen};

use crate::{draw, loaded_or_skip, Loaded};

/// A person without verdicts, and what a predictor of theirs sees.
fn newcomer(loaded: &Loaded) -> (Person, Predictor, Vec<Seen>) {
    let person = Person::new().unwrap();
    let mut predictor = Predictor::new(&loaded.model, &person).unwrap();
    let seen = predictor.see(&loaded.photos).unwrap();
    (person, predictor, seen)
}

/// The same after verdicts: the first photo is the best.
fn taught(loaded: &Loaded) -> (Person, Predictor, Vec<Seen>) {
    let (mut person, mut predictor, seen) = newcomer(loaded);
    for (photo, stars) in loaded.photos.iter().zip([7.0, 1.0, 1.0]) {
        person.rate(photo, stars).unwrap();
    }
    assert_eq!(predictor.learn(&mut person, &seen).unwrap(), 0);
    (person, predictor, seen)
}

#[test]
fn verdicts_move_predictions() {
    let loaded = loaded_or_skip!();
    let (_, predictor, seen) = newcomer(loaded);
    let before = predictor.predict(&seen).unwrap();
    let (_, predictor, seen) = taught(loaded);
    let after = predictor.predict(&seen).unwrap();
    let lead = |predictions: &paa::Predictions| predictions.means[0] - predictions.means[1];
    assert!(lead(&after) > lead(&before) + 0.2 && after.means[1] < before.means[1], "{before:?} {after:?}");
    for i in 0..3 {
        assert!((after.levels[i].iter().sum::<f64>() - 1.0).abs() < 1e-9, "{after:?}");
        assert!(after.spreads[i] > after.deviations[i] && after.deviations[i] > 0.0, "{after:?}");
    }
    assert_eq!(predictor.predict(&[] as &[Seen]).unwrap(), paa::Predictions::default());
}

#[test]
fn reasons_sum_to_the_prediction() {
    let (_, predictor, seen) = taught(loaded_or_skip!());
    let explanation = predictor.explain(&seen[0]).unwrap();
    assert!(explanation.reasons.len() > 1 && explanation.reasons.iter().all(|reason| !reason.text.is_empty()));
    let sum = explanation.usual + explanation.reasons.iter().map(|reason| reason.points).sum::<f64>();
    let mean = predictor.predict(&seen[..1]).unwrap().means[0];
    assert!((sum.clamp(1.0, 7.0) - mean).abs() < 1e-5, "{explanation:?}, predicted {mean}");
}

#[test]
fn what_was_answered_is_not_asked() {
    let loaded = loaded_or_skip!();
    let (person, predictor, seen) = taught(loaded);
    let all = AskOptions::new().count(usize::MAX).threshold(0.0);
    assert!(predictor.ask(&person, &seen, &all).unwrap().is_empty(), "all are rated");

    let mut other = Person::new().unwrap();
    other.skip(&loaded.photos[1], None).unwrap();
    let asked = predictor.ask(&other, &seen, &all).unwrap();
    assert!(asked.len() == 2 && asked.iter().all(|one| one.photo != 1 && one.other.is_none()), "{asked:?}");
    assert!(asked[0].gain >= asked[1].gain && asked[1].gain > 0.0, "{asked:?}");
    assert_eq!(predictor.ask(&other, &seen, &AskOptions::new().threshold(0.0)).unwrap(), asked[..1]);

    let pairs = predictor.ask(&other, &seen, &all.pairs(true)).unwrap();
    assert!(!pairs.is_empty() && pairs.iter().all(|pair| pair.other.is_some() && pair.other != Some(pair.photo)));
    assert!(predictor.ask(&other, &[] as &[Seen], &AskOptions::new()).unwrap().is_empty());
}

#[test]
fn what_was_learned_is_in_the_person() {
    let loaded = loaded_or_skip!();
    let (person, predictor, seen) = taught(loaded);
    let mut copy = Person::from_json(&person.to_json().unwrap()).unwrap();
    let mut fresh = Predictor::new(&loaded.model, &copy).unwrap();
    assert_eq!(fresh.learn(&mut copy, &[] as &[Seen]).unwrap(), 0);
    assert_eq!(fresh.predict(&seen).unwrap(), predictor.predict(&seen).unwrap());
}

#[test]
fn strangers_are_refused() {
    let loaded = loaded_or_skip!();
    let (_, mut predictor, seen) = newcomer(loaded);
    let mut other = Person::new().unwrap();
    other.set_profile(&paa::Profile::from_json(r#"{"age": 70}"#).unwrap()).unwrap();
    let mut theirs = Predictor::new(&loaded.model, &other).unwrap();
    let refused = theirs.predict(&seen).unwrap_err();
    assert!(refused.kind() == ErrorKind::InvalidArgument && refused.message().contains("photos[0]"), "{refused}");

    other.rate(&draw(1, 0), 3.0).unwrap();
    assert_eq!(theirs.learn(&mut other, &[] as &[Seen]).unwrap(), 1, "its pixels are nowhere to be found");

    let fitted = loaded.model.fit(&loaded.photos[0]).unwrap();
    for refused in
        [predictor.see(&[&fitted]).unwrap_err(), other.rate(&fitted, 3.0).unwrap_err(), fitted.hash().unwrap_err()]
    {
        assert!(refused.kind() == ErrorKind::InvalidArgument && refused.message().contains("fit"), "{refused}");
    }
}

#[test]
fn seeing_and_learning_can_be_stopped() {
    let loaded = loaded_or_skip!();
    let (mut person, mut predictor, seen) = newcomer(loaded);
    let stop = RunOptions::new().progress(|_, _| ControlFlow::Break(()));
    assert_eq!(predictor.see_with(&loaded.photos, stop).unwrap_err().kind(), ErrorKind::Cancelled);
    let cancel = Cancel::new().unwrap();
    cancel.request();
    let stopped = predictor.learn_until(&mut person, &seen, Some(&cancel)).unwrap_err();
    assert_eq!(stopped.kind(), ErrorKind::Cancelled);
}

#[test]
fn options_of_a_predictor() {
    let loaded = loaded_or_skip!();
    let person = Person::new().unwrap();
    let options = PredictorOptions::new().population("no-such-population.json");
    let missing = Predictor::new_with(&loaded.model, &person, options).unwrap_err();
    assert!(missing.kind() == ErrorKind::NotFound && missing.message().contains("no-such-population"), "{missing}");

    let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    let (_, plain, _) = newcomer(loaded);
    for _ in 0..2 {
        let options = PredictorOptions::new().cache(&cache);
        let mut predictor = Predictor::new_with(&loaded.model, &person, options).unwrap();
        let seen = predictor.see(&loaded.photos).unwrap();
        assert_eq!(predictor.predict(&seen).unwrap(), plain.predict(&seen).unwrap());
        assert!(cache.read_dir().unwrap().next().is_some(), "nothing is remembered in {}", cache.display());
    }
}

#[test]
fn a_predictor_keeps_its_language_model_as_long_as_it_lives() {
    let loaded = loaded_or_skip!();
    let held = Arc::new(());
    let moved = Arc::clone(&held);
    let options = PredictorOptions::new().chat(move |_, reply| {
        let _ = &moved;
        Ok(reply.add("[]")?)
    });
    let predictor = Predictor::new_with(&loaded.model, &Person::new().unwrap(), options).unwrap();
    assert_eq!(Arc::strong_count(&held), 2);
    drop(predictor);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn features_have_names() {
    let Loaded { model, photos, .. } = loaded_or_skip!();
    let features = Features::new(model, &["statistics", "composition"]).unwrap();
    assert!(features.names().len() > 10 && features.names()[0].starts_with("statistics: "), "{:?}", features.names());
    let rows = features.compute(photos).unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.len() == features.names().len()));
    assert_ne!(rows[0], rows[1]);
    assert!(features.compute(&[] as &[paa::Photo]).unwrap().is_empty());
    let stop = RunOptions::new().progress(|_, _| ControlFlow::Break(()));
    assert_eq!(features.compute_with(photos, stop).unwrap_err().kind(), ErrorKind::Cancelled);
    let unknown = Features::new(model, &["shoes"]).unwrap_err();
    assert!(unknown.kind() == ErrorKind::InvalidArgument && unknown.message().contains("shoes"), "{unknown}");
}
