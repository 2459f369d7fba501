//! Which e-mail addresses lead to one mailbox.

/// Domains that are second names of another, with the one we compare by. Sources: support.google.com/mail/answer/10313;
/// support.apple.com/118230; proton.me/support/addresses-and-aliases (a name is its owner's at all of Proton's domains);
/// yandex.com/support/domain/additional/mailbox-alias.xml.
const SECOND_NAMES: [(&str, &str); 10] = [
    ("googlemail.com", "gmail.com"),
    ("me.com", "icloud.com"),
    ("mac.com", "icloud.com"),
    ("protonmail.com", "proton.me"),
    ("protonmail.ch", "proton.me"),
    ("pm.me", "proton.me"),
    ("ya.ru", "yandex.ru"),
    ("yandex.com", "yandex.ru"),
    ("yandex.by", "yandex.ru"),
    ("yandex.kz", "yandex.ru"),
];

/// Where `anything@name.domain` goes to `name@domain`. Source: fastmail.help/hc/en-us/articles/360060591053.
const NAME_AS_SUBDOMAIN: [&str; 2] = ["fastmail.com", "fastmail.fm"];

/// The mailbox an address leads to, as far as its form tells: lower case, without a `+tag`, without the dots Gmail
/// ignores (support.google.com/mail/answer/7436150), at the first of its domain's names. An international domain stays as
/// it is written. Only for comparing: mail is sent to the address itself.
pub fn mailbox(address: &str) -> String {
    let folded = address.trim().to_lowercase();
    let Some((local, domain)) = folded.rsplit_once('@') else { return folded };
    if let Some((name, host)) = name_as_subdomain(domain) {
        return format!("{name}@{host}");
    }
    let domain = SECOND_NAMES.iter().find(|(second, _)| *second == domain).map_or(domain, |(_, first)| first);
    let local = without_tag(local);
    if domain == "gmail.com" {
        format!("{}@{domain}", local.replace('.', ""))
    } else {
        format!("{local}@{domain}")
    }
}

/// What stands before the tag; an address that begins with `+` has none.
fn without_tag(local: &str) -> &str {
    match local.split_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => local,
    }
}

fn name_as_subdomain(domain: &str) -> Option<(&str, &str)> {
    let (name, host) = domain.split_once('.')?;
    NAME_AS_SUBDOMAIN.contains(&host).then_some((name, host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_mailbox() {
        for (written, leads_to) in [
            ("Maya@Example.com", "maya@example.com"),
            (" maya@example.com ", "maya@example.com"),
            ("maya+tea@example.com", "maya@example.com"),
            ("maya+tea+more@example.com", "maya@example.com"),
            ("M.a.y.a+tea@GoogleMail.com", "maya@gmail.com"),
            ("maya@mac.com", "maya@icloud.com"),
            ("maya@me.com", "maya@icloud.com"),
            ("maya@pm.me", "maya@proton.me"),
            ("maya@protonmail.com", "maya@proton.me"),
            ("maya@ya.ru", "maya@yandex.ru"),
            ("tea@maya.fastmail.com", "maya@fastmail.com"),
            ("maya+tea@fastmail.fm", "maya@fastmail.fm"),
            ("ÉLODIE@Exemple.fr", "élodie@exemple.fr"),
            ("用户@例子.公司", "用户@例子.公司"),
        ] {
            assert_eq!(mailbox(written), leads_to, "{written}");
        }
    }

    #[test]
    fn different_mailboxes() {
        for (one, other) in [
            ("m.aya@example.com", "maya@example.com"),
            ("maya@gmail.com", "maya@example.com"),
            ("maya-tea@yahoo.com", "maya@yahoo.com"),
            ("+tea@example.com", "+coffee@example.com"),
            ("a@maya.example.com", "maya@example.com"),
            ("maya@hotmail.com", "maya@outlook.com"),
            ("a@b.maya.fastmail.com", "maya@fastmail.com"),
            ("maya@fastmail.com", "maya@fastmail.fm"),
        ] {
            assert_ne!(mailbox(one), mailbox(other), "{one}");
        }
    }

    #[test]
    fn what_is_no_address_is_only_folded() {
        assert_eq!(mailbox("Maya"), "maya");
    }

    proptest! {
        #[test]
        fn a_mailbox_is_its_own(address in ".{0,12}@(gmail.com|me.com|x.fastmail.com|.{0,9})") {
            prop_assert_eq!(mailbox(&mailbox(&address)), mailbox(&address));
        }
    }
}
