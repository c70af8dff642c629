//! An interview, by the guide and by a language model of the program's.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use paa::{Cancel, ErrorKind, Interview, InterviewOptions, Person};

use crate::{loaded_or_skip, Loaded};

/// A person file that is not there yet.
fn new_file(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = Person::delete_file(&file);
    file
}

#[test]
fn it_goes_on_where_it_broke_off() {
    let Loaded { model, .. } = loaded_or_skip!();
    let mut person = Person::open(new_file("broken-off.json")).unwrap();
    let begin = |person: &Person| Interview::begin(Some(model), person, InterviewOptions::new()).unwrap();

    let mut interview = begin(&person);
    let first = interview.ask().unwrap().unwrap();
    assert!(first.turn == 1 && !first.text.is_empty() && !first.summary && first.photos.is_empty(), "{first:?}");
    assert_eq!(interview.back().unwrap_err().kind(), ErrorKind::NotFound);
    interview.answer("I love old wooden boats in the fog.").unwrap();
    assert_eq!(interview.ask().unwrap().unwrap().turn, 2);
    drop(interview); // the program ends here

    let mut interview = begin(&person);
    let second = interview.ask().unwrap().unwrap();
    assert_eq!(second.turn, 2);
    interview.skip().unwrap();
    interview.back().unwrap();
    assert_eq!(interview.ask().unwrap().unwrap().text, second.text);
    interview.answer("Crowded beaches put me off.").unwrap();
    interview.stop().unwrap();
    assert!(interview.ask().unwrap().unwrap().summary);
    interview.answer("yes").unwrap();
    assert_eq!(interview.ask().unwrap(), None);
    assert!(interview.snapshot().unwrap().contains("old wooden boats in the fog"));

    let mut other = Person::new().unwrap();
    assert_eq!(interview.finish(&mut other).unwrap_err().kind(), ErrorKind::InvalidArgument);
    interview.finish(&mut person).unwrap();
    assert_eq!(interview.skip().unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(person.info().unwrap().interviews, 1);
    let preferences = person.preferences().unwrap();
    assert!(
        preferences.iter().any(|preference| preference.likes && preference.subject.contains("boats")),
        "{preferences:?}"
    );
    assert!(!person.concepts().unwrap().is_empty());
}

#[test]
fn photos_are_shown_two_at_a_time() {
    let Loaded { model, .. } = loaded_or_skip!();
    let person = Person::open(new_file("photos.json")).unwrap();
    let begin = |photos: &[&str]| Interview::begin(Some(model), &person, InterviewOptions::new().photos(photos));
    assert_eq!(begin(&["sea.jpg"]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(begin(&["se\0a.jpg", "cat.jpg"]).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let mut interview = begin(&["sea.jpg", "cat.jpg"]).unwrap();
    let mut shown = Vec::new();
    while let Some(question) = interview.ask().unwrap() {
        shown.extend(question.photos);
        interview.skip().unwrap();
    }
    assert_eq!(shown, [PathBuf::from("sea.jpg"), PathBuf::from("cat.jpg")]);
}

#[test]
fn a_language_model_of_the_programs() {
    let person = Person::open(new_file("own-model.json")).unwrap();
    assert_eq!(
        Interview::begin(None, &person, InterviewOptions::new()).unwrap_err().kind(),
        ErrorKind::InvalidArgument,
        "nobody reads"
    );
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let options = InterviewOptions::new().language("en").questions(8).minutes(30).chat(move |request, reply| {
        assert!(request.contains("\"messages\""), "{request}");
        if request.contains("response_format") {
            reply.add("{\"preferences\": []}")?;
        } else if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            "What draws you?".split_inclusive(' ').try_for_each(|piece| reply.add(piece))?;
        } else {
            return Err(ErrorKind::Io);
        }
        Ok(())
    });
    let mut interview = Interview::begin(None, &person, options).unwrap();
    assert_eq!(interview.ask().unwrap().unwrap().text, "What draws you?");
    interview.answer("The light.").unwrap();
    let second = interview.ask().unwrap().unwrap(); // the guide's own question stands in
    assert!(second.turn == 2 && !second.text.is_empty() && calls.load(Ordering::Relaxed) > 1, "{second:?}");
}

#[test]
fn a_panic_of_the_language_model_goes_on_out_of_the_call() {
    let person = Person::open(new_file("panicking.json")).unwrap();
    let options = InterviewOptions::new().chat(|_, _| std::panic::panic_any("a panic that a test means to see"));
    let mut interview = Interview::begin(None, &person, options).unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| interview.ask())).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"a panic that a test means to see"));
}

#[test]
fn asking_can_be_stopped() {
    let Loaded { model, .. } = loaded_or_skip!();
    let mut person = Person::open(new_file("stopped.json")).unwrap();
    let mut interview = Interview::begin(Some(model), &person, InterviewOptions::new()).unwrap();
    interview.ask().unwrap();
    interview.answer("I love old wooden boats in the fog.").unwrap();
    let cancel = Cancel::new().unwrap();
    cancel.request();
    let stopped = interview.finish_until(&mut person, Some(&cancel)).unwrap_err();
    assert_eq!(stopped.kind(), ErrorKind::Cancelled);
    cancel.reset();
    interview.finish_until(&mut person, Some(&cancel)).unwrap();
    assert!(!person.preferences().unwrap().is_empty(), "nothing is lost");
}
