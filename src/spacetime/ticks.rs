//! The axis: round times before and after the cursor.
use super::{Axis, Frame, Tick, relative};
use crate::words::nice_ceiling;

/// A tick at the cursor and at every round distance from it.
pub(super) fn ticks(frame: &Frame, axis: &Axis) -> Vec<Tick> {
    let parts = if axis.wide { 8 } else { 6 };
    let step = 1000 * nice_ceiling((frame.span / parts).div_ceil(1000).max(1));
    let (from, to) = frame.window();
    let before = (frame.at - from) / step;
    let after = (to - frame.at) / step;
    let tick = |at| Tick { at: axis.along(at), text: relative(at, frame.at) };
    (1..=before).rev().map(|i| frame.at - i * step).chain((0..=after).map(|i| frame.at + i * step)).map(tick).collect()
}
