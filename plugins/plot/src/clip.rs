//! What of a line or of a polygon lies inside of an area.

use crate::scene::{Area, Place};

/// The parts of a line that lie inside.
pub(crate) fn line(line: &[Place], area: &Area) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    let mut part: Vec<Place> = Vec::new();
    if let [only] = line
        && area.contains(*only)
    {
        // A point between two gaps is a dot of the line's width.
        return vec![vec![*only, *only]];
    }
    for pair in line.windows(2) {
        match segment(pair[0], pair[1], area) {
            None => close(&mut part, &mut parts),
            Some((from, to)) => {
                if part.last() != Some(&from) {
                    close(&mut part, &mut parts);
                    part.push(from);
                }
                part.push(to);
            }
        }
    }
    close(&mut part, &mut parts);
    parts
}

fn close(part: &mut Vec<Place>, parts: &mut Vec<Vec<Place>>) {
    let part = std::mem::take(part);
    if part.len() > 1 {
        parts.push(part);
    }
}

/// The part of a straight line that lies inside, by Liang and Barsky.
pub(crate) fn segment(from: Place, to: Place, area: &Area) -> Option<(Place, Place)> {
    if area.contains(from) && area.contains(to) {
        return Some((from, to));
    }
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    let sides = [
        (-dx, from.x - area.left),
        (dx, area.right - from.x),
        (-dy, from.y - area.top),
        (dy, area.bottom - from.y),
    ];
    for (towards, distance) in sides {
        if towards == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enters = enters.max(distance / towards);
        } else {
            leaves = leaves.min(distance / towards);
        }
    }
    // What is too far away for numbers is not drawn either.
    if enters > leaves || !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let at = |part: f64| match part {
        0.0 => from,
        1.0 => to,
        part => Place {
            x: (from.x + dx * part).clamp(area.left, area.right),
            y: (from.y + dy * part).clamp(area.top, area.bottom),
        },
    };
    Some((at(enters), at(leaves)))
}

/// The part of a polygon that lies inside, by Sutherland and Hodgman.
pub(crate) fn polygon(corners: Vec<Place>, area: &Area) -> Vec<Place> {
    let across = |a: Place, b: Place, x: f64| Place {
        x,
        y: a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)),
    };
    let along = |a: Place, b: Place, y: f64| Place {
        x: a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)),
        y,
    };
    let corners = half(
        corners,
        |it| it.x >= area.left,
        |a, b| across(a, b, area.left),
    );
    let corners = half(
        corners,
        |it| it.x <= area.right,
        |a, b| across(a, b, area.right),
    );
    let corners = half(corners, |it| it.y >= area.top, |a, b| along(a, b, area.top));
    half(
        corners,
        |it| it.y <= area.bottom,
        |a, b| along(a, b, area.bottom),
    )
}

fn half(
    corners: Vec<Place>,
    is_inside: impl Fn(Place) -> bool,
    crossing: impl Fn(Place, Place) -> Place,
) -> Vec<Place> {
    let mut kept = Vec::with_capacity(corners.len() + 4);
    let Some(mut before) = corners.last().copied() else {
        return kept;
    };
    for corner in corners {
        if is_inside(corner) != is_inside(before) {
            kept.push(crossing(before, corner));
        }
        if is_inside(corner) {
            kept.push(corner);
        }
        before = corner;
    }
    kept
}
