//! The main jobs on the default model. Without a model each test says "skipped" and passes.

mod interview;
mod one_person;
mod scoring;

use std::path::PathBuf;
use std::sync::Mutex;

use paa::{LoadOptions, Model, Photo, Precision, Prepared, Profile, Tokens};

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
        match crate::loaded() {
            Some(loaded) => loaded,
            None => return,
        }
    };
}

pub(crate) use loaded_or_skip;
