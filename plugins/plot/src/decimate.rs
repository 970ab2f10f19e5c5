//! Fewer points that look the same: a picture has no more columns than pixels.

use std::collections::HashSet;

use crate::scene::Place;

/// Of points that follow each other in one column of pixels, the first, the last, the highest and the lowest: a line
/// through them covers the same pixels as one through all.
pub(crate) fn columns(line: Vec<Place>) -> Vec<Place> {
    if line.len() < 1000 {
        return line;
    }
    let mut kept = Vec::new();
    let mut rest = &line[..];
    while let Some(first) = rest.first() {
        let column = first.x.floor();
        let count = rest
            .iter()
            .take_while(|place| place.x.floor() == column)
            .count();
        let (here, after) = rest.split_at(count);
        rest = after;
        if count <= 4 {
            kept.extend_from_slice(here);
            continue;
        }
        let (mut highest, mut lowest) = (0, 0);
        for (index, place) in here.iter().enumerate() {
            if place.y < here[highest].y {
                highest = index;
            }
            if place.y > here[lowest].y {
                lowest = index;
            }
        }
        let mut indices = [0, highest, lowest, count - 1];
        indices.sort_unstable();
        let mut before = None;
        for index in indices {
            if before != Some(index) {
                kept.push(here[index]);
            }
            before = Some(index);
        }
    }
    kept
}

/// Of dots that lie on the same half of a pixel, one.
pub(crate) fn dots(dots: Vec<Place>) -> Vec<Place> {
    if dots.len() < 1000 {
        return dots;
    }
    let mut taken = HashSet::new();
    let half = |at: f64| (at * 2.0).round() as i64;
    let mut kept = dots;
    kept.retain(|place| taken.insert((half(place.x), half(place.y))));
    kept
}
