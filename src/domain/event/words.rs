//! Numbers in the words of older events.

/// The number in `解除 第3回 12件` or `件数報告 第3回`.
pub(super) fn numbered(words: &str) -> Option<u32> {
    words.split_once('第')?.1.split_once('回')?.0.parse().ok()
}
