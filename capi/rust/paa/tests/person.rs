//! A person file, and figures. Needs no model.

use std::fs;
use std::path::PathBuf;

use paa::{Error, ErrorKind, Metrics, Person, Photo, Profile, Said};

fn grey(level: u8) -> Photo {
    Photo::from_rgb(&[level; 12], 2, 2).unwrap()
}

/// A person file that is not there yet.
fn new_file(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = Person::delete_file(&file);
    file
}

#[track_caller]
fn expect(kind: ErrorKind, words: &str, error: Error) {
    assert!(error.kind() == kind && error.message().contains(words), "{error:?}, expected {kind:?} with \"{words}\"");
}

#[test]
fn a_photos_hash_is_that_of_its_file() {
    // sha256sum of "P6\n2 2\n255\n" and twelve bytes of 7, by coreutils.
    let expected = "cf90c69f1da659e3063e82943b398cd7e1d220cb120a3ba4c8e764f647fad34c";
    let ppm = [b"P6\n2 2\n255\n".as_slice(), &[7; 12]].concat();
    assert_eq!(grey(7).hash().unwrap(), expected);
    assert_eq!(Photo::decode(&ppm).unwrap().hash().unwrap(), expected);
}

#[test]
fn what_is_said_is_on_the_disk_at_once() {
    let file = new_file("said.json");
    let (sea, cat) = (grey(10), grey(20));
    let mut person = Person::open(&file).unwrap();
    assert!(!file.exists(), "opening makes no file");
    person.rate(&sea, 6.0).unwrap();
    person.rate(&sea, 5.0).unwrap(); // takes the place of the first
    person.choose(&sea, &cat).unwrap();
    person.keep(&cat, false).unwrap();

    let later = Person::open(&file).unwrap();
    assert_eq!(later.info().unwrap().verdicts, 3);
    let (sea, cat) = (sea.hash().unwrap(), cat.hash().unwrap());
    let said: Vec<Said> = later.verdicts().unwrap().into_iter().map(|verdict| verdict.said).collect();
    let expected = [
        Said::Stars { photo: sea.clone(), stars: 5.0 },
        Said::Preference { better: sea, worse: cat.clone() },
        Said::Reject { photo: cat },
    ];
    assert_eq!(said, expected);
    assert!(later.verdicts().unwrap().iter().all(|verdict| verdict.time_ms > 1_600_000_000_000));

    Person::delete_file(&file).unwrap();
    expect(ErrorKind::NotFound, "said.json", Person::delete_file(&file).unwrap_err());
}

#[test]
fn two_programs_lose_nothing_of_each_other() {
    let file = new_file("two.json");
    let (mine, yours) = (grey(30), grey(40));
    let (mut one, mut two) = (Person::open(&file).unwrap(), Person::open(&file).unwrap());
    one.rate(&mine, 1.0).unwrap();
    two.keep(&yours, true).unwrap();
    let counts = |one: &Person, two: &Person| [one, two].map(|person| person.info().unwrap().verdicts);
    assert_eq!(counts(&one, &two), [1, 2], "a change takes in what others wrote");
    one.reload().unwrap();
    assert_eq!(counts(&one, &two), [2, 2]);
    one.forget(&mine).unwrap();
    expect(ErrorKind::NotFound, "nothing was said", one.forget(&mine).unwrap_err());
    one.merge(&two).unwrap();
    assert_eq!(counts(&one, &two), [1, 2], "older copies do not bring it back");
}

#[test]
fn in_memory() {
    let photo = grey(50);
    let mut person = Person::new().unwrap();
    person.set_scale(1.0, 5.0).unwrap();
    expect(ErrorKind::InvalidArgument, "scale", person.rate(&photo, 5.5).unwrap_err());
    expect(ErrorKind::InvalidArgument, "scale", person.rate(&photo, f64::NAN).unwrap_err());
    person.rate(&photo, 4.5).unwrap();
    expect(ErrorKind::Mismatch, "scale", person.set_scale(1.0, 7.0).unwrap_err());
    expect(ErrorKind::InvalidArgument, "below", person.set_scale(5.0, 5.0).unwrap_err());
    person.set_profile(&Profile::from_json(r#"{"age": 34}"#).unwrap()).unwrap();
    person.profile().unwrap();
    person.skip(&photo, None).unwrap();
    person.skip(&photo, Some(&grey(51))).unwrap();
    person.reload().unwrap();

    let json = person.to_json().unwrap();
    assert!(json.contains("\"age\": 34"), "{json}");
    let copy = Person::from_json(&json).unwrap();
    let info = copy.info().unwrap();
    assert_eq!((info.scale_low, info.scale_high, info.verdicts), (1.0, 5.0, 1));
}

#[test]
fn concepts_are_read_switched_and_reworded() {
    let json = r#"{"format": "paa-person", "version": 1,
        "concepts": [{"name": "boats", "question": "How much of boats?", "low": "none", "high": "only boats",
                      "low_words": ["empty"], "high_words": ["boats"], "cue": "The photo shows", "stated": 2}],
        "preferences": [{"statement": "likes boats", "subject": "boats", "polarity": "like", "strength": 2,
                         "confidence": 0.9, "topic": "", "interview": "i", "turn": 1, "quote": "I like boats"}]}"#;
    let mut person = Person::from_json(json).unwrap();
    let concept = &person.concepts().unwrap()[0];
    assert_eq!((concept.name.as_str(), concept.question.as_str()), ("boats", "How much of boats?"));
    assert_eq!((concept.low.as_str(), concept.high.as_str()), ("none", "only boats"));
    assert!(concept.enabled && concept.stated == 2.0, "{concept:?}");
    person.enable_concept("boats", false).unwrap();
    person.reword_concept("boats", "wooden boats").unwrap();
    let concept = &person.concepts().unwrap()[0];
    assert!(concept.name == "boats" && !concept.enabled && concept.question.contains("wooden"), "{concept:?}");
    expect(ErrorKind::NotFound, "no concept", person.enable_concept("ships", true).unwrap_err());
    expect(ErrorKind::NotFound, "no concept", person.reword_concept("ships", "boats").unwrap_err());
    expect(ErrorKind::InvalidArgument, "words", person.reword_concept("boats", "").unwrap_err());

    let preference = &person.preferences().unwrap()[0];
    assert_eq!((preference.statement.as_str(), preference.subject.as_str()), ("likes boats", "boats"));
    assert_eq!((preference.quote.as_str(), preference.likes, preference.strength), ("I like boats", true, 2));
    assert_eq!(preference.confidence, 0.9);
}

#[test]
fn damaged_files_are_refused_and_kept() {
    let file = new_file("damaged.json");
    let damaged = r#"{"format": "paa-per"#;
    fs::write(&file, damaged).unwrap();
    expect(ErrorKind::BadFormat, "damaged.json", Person::open(&file).unwrap_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    expect(ErrorKind::BadFormat, "", Person::from_json(damaged).unwrap_err());
    expect(ErrorKind::InvalidArgument, "empty", Person::open("").unwrap_err());
    expect(ErrorKind::InvalidArgument, "empty", Person::delete_file("").unwrap_err());
    let mut nowhere = Person::open("no-such-folder/anna.json").unwrap();
    expect(ErrorKind::NotFound, "folder", nowhere.rate(&grey(60), 3.0).unwrap_err());
    assert_eq!(nowhere.info().unwrap().verdicts, 0);
}

#[test]
fn figures() {
    let (ratings, means, spreads) = ([1.0, 2.0, 3.0, 4.0], [1.5, 2.0, 2.5, 5.0], [1.0; 4]);
    let metrics = Metrics::of(&ratings, &means, Some(&spreads), 2.5).unwrap();
    assert_eq!((metrics.srocc, metrics.tau, metrics.mae, metrics.coverage_95), (1.0, 1.0, 0.5, 1.0));
    assert!((metrics.rmse - 0.375_f64.sqrt()).abs() < 1e-12 && metrics.plcc < 1.0 && metrics.crps > 0.0, "{metrics:?}");
    // The third mean is on the other side of the middle only if 2.5 counts as high.
    assert!(metrics.high_accuracy < 1.0 && metrics.coverage_50 <= metrics.coverage_80, "{metrics:?}");

    let alone = Metrics::of(&ratings, &means, None, 2.5).unwrap();
    assert!(alone.crps.is_nan() && alone.coverage_50.is_nan() && alone.srocc == 1.0, "{alone:?}");
    assert!(Metrics::of(&[], &[], None, 2.5).unwrap().mae.is_nan());
    expect(
        ErrorKind::InvalidArgument,
        "4 ratings, 3 means",
        Metrics::of(&ratings, &means[1..], None, 2.5).unwrap_err(),
    );
    let too_few = Metrics::of(&ratings, &means, Some(&spreads[1..]), 2.5).unwrap_err();
    expect(ErrorKind::InvalidArgument, "3 spreads", too_few);
}

#[test]
fn each_figure_has_the_name_of_its_field() {
    let metrics = Metrics::of(&[1.0, 2.0, 4.0], &[1.5, 2.5, 3.0], Some(&[1.0, 2.0, 1.0]), 3.0).unwrap();
    let shown = format!("{metrics:?}");
    for (name, figure) in metrics.named() {
        let field = name.replace(['-', ' '], "_");
        assert!(shown.contains(&format!("{field}: {figure:?}")), "{name} is {figure}, and {shown}");
    }
}
