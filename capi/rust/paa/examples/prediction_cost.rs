//! What a prediction costs through this crate, in microseconds, as JSON lines: part of `tests/bench/compare_bindings.py`.
//!
//!     cargo run --release --example prediction_cost ROUNDS CALLS BATCH

use std::time::Instant;

use paa::{LoadOptions, Model, Person, Photo, Predictor, Seen};

const PHOTOS: usize = 16;
const WIDTH: usize = 240;
const HEIGHT: usize = 160;

/// The photos of tests/bench/binding_bench.cpp.
fn drawn() -> paa::Result<Vec<Photo>> {
    (0..PHOTOS)
        .map(|k| {
            let pixels: Vec<u8> =
                (0..3 * WIDTH * HEIGHT).map(|i| ((i * (k + 1) / 97 + i % 3 * 60) % 256) as u8).collect();
            Photo::from_rgb(&pixels, WIDTH as u32, HEIGHT as u32)
        })
        .collect()
}

/// Microseconds a call: the least of the rounds, which other programs disturbed least.
fn least_us(rounds: usize, calls: usize, mut work: impl FnMut() -> paa::Result<()>) -> paa::Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..rounds {
        let begun = Instant::now();
        for _ in 0..calls {
            work()?;
        }
        least = least.min(begun.elapsed().as_secs_f64() * 1e6 / calls as f64);
    }
    Ok(least)
}

fn main() -> paa::Result<()> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (rounds, calls, batch) = if let [rounds, calls, batch] = numbers[..] {
        (rounds, calls, batch)
    } else {
        eprintln!("prediction_cost ROUNDS CALLS BATCH");
        std::process::exit(2);
    };
    let model = Model::load_with("", &LoadOptions::new().threads(1))?;
    let mut person = Person::new()?;
    let mut predictor = Predictor::new(&model, &person)?;
    let photos = drawn()?;
    for (index, photo) in photos.iter().enumerate() {
        person.rate(photo, 1.0 + (index % 7) as f64)?;
    }
    let seen = predictor.see(&photos)?;
    predictor.learn(&mut person, &seen)?;
    let many: Vec<&Seen> = (0..batch).map(|index| &seen[index % PHOTOS]).collect();
    let one = least_us(rounds, calls, || predictor.predict(&seen[..1]).map(drop))?;
    let all = least_us(rounds, 1, || predictor.predict(&many).map(drop))?;
    println!(r#"{{"work": "one prediction", "language": "rust", "us": {one}}}"#);
    println!(r#"{{"work": "a batch", "language": "rust", "us": {all}}}"#);
    Ok(())
}
