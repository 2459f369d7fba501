//! What programs and people send, and how many of each are told apart: `www/docs/bots.md` says what the numbers mean.

use super::*;
use std::time::Instant;

/// Examples of the list we match by.
const CRAWLERS: &str = include_str!("../../../tests/data/agents/crawlers.txt");
/// Crawlers of another list, without the examples of ours.
const STRANGERS: &str = include_str!("../../../tests/data/agents/strangers.txt");
/// Browsers and apps, many old or rare.
const BROWSERS: &str = include_str!("../../../tests/data/agents/browsers.txt");
/// What visitors of the web send today.
const VISITORS: &str = include_str!("../../../tests/data/agents/visitors.txt");

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// The agents of a file, those taken for bots first.
fn told_apart(file: &'static str) -> (Vec<&'static str>, Vec<&'static str>) {
    file.lines().filter(|line| !line.starts_with('#')).partition(|agent| is_bot(agent))
}

/// The share of a file taken for bots, in hundredths of a per cent, printed.
fn share(name: &str, file: &'static str) -> usize {
    let (bots, people) = told_apart(file);
    let all = bots.len() + people.len();
    assert!(all > 500, "{name} has {all} lines");
    let share = bots.len() * 10_000 / all;
    println!("{name}: {} of {all} taken for bots, {}.{:02} %", bots.len(), share / 100, share % 100);
    share
}

#[test]
fn crawlers_are_caught() {
    assert!(share("examples of the list", CRAWLERS) >= 9_900);
    assert!(share("another list's crawlers", STRANGERS) >= 8_900);
}

#[test]
fn people_raise_no_false_alarms() {
    assert!(share("visitors today", VISITORS) <= 10);
    assert!(share("old and rare browsers", BROWSERS) <= 100);
    for agent in told_apart(BROWSERS).0 {
        println!("  {agent}");
    }
}

#[test]
fn what_is_refused_is_on_the_list() {
    let all = include_str!("../../data/crawlers.txt");
    for refused in crawlers::REFUSED {
        assert!(all.lines().any(|pattern| pattern == refused), "{refused} need not be refused any more");
    }
    assert!(crawlers::patterns().count() > 1_000);
}

#[test]
fn programs_are_bots() {
    for bot in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Viber",
        "Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Twitterbot/1.0",
        "TelegramBot (like TwitterBot)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5",
        "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
        "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) (compatible; Googlebot/2.1)",
        "A somebot (x)",
        "ubot (1)",
        "CuriousName/1.0",
        "python-requests/2.32.0",
        "Python-urllib/3.12",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Wget/1.21",
        "curl/8.0",
        "axios/1.7.0",
        "Java/21.0.1",
        "Apache-HttpClient/4.5 (Java/17)",
    ] {
        assert!(is_bot(bot), "{bot}");
    }
}

#[test]
fn people_are_no_bots() {
    for person in [
        CHROME,
        "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 fuboTV/4.75",
        "",
    ] {
        assert!(!is_bot(person), "{person}");
    }
}

/// Social networks open links in browsers of their own, and most of an influencer's visitors come that way.
#[test]
fn browsers_inside_apps_are_people() {
    let iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    let android = "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 \
                   (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36";
    for app in [
        "Mobile/15E148 Instagram 350.0.0.25.118 (iPhone14,5; iOS 18_5; en_US; en; scale=3.00; 1170x2532; 669)",
        "Instagram 406.0.0.58.159 Android (35/15; 480dpi; 1080x2400; OPPO; CPH2557; OP573DL1; mt6833; en_MY)",
        "Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.41.106;FBBV/640;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/18.5]",
        "[FB_IAB/FB4A;FBAV/480.0.0.53.88;IABMV/1;]",
        "[FBAN/MessengerForiOS;FBAV/470.0.0.34.107;FBDV/iPhone14,5]",
        "MetaIAB Facebook",
        "Barcelona 350.0.0.25.118 (iPhone14,5; iOS 18_5; en_US)",
        "musical_ly_37.0.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US BytedanceWebview/d8a21c6",
        "trill_370004 BytedanceWebview/d8a21c6 musical_ly_2023700040 AppName/musical_ly",
        "Twitter for iPhone/10.50",
        "TwitterAndroid",
        "Mobile/15E148 [LinkedInApp]/9.30.1502",
        "Snapchat/13.10.0.44 (like Safari/8618.2.12.10.9, panda)",
        "Mobile/15E148 [Pinterest/iOS]",
        "[Pinterest/Android]",
        "Safari Line/14.10.0",
        "Line/14.10.0/IAB",
        "Mobile/15E148 MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/en",
        "Telegram-Android/11.2.3 (Oppo CPH2557; Android 15; SDK 35; AVERAGE)",
        "Mobile/15E148 KAKAOTALK/25.1.0 (INAPP)",
        "Mobile/15E148 NAVER(inapp; search; 2000; 12.10.4; 14PRO)",
        "Viber/12.8.0.1",
        "Reddit/Version 2024.40.0/Build 1/Android 15",
        "GSA/340.0.660 Mobile/15E148 Safari/604.1",
    ] {
        for agent in [format!("{iphone} {app}"), format!("{android} {app}")] {
            assert!(!is_bot(&agent), "{agent}");
        }
    }
}

/// Printed with `--nocapture`. The bound is for a build that is not optimised, on a machine with more to do.
#[test]
#[expect(clippy::disallowed_methods, reason = "a measurement is of real time")]
fn how_long_it_takes() {
    let agents: Vec<&str> = VISITORS.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!is_bot(CHROME));
    for (name, agents) in [("one Chrome", &[CHROME][..]), ("952 visitors", &agents)] {
        let began = Instant::now();
        let rounds = 20_000 / agents.len();
        let found =
            (0..rounds).flat_map(|_| agents).filter(|agent| is_bot(std::hint::black_box(agent))).count();
        let calls = u128::try_from(rounds * agents.len()).expect("it fits");
        let each = began.elapsed().as_nanos() / calls;
        println!("{name}: {each} ns a call");
        assert_eq!(found, 0);
        assert!(each < 200_000, "{name}: {each} ns a call");
    }
}

#[test]
fn devices() {
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
    let tablet = "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
    assert_eq!([iphone, tablet, CHROME, ""].map(device), [2, 3, 1, 0]);
}

#[test]
fn prefetches() {
    let asked = |name: &'static str, value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a value"));
        is_prefetch(&headers)
    };
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("purpose", "preview"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ] {
        assert!(asked(name, value), "{name}: {value}");
    }
    for (name, value) in [("sec-fetch-dest", "document"), ("purpose", "navigate"), ("sec-purpose", "")] {
        assert!(!asked(name, value), "{name}: {value}");
    }
    assert!(!is_prefetch(&HeaderMap::new()));
}
