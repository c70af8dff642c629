//! How good predictions are.

use std::ptr;

use paa_sys as sys;

use crate::error::{check, Error, Result};
use crate::text;

/// Figures of a set of predictions; NaN where one is not defined, such as a correlation with a constant.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Metrics {
    /// Spearman's rank correlation; 1 is best.
    pub srocc: f64,
    /// Pearson's correlation; 1 is best.
    pub plcc: f64,
    /// Kendall's rank correlation; 1 is best.
    pub tau: f64,
    /// Mean absolute error, in the units of ratings.
    pub mae: f64,
    /// Root of the mean squared error, same units.
    pub rmse: f64,
    /// Share of predictions on the same side of the middle as the rating.
    pub high_accuracy: f64,
    /// Share of ratings inside the central interval of 50 %.
    pub coverage_50: f64,
    /// Of 80 %.
    pub coverage_80: f64,
    /// Of 95 %.
    pub coverage_95: f64,
    /// Continuous ranked probability score, in the units of ratings; 0 is best.
    pub crps: f64,
}

impl Metrics {
    /// Compares predictions with ratings. Without spreads coverage and CRPS are NaN. `middle` is that of the rating
    /// scale; above it is high. Equal to SciPy's and scikit-learn's to 1e-12.
    ///
    /// ```
    /// let metrics = paa::Metrics::of(&[1.0, 2.0, 4.0], &[1.5, 2.5, 4.5], None, 3.0).unwrap();
    /// assert_eq!((metrics.srocc, metrics.mae), (1.0, 0.5));
    /// assert!(metrics.crps.is_nan());
    /// ```
    ///
    /// # Errors
    /// `InvalidArgument` (slices of different lengths, numbers that are not finite).
    pub fn of(ratings: &[f64], means: &[f64], spreads: Option<&[f64]>, middle: f64) -> Result<Metrics> {
        let count = ratings.len();
        if means.len() != count || spreads.map_or(false, |spreads| spreads.len() != count) {
            let spreads = spreads.map_or(String::new(), |spreads| format!(", {} spreads", spreads.len()));
            let lengths = format!("{count} ratings, {} means{spreads}", means.len());
            return Err(Error::invalid_argument(lengths + "; there must be as many of each"));
        }
        let spreads = spreads.map_or(ptr::null(), <[f64]>::as_ptr);
        let mut figures = [0.0; sys::PAA_METRIC_COUNT];
        // SAFETY: arrays of `count` numbers, or NULL, and one for the figures.
        check(unsafe {
            sys::paa_metrics(figures.as_mut_ptr(), ratings.as_ptr(), means.as_ptr(), spreads, count, middle)
        })?;
        let figure = |metric: i32| figures[metric as usize];
        Ok(Metrics {
            srocc: figure(sys::PAA_METRIC_SROCC),
            plcc: figure(sys::PAA_METRIC_PLCC),
            tau: figure(sys::PAA_METRIC_TAU),
            mae: figure(sys::PAA_METRIC_MAE),
            rmse: figure(sys::PAA_METRIC_RMSE),
            high_accuracy: figure(sys::PAA_METRIC_HIGH_ACCURACY),
            coverage_50: figure(sys::PAA_METRIC_COVERAGE_50),
            coverage_80: figure(sys::PAA_METRIC_COVERAGE_80),
            coverage_95: figure(sys::PAA_METRIC_COVERAGE_95),
            crps: figure(sys::PAA_METRIC_CRPS),
        })
    }

    /// Each figure with the library's name for it, such as "srocc".
    pub fn named(&self) -> [(&'static str, f64); sys::PAA_METRIC_COUNT] {
        [
            (sys::PAA_METRIC_SROCC, self.srocc),
            (sys::PAA_METRIC_PLCC, self.plcc),
            (sys::PAA_METRIC_TAU, self.tau),
            (sys::PAA_METRIC_MAE, self.mae),
            (sys::PAA_METRIC_RMSE, self.rmse),
            (sys::PAA_METRIC_HIGH_ACCURACY, self.high_accuracy),
            (sys::PAA_METRIC_COVERAGE_50, self.coverage_50),
            (sys::PAA_METRIC_COVERAGE_80, self.coverage_80),
            (sys::PAA_METRIC_COVERAGE_95, self.coverage_95),
            (sys::PAA_METRIC_CRPS, self.crps),
        ]
        // SAFETY: takes any number; a zero-terminated text that is never freed.
        .map(|(metric, figure)| (unsafe { text::of_static(sys::paa_metric_name(metric)) }, figure))
    }
}
