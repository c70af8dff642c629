//! Decoded photos, and what a model has seen of them.

use std::path::Path;
use std::ptr;

use paa_sys as sys;

use crate::error::{check, Error, Result};
use crate::handle::Handle;
use crate::sized_struct::initialised;
use crate::text;

/// Limits that are checked before anything of that size is allocated.
///
/// ```
/// let options = paa::PhotoOptions::new().max_pixels(50_000_000);
/// let error = paa::Photo::decode_with(b"no photo", &options).unwrap_err();
/// assert_eq!(error.kind(), paa::ErrorKind::BadFormat);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct PhotoOptions {
    max_bytes: Option<u64>,
    max_pixels: Option<u64>,
}

impl PhotoOptions {
    /// The library's limits.
    pub fn new() -> PhotoOptions {
        PhotoOptions::default()
    }

    /// How long the encoded photo may be; 256 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> PhotoOptions {
        self.max_bytes = Some(bytes);
        self
    }

    /// How large width * height may be; 200 * 2^20.
    pub fn max_pixels(mut self, pixels: u64) -> PhotoOptions {
        self.max_pixels = Some(pixels);
        self
    }

    fn to_c(&self) -> Result<sys::paa_photo_options> {
        let mut options = initialised(sys::paa_photo_options_init)?;
        options.max_bytes = self.max_bytes.unwrap_or(options.max_bytes);
        options.max_pixels = self.max_pixels.unwrap_or(options.max_pixels);
        Ok(options)
    }
}

/// A decoded photo: 8-bit RGB, upright. Never changes. Holds 3 bytes a pixel; see [`Model::fit`](crate::Model::fit).
#[derive(Debug)]
pub struct Photo(Handle<sys::paa_photo>);

impl Photo {
    /// Reads a JPEG, PNG, BMP, GIF (first frame), PSD, TGA or PNM file and turns it upright by its EXIF orientation.
    ///
    /// # Errors
    /// `NotFound`, `Io`, `BadFormat` (no image, empty, truncated, damaged), `Unsupported` (WebP, HEIC, AVIF ...),
    /// `LimitExceeded`, `OutOfMemory`, `InvalidArgument` (an empty path).
    pub fn read(path: impl AsRef<Path>) -> Result<Photo> {
        Photo::read_with(path, &PhotoOptions::new())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`Photo::read`].
    pub fn read_with(path: impl AsRef<Path>, options: &PhotoOptions) -> Result<Photo> {
        let options = options.to_c()?;
        let (data, size) = text::of_path(path.as_ref());
        // SAFETY: the path and the options live, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_photo_read(out, data, size, &options) }).map(Photo)
    }

    /// The same from the bytes of such a file, which are not kept.
    ///
    /// # Errors
    /// As [`Photo::read`], without `NotFound` and `Io`.
    pub fn decode(bytes: &[u8]) -> Result<Photo> {
        Photo::decode_with(bytes, &PhotoOptions::new())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`Photo::decode`].
    pub fn decode_with(bytes: &[u8], options: &PhotoOptions) -> Result<Photo> {
        let options = options.to_c()?;
        // SAFETY: the bytes and the options live, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_photo_decode(out, bytes.as_ptr().cast(), bytes.len(), &options) })
            .map(Photo)
    }

    /// Copies sRGB pixels: R, G, B a byte each, rows from the top without anything between them.
    ///
    /// # Errors
    /// As [`Photo::from_rgb_rows`].
    pub fn from_rgb(rgb: &[u8], width: u32, height: u32) -> Result<Photo> {
        Photo::from_rgb_rows(rgb, width, height, (width as usize).saturating_mul(3))
    }

    /// The same from rows that begin `stride` bytes after each other, at least 3 * `width`. A crop of a larger picture
    /// is its bytes from the crop's first pixel on, with the picture's stride.
    ///
    /// # Errors
    /// `InvalidArgument` (no pixels, or `rgb` is shorter than stride * (height - 1) + 3 * width), `LimitExceeded` (more
    /// pixels than the default of [`PhotoOptions`]), `OutOfMemory`.
    pub fn from_rgb_rows(rgb: &[u8], width: u32, height: u32, stride: usize) -> Result<Photo> {
        let (width, height) = (signed(width, "width")?, signed(height, "height")?);
        // SAFETY: a live slice whose length C checks the rest against, and `out` can be written to.
        Handle::made_by(|out| unsafe { sys::paa_photo_from_rgb(out, rgb.as_ptr(), rgb.len(), width, height, stride) })
            .map(Photo)
    }

    /// Width and height in pixels, after the orientation.
    pub fn size(&self) -> (u32, u32) {
        let (mut width, mut height) = (0, 0);
        // SAFETY: a live handle and two places to write to.
        let status = unsafe { sys::paa_photo_size(&mut width, &mut height, self.as_ptr()) };
        check(status).expect("a photo has a size");
        (width as u32, height as u32)
    }

    /// What tells this photo from all others: 64 lower-case hexadecimal digits, the SHA-256 of the file's bytes; of
    /// pixels, that of the PPM file with these pixels, whose header is `P6\n<width> <height>\n255\n`.
    ///
    /// # Errors
    /// `InvalidArgument` (a photo that [`Model::fit`](crate::Model::fit) made).
    pub fn hash(&self) -> Result<String> {
        let (mut data, mut size) = (ptr::null(), 0);
        // SAFETY: a live handle and places to write to; the text lives as long as it.
        unsafe {
            check(sys::paa_photo_hash(&mut data, &mut size, self.as_ptr()))?;
            Ok(text::copied(data, size))
        }
    }

    pub(crate) fn new(handle: Handle<sys::paa_photo>) -> Photo {
        Photo(handle)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_photo {
        self.0.as_ptr()
    }
}

fn signed(value: u32, name: &str) -> Result<i32> {
    i32::try_from(value).map_err(|_| Error::invalid_argument(format!("{name} is {value}, more than {}", i32::MAX)))
}

/// A photo as one model's vision encoder has seen it, by [`Model::encode`](crate::Model::encode). Never changes; of use
/// only with a model of the same hash.
#[derive(Debug)]
pub struct Tokens(Handle<sys::paa_tokens>);

impl Tokens {
    pub(crate) fn new(handle: Handle<sys::paa_tokens>) -> Tokens {
        Tokens(handle)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::paa_tokens {
        self.0.as_ptr()
    }
}
