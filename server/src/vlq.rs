//! Many numbers as a short text that is quickly read: variable-length quantities.
//!
//! Each is folded so that small ones of either sign stay small (the zig-zag encoding of Protocol Buffers), and written in digits of base64:
//! five bits a digit, the lowest first, and a sixth bit where another digit follows, as in source maps (ECMA-426).

use crate::error::Error;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// A digit that is none.
const NONE: u8 = u8::MAX;
/// The bits of a digit by its byte.
const BITS: [u8; 256] = {
    let (mut bits, mut digit) = ([NONE; 256], 0);
    while digit < 64 {
        bits[DIGITS[digit as usize] as usize] = digit;
        digit += 1;
    }
    bits
};
const MORE: u8 = 32;

/// Numbers one after the other.
#[derive(Clone, Debug, Default)]
pub struct Packed(String);

impl Packed {
    /// Adds one.
    pub fn push(&mut self, number: i64) {
        let mut left = (number << 1 ^ number >> 63).cast_unsigned();
        while left > 31 {
            self.0.push(digit(left & 31 | 32));
            left >>= 5;
        }
        self.0.push(digit(left));
    }

    /// Adds a count, or a place in a list.
    pub fn push_place(&mut self, place: usize) {
        self.push(i64::try_from(place).unwrap_or(i64::MAX));
    }

    /// The text.
    pub fn text(self) -> String {
        self.0
    }
}

/// Reads what [`Packed`] wrote.
#[derive(Clone, Debug)]
pub struct Unpacked<'a>(&'a [u8]);

impl<'a> Unpacked<'a> {
    /// From the text.
    pub fn of(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    /// Whether all was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number. Fails where the text ends too early or has what is no digit.
    pub fn next(&mut self) -> Result<i64, Error> {
        let mut whole = 0;
        for shift in (0..64).step_by(5) {
            let (byte, rest) = self.0.split_first().ok_or_else(broken)?;
            self.0 = rest;
            let digit = BITS[usize::from(*byte)];
            // The last digit there is room for has four bits.
            if digit == NONE || shift == 60 && digit > 15 {
                return Err(broken());
            }
            whole |= u64::from(digit & !MORE) << shift;
            if digit & MORE == 0 {
                break;
            }
        }
        Ok((whole >> 1).cast_signed() ^ -(whole & 1).cast_signed())
    }

    /// The next few numbers.
    pub fn next_some<const COUNT: usize>(&mut self) -> Result<[i64; COUNT], Error> {
        let mut numbers = [0; COUNT];
        for number in &mut numbers {
            *number = self.next()?;
        }
        Ok(numbers)
    }

    /// What stands in a list in the place that is the next number.
    pub fn next_of<T: Copy>(&mut self, list: &[T]) -> Result<T, Error> {
        list.get(self.next_place()?).copied().ok_or_else(broken)
    }

    /// The next number as a count or a place in a list.
    pub fn next_place(&mut self) -> Result<usize, Error> {
        usize::try_from(self.next()?).map_err(|_| broken())
    }
}

fn digit(bits: u64) -> char {
    char::from(DIGITS[(bits & 63) as usize])
}

fn broken() -> Error {
    Error::internal("numbers that were written down are broken")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<i64>, Error> {
        let (mut from, mut all) = (Unpacked::of(text), Vec::new());
        while !from.is_empty() {
            all.push(from.next()?);
        }
        Ok(all)
    }

    #[test]
    fn digits_are_those_of_source_maps() {
        let mut packed = Packed::default();
        for number in [0, 1, -1, 16, 123, -123] {
            packed.push(number);
        }
        assert_eq!(packed.text(), "ACBgB2H1H");
    }

    #[test]
    fn what_nobody_wrote_is_refused() {
        for text in ["g", "A-", "/////////////////A", "ggggggggggggggC"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    /// Every number of digits has its first and its last number among these.
    #[test]
    fn what_is_written_is_read() {
        let powers = (0..63).map(|power| 1_i64 << power);
        let near = powers.flat_map(|power| [power - 1, power, -power, -power - 1]);
        let numbers: Vec<i64> = near.chain([i64::MAX, i64::MIN]).collect();
        let mut packed = Packed::default();
        for number in &numbers {
            packed.push(*number);
        }
        assert_eq!(read(&packed.text()).expect("what was written"), numbers);
    }
}
