//! What is predicted.

/// How many levels a rating has.
pub const LEVEL_COUNT: usize = paa_sys::PAA_LEVEL_COUNT;

/// The levels of a rating, worst first; the order of [`Scores::levels`].
pub const LEVELS: [&str; LEVEL_COUNT] = ["bad", "poor", "fair", "good", "excellent"];

/// What is predicted for photos or people, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Expected ratings, on the scale of [`ModelInfo`](crate::ModelInfo).
    pub means: Vec<f64>,
    /// Their standard deviations, same units.
    pub spreads: Vec<f64>,
    /// The probability of each of the [`LEVELS`].
    pub levels: Vec<[f64; LEVEL_COUNT]>,
}

impl Scores {
    /// Room for `count` scores.
    pub(crate) fn zeros(count: usize) -> Scores {
        Scores { means: vec![0.0; count], spreads: vec![0.0; count], levels: vec![[0.0; LEVEL_COUNT]; count] }
    }

    /// Where C writes means, spreads and levels to.
    pub(crate) fn as_mut_ptrs(&mut self) -> (*mut f64, *mut f64, *mut f64) {
        (self.means.as_mut_ptr(), self.spreads.as_mut_ptr(), self.levels.as_mut_ptr().cast())
    }
}
