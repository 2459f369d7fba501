//! QR codes, as SVG paths, which the widget draws without carrying an encoder, and as pictures.

use crate::error::Error;
use goodword_wire::Qr;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// The quiet zone around a code, units; the standard asks for four.
const MARGIN: i32 = 4;

/// The code of a text of at most some 1,600 characters.
pub fn code(text: &str) -> Result<Qr, Error> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| Error::internal(format!("QR code: {e}")))?;
    let path = (0..code.size()).map(|y| row(&code, y)).collect();
    Ok(Qr { size: u32::try_from(code.size() + 2 * MARGIN).unwrap_or_default(), path })
}

/// How much of a code may be covered before it is unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 7 percent.
    L,
    /// 15 percent.
    M,
    /// 25 percent.
    Q,
    /// 30 percent.
    H,
}

/// How a picture of a code looks.
#[derive(Clone, Debug)]
pub struct Style {
    /// Pixels across.
    pub size: u32,
    /// The quiet zone around it, in squares.
    pub margin: u32,
    /// How robust it is.
    pub level: Level,
    /// Red, green and blue of the squares.
    pub dark: [u8; 3],
    /// The same of the ground.
    pub light: [u8; 3],
}

/// The code of a text as a PNG of two colours. Squares are whole pixels wide, all the same, so that no edge is blurred; what is
/// left over goes to the margins.
pub fn png(text: &str, style: &Style) -> Result<Vec<u8>, Error> {
    let level = match style.level {
        Level::L => QrCodeEcc::Low,
        Level::M => QrCodeEcc::Medium,
        Level::Q => QrCodeEcc::Quartile,
        Level::H => QrCodeEcc::High,
    };
    let code = QrCode::encode_text(text, level)
        .map_err(|_| Error::field("url", "is too long for a code of this `level`: use `L`."))?;
    let squares = u32::try_from(code.size()).unwrap_or_default();
    let width = style.size / (squares + 2 * style.margin);
    if width == 0 {
        let remedy = format!("must be at least {} for this address.", squares + 2 * style.margin);
        return Err(Error::field("size", remedy));
    }
    let before = (style.size - squares * width) / 2;
    let is_dark = |x: u32, y: u32| {
        let square = |at: u32| at.checked_sub(before).and_then(|at| i32::try_from(at / width).ok());
        square(x).zip(square(y)).is_some_and(|(x, y)| code.get_module(x, y))
    };
    let rows = (0..style.size).flat_map(|y| {
        let bit = move |x: u32| u8::from(is_dark(x, y)) << (7 - x % 8);
        (0..style.size.div_ceil(8))
            .map(move |byte| (byte * 8..(byte * 8 + 8).min(style.size)).fold(0, |bits, x| bits | bit(x)))
    });
    encode(style, &rows.collect::<Vec<_>>()).map_err(|e| Error::internal(format!("PNG: {e}")))
}

fn encode(style: &Style, bits: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, style.size, style.size);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette([style.light, style.dark].concat());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(bits)?;
    writer.finish()?;
    Ok(bytes)
}

/// Runs of dark squares in a row, each one rectangle.
fn row(code: &QrCode, y: i32) -> String {
    let mut path = String::new();
    let mut x = 0;
    while x < code.size() {
        let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
        let width = i32::try_from(length).unwrap_or_default();
        if width > 0 {
            write!(path, "M{},{}h{width}v1h-{width}z", x + MARGIN, y + MARGIN)
                .expect("writing to a string cannot fail");
        }
        x += width.max(1);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_has_every_dark_square() {
        let qr = code("https://go.example.com/r/MAYA27").unwrap();
        let plain = QrCode::encode_text("https://go.example.com/r/MAYA27", QrCodeEcc::Medium).unwrap();
        let dark = (0..plain.size()).flat_map(|y| (0..plain.size()).map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| plain.get_module(*x, *y)).count();
        let drawn: usize =
            qr.path.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
        assert_eq!(qr.size, u32::try_from(plain.size() + 8).unwrap());
    }
}
