//! How a person wants pages to look and to listen: kept in cookies, so that the server knows before the first pixel.

/// One thing that can be chosen. It stands on `<html>` as `data-NAME`.
pub(crate) struct Look {
    /// Name of its cookie.
    pub(crate) name: &'static str,
    /// What it can be; the first is what nobody has to choose.
    pub(crate) words: &'static [&'static str],
}

/// Light, dark, or as the system says.
pub(crate) const THEME: Look = Look {
    name: "theme",
    words: &["system", "light", "dark"],
};
/// How high rows and controls are.
pub(crate) const DENSITY: Look = Look {
    name: "density",
    words: &["usual", "compact"],
};
/// Whether single keys do something (WCAG 2.1.4).
pub(crate) const KEYS: Look = Look {
    name: "keys",
    words: &["on", "off"],
};
/// Everything that can be chosen.
pub(crate) const LOOKS: [Look; 3] = [THEME, DENSITY, KEYS];

impl Look {
    /// What the browser that asks has chosen.
    pub(crate) fn chosen(&self) -> &'static str {
        let word = leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| crate::boot::cookie(&parts.headers, self.name));
        word.and_then(|word| self.word(&word)).unwrap_or(self.words[0])
    }

    /// What stands on `<html>`; nothing for what nobody has to choose.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        Some(self.chosen()).filter(|word| *word != self.words[0])
    }

    /// The word that is meant, if there is such a one.
    pub(crate) fn word(&self, word: &str) -> Option<&'static str> {
        self.words.iter().copied().find(|known| *known == word)
    }
}
