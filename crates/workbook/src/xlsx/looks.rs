//! Formats of cells as the file knows them.

use rust_xlsxwriter::Format;
use sheets::wire::{CellFormat, Color, ColorStyle};

/// The format of a cell; in a protected tab, whether it may be written.
pub(super) fn format(look: Option<&CellFormat>, is_open: bool) -> Format {
    let mut format = Format::new();
    if is_open {
        format = format.set_unlocked();
    }
    let Some(look) = look else { return format };
    if let Some(pattern) = look.number_format.as_ref().and_then(|number| number.pattern.as_deref()) {
        format = format.set_num_format(pattern);
    }
    if let Some(ground) = channels(look.background_color_style.as_ref(), look.background_color.as_ref()) {
        format = format.set_background_color(ground);
    }
    if look.wrap_strategy.as_deref() == Some("WRAP") {
        format = format.set_text_wrap();
    }
    if let Some(text) = &look.text_format {
        if text.bold == Some(true) {
            format = format.set_bold();
        }
        if text.italic == Some(true) {
            format = format.set_italic();
        }
        if let Some(ink) = channels(text.foreground_color_style.as_ref(), text.foreground_color.as_ref()) {
            format = format.set_font_color(ink);
        }
    }
    format
}

/// A colour as `0xRRGGBB`; `None` for one of the theme.
pub(super) fn channels(style: Option<&ColorStyle>, color: Option<&Color>) -> Option<u32> {
    let color = style.and_then(|style| style.rgb_color.as_ref()).or(color)?;
    let part = |channel: Option<f64>| (channel.unwrap_or(0.0).clamp(0.0, 1.0) * 255.0).round() as u32;
    Some(part(color.red) << 16 | part(color.green) << 8 | part(color.blue))
}
