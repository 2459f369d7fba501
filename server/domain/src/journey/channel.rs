//! Which channel a touchpoint came by.

/// The channel of a touchpoint: its `utm_source` and `utm_medium` as `source / medium`, or whichever of them there is; else
/// the site the visitor came from, as [`crate::click::site`] gives it; else `otherwise`. Marks are compared without case.
pub fn channel(source: Option<&str>, medium: Option<&str>, site: Option<&str>, otherwise: &str) -> String {
    let mark = |mark: Option<&str>| mark.map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty());
    match (mark(source), mark(medium)) {
        (Some(source), Some(medium)) => format!("{source} / {medium}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => site.unwrap_or(otherwise).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_before_sites_before_the_kind() {
        let site = Some("blog.example");
        assert_eq!(channel(Some("News "), Some("E-Mail"), site, "direct"), "news / e-mail");
        assert_eq!(channel(Some("news"), Some(" "), site, "direct"), "news");
        assert_eq!(channel(None, Some("email"), site, "direct"), "email");
        assert_eq!(channel(None, None, site, "direct"), "blog.example");
        assert_eq!(channel(Some(""), None, None, "code"), "code");
    }
}
