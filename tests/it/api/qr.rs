//! QR codes as pictures, read back by another library.

use crate::harness::{Client, ORIGIN, Server};
use ureq::http::Method;

/// The picture at a path: its width, its pixels from dark (true) to light, and its palette.
struct Picture {
    width: usize,
    dark: Vec<bool>,
    palette: Vec<u8>,
}

fn picture(base: &str, path: &str) -> Picture {
    let mut answer = ureq::get(&format!("{base}{path}")).call().expect("a picture");
    assert_eq!(answer.headers()["content-type"], "image/png");
    let bytes = answer.body_mut().read_to_vec().expect("bytes");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut packed = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut packed).expect("pixels");
    let info = reader.info();
    let (width, line) = (info.width as usize, info.raw_row_length() - 1);
    let bit = |i: usize| packed[i / width * line + i % width / 8] >> (7 - i % width % 8) & 1 == 1;
    let palette = info.palette.as_ref().expect("a palette").to_vec();
    Picture { width, dark: (0..width * width).map(bit).collect(), palette }
}

fn read(picture: &Picture) -> String {
    let grey = |x: usize, y: usize| if picture.dark[y * picture.width + x] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.width, grey);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code is found");
    grids[0].decode().expect("it is readable").1
}

#[test]
fn a_link_is_drawn_and_can_be_read() {
    let server = Server::start();
    let link = format!("{}/r/MAYA10", server.base);
    for with in ["", "&size=200&level=H", "&size=33&margin=0", "&size=2048&margin=16&level=Q"] {
        let drawn = picture(&server.base, &format!("/v1/qr?url={link}{with}"));
        assert_eq!(read(&drawn), link, "{with}");
    }
    let plain = picture(&server.base, &format!("/v1/qr?url={link}"));
    assert_eq!((plain.width, plain.palette), (600, vec![255, 255, 255, 0, 0, 0]));
    let coloured = picture(&server.base, &format!("/v1/qr?url={link}&fgColor=%230a7d4f&bgColor=fff8e7"));
    assert_eq!(coloured.palette, [255, 248, 231, 10, 125, 79]);
}

fn ask(client: &Client, query: &str) -> u16 {
    client.try_send(Method::HEAD, &format!("/v1/qr?{query}"), None).map_or(0, |answer| answer.status)
}

#[test]
fn strangers_draw_our_own_links_alone() {
    let server = Server::start();
    let other = "url=https%3A%2F%2Fshop.example%2F";
    assert_eq!(ask(&server.nobody(), other), 401);
    assert_eq!(ask(&server.nobody(), &format!("url={}.evil.example/", server.base)), 401);
    assert_eq!(ask(&server.test(), other), 200);
    assert_eq!(ask(&server.page_of(&server.vendor.test.publishable_key, ORIGIN), other), 200);
    assert_eq!(ask(&server.page_of("pk_test_unknown", ORIGIN), other), 401);
    assert_eq!(ask(&server.test(), "url=javascript%3A1"), 422);
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let server = Server::start();
    let link = format!("url={}/r/MAYA10", server.base);
    for (with, field) in [
        ("&size=31", "size"),
        ("&size=2049", "size"),
        ("&size=32&margin=16", "size"),
        ("&margin=17", "margin"),
        ("&level=X", "level"),
        ("&fgColor=red", "fgColor"),
        ("&bgColor=%23", "bgColor"),
    ] {
        let refused = server.nobody().get(&format!("/v1/qr?{link}{with}")).refused(422);
        assert!(refused.contains(&format!("`{field}`")), "{with}: {refused}");
    }
    server.nobody().get("/v1/qr").refused(400);
    let long = format!("url={}/r/{}", server.base, "A".repeat(1_900));
    assert!(server.nobody().get(&format!("/v1/qr?{long}&level=H")).refused(422).contains("`url`"));
}
