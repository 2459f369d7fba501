//! QR codes as SVG paths: the widget draws them without carrying an encoder.

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
