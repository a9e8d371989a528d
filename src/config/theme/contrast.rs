//! Tests of legibility: contrast ratios of every role on the palettes of common terminals, and for colour-blind people.
//!
//! Ratios by WCAG 2.2; simulation of colour vision by Machado, Oliveira and Fernandes (2009).

use super::*;
use crate::config::embedded::{self, THEMES};

/// Minimum ratio of text.
const READ: f64 = 4.5;
/// Minimum ratio of secondary text.
const FAINT: f64 = 3.0;
/// Minimum ratio of lines and empty parts of gauges.
const ORNAMENT: f64 = 2.5;

type Rgb = [u8; 3];

/// The default colours of a terminal.
struct Palette {
    name: &'static str,
    sixteen: [Rgb; 16],
    text: Rgb,
    ground: Rgb,
}

const fn rgb(code: u32) -> Rgb {
    [(code >> 16) as u8, (code >> 8) as u8, code as u8]
}

const fn sixteen(codes: [u32; 16]) -> [Rgb; 16] {
    let mut out = [[0; 3]; 16];
    let mut n = 0;
    while n < 16 {
        out[n] = rgb(codes[n]);
        n += 1;
    }
    out
}

const PALETTES: [Palette; 3] = [
    Palette { name: "xterm", sixteen: SIXTEEN, text: rgb(0xe5e5e5), ground: rgb(0) },
    Palette {
        name: "PuTTY",
        sixteen: sixteen([
            0x000000, 0xbb0000, 0x00bb00, 0xbbbb00, 0x0000bb, 0xbb00bb, 0x00bbbb, 0xbbbbbb, 0x555555, 0xff5555,
            0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
        ]),
        text: rgb(0xbbbbbb),
        ground: rgb(0),
    },
    Palette {
        name: "Windows Terminal",
        sixteen: sixteen([
            0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc, 0x767676, 0xe74856,
            0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
        ]),
        text: rgb(0xcccccc),
        ground: rgb(0x0c0c0c),
    },
];

impl Palette {
    fn rgb_of(&self, color: Option<Color>, own: Rgb) -> Rgb {
        match color {
            None | Some(Color::Default) => own,
            Some(Color::Rgb(r, g, b)) => [r, g, b],
            Some(Color::Indexed(index)) if index >= 16 => palette_rgb(index),
            Some(color) => {
                let place = COLORS.iter().position(|(_, known)| *known == color).expect("a named colour");
                self.sixteen[place - 1]
            }
        }
    }

    /// Returns the colours of text and background of a style.
    fn pair(&self, style: Style) -> (Rgb, Rgb) {
        let (fg, bg) = (self.rgb_of(style.fg, self.text), self.rgb_of(style.bg, self.ground));
        if style.reversed { (bg, fg) } else { (fg, bg) }
    }
}

fn linear([r, g, b]: Rgb) -> [f64; 3] {
    [r, g, b].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance([r, g, b]: [f64; 3]) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn ratio(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn shipped(name: &str) -> Theme {
    let text = embedded::find(THEMES, name).expect(name);
    Theme::parse(name, &text, |name| embedded::find(THEMES, name)).unwrap_or_else(|found| panic!("{found}"))
}

fn wanted(role: Role) -> f64 {
    match role {
        Role::Dim => FAINT,
        Role::Border | Role::GaugeRest => ORNAMENT,
        _ => READ,
    }
}

/// dark, dark-rgb and mono are made for dark backgrounds; light and contrast set their own.
#[test]
fn every_role_of_every_theme_is_legible_at_every_depth() {
    let mut diagnostics = Vec::new();
    for (name, _) in THEMES {
        for depth in [Depth::Sixteen, Depth::Palette, Depth::Full] {
            let theme = shipped(name).at(depth);
            for palette in &PALETTES {
                for role in Role::ALL {
                    let (text, ground) = palette.pair(theme.style(*role));
                    let found = ratio(linear(text), linear(ground));
                    if found < wanted(*role) {
                        diagnostics.push(format!(
                            "{name} {depth:?} {}: {} {found:.1} < {}",
                            palette.name,
                            role.name(),
                            wanted(*role)
                        ));
                    }
                }
            }
        }
    }
    assert!(diagnostics.is_empty(), "{}", diagnostics.join("\n"));
}

/// The ratios stated in `contrast.toml` are those of its colours, none below 7.
#[test]
fn the_figures_in_the_contrast_theme_are_right() {
    let theme = shipped("contrast");
    let text = embedded::find(THEMES, "contrast").expect("shipped");
    let mut seen = 0;
    for line in text.lines().filter(|line| line.starts_with('"')) {
        let name = line.split('"').nth(1).expect("a role");
        let role = Role::ALL.iter().find(|role| role.name() == name).expect("a role");
        let stated: f64 = line.rsplit("# ").next().expect("a figure").parse().expect(line);
        let (text, ground) = PALETTES[0].pair(theme.style(*role));
        let found = ratio(linear(text), linear(ground));
        assert!((found - stated).abs() < 0.06, "{name}: {found:.2}, the file says {stated}");
        assert!(found >= 7.0, "{name}: {found:.1}");
        seen += 1;
    }
    assert_eq!(seen, Role::ALL.len(), "a role has no figure");
}

const VISIONS: [(&str, [[f64; 3]; 3]); 3] = [
    ("1型", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("2型", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    ("3型", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn seen(color: Rgb, vision: &[[f64; 3]; 3]) -> [f64; 3] {
    let [r, g, b] = linear(color);
    vision.map(|row| (row[0] * r + row[1] * g + row[2] * b).clamp(0.0, 1.0))
}

/// Converts to CIE L*a*b*, for perceptual distances.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
    let [x, y, z] = [x, y, z].map(|part: f64| if part > 0.008856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    lab(one).iter().zip(lab(other)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// For each type of colour vision, text is legible and roles that must not be confused are far apart.
#[test]
fn the_contrast_theme_is_safe_for_colour_blind_people() {
    use Role::*;
    for depth in [Depth::Full, Depth::Sixteen] {
        let theme = shipped("contrast").at(depth);
        for (vision, matrix) in &VISIONS {
            for palette in &PALETTES {
                let look = |role: Role| {
                    let (text, ground) = palette.pair(theme.style(role));
                    (seen(text, matrix), seen(ground, matrix))
                };
                for role in Role::ALL {
                    let (text, ground) = look(*role);
                    assert!(ratio(text, ground) >= READ, "{vision} {} {}", palette.name, role.name());
                }
                for group in [
                    &[DiffEqual, DiffNotation, DiffUncertain, DiffReplace][..],
                    &[MarkOk, MarkNg],
                    &[ClassOne, ClassTwo, ClassThree],
                    &[Saved, Unsaved],
                    &[Info, Warning, Error],
                    &[Text, Selection, Match],
                ] {
                    for (n, one) in group.iter().enumerate() {
                        for other in &group[n + 1..] {
                            let ((text, ground), (text2, ground2)) = (look(*one), look(*other));
                            let apart = distance(text, text2).max(distance(ground, ground2));
                            // Underlined or reversed needs no colour.
                            let shape = |role: Role| (theme.style(role).underline, theme.style(role).reversed);
                            let words = (depth, vision, palette.name, one.name(), other.name());
                            assert!(apart >= 20.0 || shape(*one) != shape(*other), "{words:?}: {apart:.0}");
                        }
                    }
                }
            }
        }
    }
}
