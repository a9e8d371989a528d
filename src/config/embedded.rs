//! The keymaps and themes that are compiled in. User files inherit from them; `keys print` and `themes print` show
//! them.

/// Embedded keymaps: name and text.
pub const KEYMAPS: &[(&str, &str)] = &[
    ("default", include_str!("../../keymaps/default.toml")),
    ("vim", include_str!("../../keymaps/vim.toml")),
    ("tenkey", include_str!("../../keymaps/tenkey.toml")),
];

/// Embedded themes: name and text.
pub const THEMES: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("contrast", include_str!("../../themes/contrast.toml")),
    ("dark-rgb", include_str!("../../themes/dark-rgb.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// Returns an embedded text by name, as the `base` of `Keymap::parse` and `Theme::parse`.
pub fn find(embedded: &[(&str, &str)], name: &str) -> Option<String> {
    embedded.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}
