//! Colours that can be read.

use super::STYLE;

/// A colour's luminance, as WCAG has it.
fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(color.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The colour of a name in a scheme: the first is light, the second dark.
fn color(scheme: usize, name: &str) -> &'static str {
    let block = STYLE.split(":root{").nth(scheme + 1).and_then(|rest| rest.split('}').next()).unwrap();
    let mut found = block.split(';').filter_map(|part| part.split_once(':'));
    found.find(|(key, _)| key.trim_start_matches('-') == name).map(|(_, color)| color.trim()).unwrap()
}

#[test]
fn every_text_stands_out_in_light_and_dark() {
    for scheme in [0, 1] {
        for ground in ["paper", "panel"] {
            for ink in ["ink", "soft", "link", "bad", "unsure", "warn", "good"] {
                let ratio = contrast(color(scheme, ink), color(scheme, ground));
                assert!(ratio >= 4.5, "{ink} on {ground} in scheme {scheme}: {ratio:.2}");
            }
        }
    }
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
}

#[test]
fn the_style_fetches_nothing_and_ends_nothing() {
    for bad in ["url(", "@import", "@font-face", "</", "http"] {
        assert!(!STYLE.replace("[href^=https]", "").contains(bad), "{bad}");
    }
}
