//! Drawings of numbers as SVG. Their colors are those of the style of the page, so that they are dark with it and print
//! with it; every number in them also stands in a table beside them.

use maud::{Markup, html};
use shockpath::vocabulary::Language;
use shockpath_statistics::{Between, Block, Curve, Funnel, Interval, Outcome, Step};

use super::words::{self, Words};

/// Width of a drawing.
const WIDTH: f64 = 1040.0;
/// Where the axis of shares begins, right of the names, and how long it is.
const AXIS: (f64, f64) = (330.0, 560.0);
/// Height of a row.
const ROW: f64 = 30.0;

/// A number with one decimal, as attributes have it.
fn at(value: f64) -> String {
    format!("{value:.1}")
}

/// A share in percent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// An interval of shares.
pub(super) fn between(held: Interval) -> String {
    format!("{:.1}–{:.1} %", 100.0 * held.low, 100.0 * held.high)
}

fn frame(caption: &str, high: f64, content: &Markup) -> Markup {
    html! {
        figure {
            figcaption { (caption) }
            div class="scroll" tabindex="0" role="region" aria-label=(caption) {
                svg role="img" aria-label=(caption) width=(WIDTH) height=(at(high)) viewBox=(format!("0 0 {WIDTH} {high:.1}")) {
                    (content)
                }
            }
        }
    }
}

/// A name that has room for so many letters.
fn short(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    // The end of a rule's path says which it is.
    let kept: String = name.chars().skip(count - most + 1).collect();
    format!("…{kept}")
}

/// The vertical lines of an axis of shares.
fn grid(from: f64, to: f64) -> Markup {
    html! {
        @for tenth in [0, 20, 40, 60, 80, 100] {
            @let x = at(AXIS.0 + AXIS.1 * f64::from(tenth) / 100.0);
            line class="grid" x1=(x) x2=(x) y1=(at(from)) y2=(at(to)) {}
            text class="tick" x=(x) y=(at(to + 18.0)) text-anchor="middle" { (tenth) " %" }
        }
    }
}

/// Dots with whiskers, one row for each block.
pub(super) fn dots(caption: &str, rows: &[(String, &Block)], words: &Words) -> Markup {
    let bottom = 10.0 + ROW * rows.len() as f64;
    let x = |share: f64| AXIS.0 + AXIS.1 * share;
    let content = html! {
        (grid(6.0, bottom))
        @for (index, (name, block)) in rows.iter().enumerate() {
            @let y = 10.0 + ROW * (index as f64 + 0.5);
            text x=(at(AXIS.0 - 14.0)) y=(at(y + 5.0)) text-anchor="end" { (short(name, 38)) }
            @if let Some(rate) = &block.rate {
                @if let Some(held) = block.bounds {
                    rect class="bounds" x=(at(x(held.low))) y=(at(y - 8.0)) height="16" width=(at(x(held.high) - x(held.low))) {}
                }
                line class="whisker" x1=(at(x(rate.wilson.low))) x2=(at(x(rate.wilson.high))) y1=(at(y)) y2=(at(y)) {}
                circle class="dot" cx=(at(x(rate.share))) cy=(at(y)) r="5" {}
                text x=(at(AXIS.0 + AXIS.1 + 22.0)) y=(at(y + 5.0)) { (percent(rate.share)) }
            } @else {
                text class="lead" x=(at(AXIS.0 + AXIS.1 + 22.0)) y=(at(y + 5.0)) { (words.hidden) }
            }
        }
    };
    frame(caption, bottom + 28.0, &content)
}

/// Stacked bars of the outcomes, each bar all that is shown of a block.
pub(super) fn bars(caption: &str, rows: &[(String, &Block)], language: Language) -> Markup {
    let words = Words::of(language);
    let top = 64.0;
    let bottom = top + ROW * rows.len() as f64;
    let seen: Vec<Outcome> =
        Outcome::ALL.into_iter().filter(|held| rows.iter().any(|(_, block)| block.count(*held) != Some(0))).collect();
    let legend = |index: usize| (10.0 + 170.0 * (index % 6) as f64, 4.0 + 26.0 * (index / 6) as f64);
    let content = html! {
        @for (index, held) in seen.iter().enumerate() {
            @let (x, y) = legend(index);
            rect class={ "outcome " (words::tone(*held)) } x=(at(x)) y=(at(y)) width="16" height="16" {}
            text x=(at(x + 22.0)) y=(at(y + 13.0)) { (words::outcome(*held, language)) }
        }
        (grid(top, bottom))
        @for (index, (name, block)) in rows.iter().enumerate() {
            @let y = top + ROW * index as f64 + 4.0;
            text x=(at(AXIS.0 - 14.0)) y=(at(y + 16.0)) text-anchor="end" { (short(name, 38)) }
            @if block.hidden {
                text class="lead" x=(at(AXIS.0 + 8.0)) y=(at(y + 16.0)) { (words.hidden) }
            } @else {
                @for (outcome, count, from, length) in stacked(block) {
                    rect class={ "outcome " (words::tone(outcome)) } x=(at(from)) y=(at(y)) width=(at(length)) height="22" {}
                    @if length > 34.0 {
                        text class="in" x=(at(from + length / 2.0)) y=(at(y + 16.0)) text-anchor="middle" { (count) }
                    }
                }
            }
        }
    };
    frame(caption, bottom + 28.0, &content)
}

/// Outcome, count, start and length of each part of a bar.
fn stacked(block: &Block) -> Vec<(Outcome, u64, f64, f64)> {
    let all: u64 = block.counts.iter().filter_map(|held| held.opportunities).sum();
    let mut from = AXIS.0;
    let mut parts = Vec::new();
    for held in &block.counts {
        let count = held.opportunities.unwrap_or_default();
        if count > 0 {
            let length = AXIS.1 * count as f64 / all as f64;
            parts.push((held.outcome, count, from, length));
            from += length;
        }
    }
    parts
}

/// Where the square of a drawing with two axes stands.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 1020.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 330.0;

/// The axes of a drawing with shares upward.
fn axes(ticks: &[(f64, String)], label: &str, right: f64) -> Markup {
    html! {
        @for tenth in [0, 20, 40, 60, 80, 100] {
            @let y = up(f64::from(tenth) / 100.0);
            line class="grid" x1=(at(LEFT)) x2=(at(right)) y1=(at(y)) y2=(at(y)) {}
            text class="tick" x=(at(LEFT - 8.0)) y=(at(y + 5.0)) text-anchor="end" { (tenth) " %" }
        }
        @for (x, text) in ticks {
            line class="grid" x1=(at(*x)) x2=(at(*x)) y1=(at(BOTTOM)) y2=(at(BOTTOM + 5.0)) {}
            text class="tick" x=(at(*x)) y=(at(BOTTOM + 22.0)) text-anchor="middle" { (text) }
        }
        text class="tick" x=(at(f64::midpoint(LEFT, right))) y=(at(BOTTOM + 44.0)) text-anchor="middle" { (label) }
    }
}

fn up(share: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share.clamp(0.0, 1.0)
}

/// Round numbers from 0 to a length, about five of them.
fn round_ticks(most: f64) -> Vec<f64> {
    let rough = (most / 5.0).max(1e-9);
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|of| of * power).find(|step| *step >= rough).unwrap_or(rough);
    let count = (most / step).floor();
    (0..=(count as u32)).map(|index| f64::from(index) * step).collect()
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// The funnel of centers.
pub(super) fn funnel(held: &Between, words: &Words) -> Markup {
    let most = held.spots.iter().map(|spot| spot.size).fold(1.0, f64::max) * 1.08;
    let across = |size: f64| LEFT + (RIGHT - LEFT) * size / most;
    let limits = Funnel { share: held.share, overdispersion: held.overdispersion, spots: Vec::new() };
    let sizes: Vec<f64> = (1..=120).map(|step| most * f64::from(step) / 120.0).collect();
    let line = |level: f64, high: bool| {
        path(sizes.iter().map(|size| {
            let held = limits.limits(*size, level);
            (across(*size), up(if high { held.high } else { held.low }))
        }))
    };
    let ticks: Vec<(f64, String)> =
        round_ticks(most).into_iter().map(|size| (across(size), format!("{size:.0}"))).collect();
    let content = html! {
        (axes(&ticks, words.size, RIGHT))
        line class="middle" x1=(at(LEFT)) x2=(at(RIGHT)) y1=(at(up(held.share))) y2=(at(up(held.share))) {}
        @for (level, class) in [(0.95, "inner"), (0.998, "outer")] {
            @for high in [false, true] { polyline class={ "limit " (class) } points=(line(level, high)) {} }
        }
        @for spot in &held.spots {
            @let out = spot.share < spot.limits_998.low || spot.share > spot.limits_998.high;
            circle class={ "dot" @if out { " out" } } cx=(at(across(spot.size))) cy=(at(up(spot.share))) r="5" {
                title { (spot.center) ": " (percent(spot.share)) }
            }
            // Those inside stand in the table; their names would lie over each other.
            @if spot.share < spot.limits_95.low || spot.share > spot.limits_95.high {
            @let right = across(spot.size) > RIGHT - 110.0;
            @let x = across(spot.size) + if right { -9.0 } else { 9.0 };
            text class="tick" x=(at(x)) y=(at(up(spot.share) + 5.0)) text-anchor=(if right { "end" } else { "start" }) {
                (short(&spot.center, 14))
            }
            }
        }
    };
    frame(words.funnel_drawing, BOTTOM + 56.0, &content)
}

/// Points of a curve of steps: each height is held until the next step.
fn steps(curve: &Curve, end: f64, of: fn(&Step) -> f64) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, 0.0)];
    for step in curve.steps.iter().take_while(|step| step.minutes <= end) {
        let before = points.last().map_or(0.0, |held| held.1);
        points.push((step.minutes, before));
        points.push((step.minutes, of(step)));
    }
    let last = points.last().map_or(0.0, |held| held.1);
    points.push((end, last));
    points
}

/// The curve of one rule.
pub(super) fn curve(caption: &str, curve: &Curve, words: &Words) -> Markup {
    // To twice the time of the last action: after that nothing rises that the drawing is about.
    let end = curve.steps.last().map_or(1.0, |step| step.minutes);
    let height = curve.steps.last().map_or(0.0, |step| step.done);
    let risen = curve.steps.iter().find(|step| step.done >= height).map_or(end, |step| step.minutes);
    let most = end.min(2.0 * risen).max(1.0);
    let across = |minutes: f64| LEFT + (RIGHT - LEFT) * minutes / most;
    let draw = |points: Vec<(f64, f64)>| path(points.into_iter().map(|(x, y)| (across(x), up(y))));
    let steps = |of: fn(&Step) -> f64| steps(curve, most, of);
    let mut band = steps(|step| step.interval.high);
    let mut low = steps(|step| step.interval.low);
    low.reverse();
    band.append(&mut low);
    let hours = most > 180.0;
    let unit = if hours { 60.0 } else { 1.0 };
    let ticks: Vec<(f64, String)> =
        round_ticks(most / unit).into_iter().map(|time| (across(time * unit), format!("{time}"))).collect();
    let label = format!("{} ({})", words.after, if hours { words.hours } else { words.minutes });
    let keys = [("done", words.done), ("competing", words.lapsed), ("died", words.died)];
    let content = html! {
        (axes(&ticks, &label, RIGHT))
        polygon class="band" points=(draw(band)) {}
        polyline class="curve competing" points=(draw(steps(|step| step.lapsed))) {}
        polyline class="curve died" points=(draw(steps(|step| step.died))) {}
        polyline class="curve done" points=(draw(steps(|step| step.done))) {}
        @for (index, (class, name)) in keys.into_iter().enumerate() {
            @let x = LEFT + 10.0 + 210.0 * index as f64;
            @let y = BOTTOM + 66.0;
            line class={ "curve " (class) } x1=(at(x)) x2=(at(x + 34.0)) y1=(at(y)) y2=(at(y)) {}
            text x=(at(x + 42.0)) y=(at(y + 5.0)) { (name) }
        }
    };
    frame(caption, BOTTOM + 80.0, &content)
}

/// How rates move with the window: one line for each block.
pub(super) fn tolerance(rows: &[(String, &Block)], words: &Words) -> Markup {
    let right = 700.0;
    let across = |minutes: i64| LEFT + 20.0 + (right - LEFT - 40.0) * (minutes + 60) as f64 / 120.0;
    let shown: Vec<&(String, &Block)> = rows.iter().filter(|(_, block)| !block.tolerance.is_empty()).collect();
    let Some((_, first)) = shown.first() else { return html! {} };
    let ticks: Vec<(f64, String)> =
        first.tolerance.iter().map(|held| (across(held.minutes), format!("{:+}", held.minutes))).collect();
    // Names stand at the end of their lines, moved apart where they would meet.
    let end = |block: &Block| block.tolerance.last().map_or(0.0, |held| up(held.share));
    let mut ends: Vec<(usize, f64)> = shown.iter().enumerate().map(|(index, (_, block))| (index, end(block))).collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut last = f64::MIN;
    for (_, y) in &mut ends {
        *y = y.max(last + 19.0);
        last = *y;
    }
    let content = html! {
        (axes(&ticks, words.tolerance_by, right))
        @for (index, y) in &ends {
            @let (name, block) = shown[*index];
            polyline class={ "curve sweep-" (index % 4) } points=(path(block.tolerance.iter().map(|held| (across(held.minutes), up(held.share))))) {}
            @for held in &block.tolerance {
                circle class="dot" cx=(at(across(held.minutes))) cy=(at(up(held.share))) r="3.5" {}
            }
            line class="grid" x1=(at(right - 16.0)) x2=(at(right + 6.0)) y1=(at(end(block))) y2=(at(*y)) {}
            text x=(at(right + 12.0)) y=(at(y + 5.0)) { (short(name, 38)) }
        }
    };
    frame(words.tolerance, (BOTTOM + 56.0).max(last + 20.0), &content)
}
