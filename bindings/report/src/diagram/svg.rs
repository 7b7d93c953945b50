//! Drawings as SVG. The boxes stand in fixed columns and grow downward with their text, so their widths are known and
//! only their heights are measured.

use maud::{Markup, html};

use crate::labels::Labels;

use super::letters::wrap;
use super::{Decision, Diagram, Order, Outcome, Words};

/// Width of a drawing; a laptop shows it whole beside the contents of the page.
const WIDTH: usize = 1040;
/// Height of a line.
const LINE: usize = 20;
/// Space inside a box, above and below.
const PAD: usize = 12;
/// Space between boxes.
const GAP: usize = 18;
/// Where the conditions begin and how wide they are.
const LEFT: (usize, usize) = (48, 470);
/// Where the outcomes begin and how wide they are.
const RIGHT: (usize, usize) = (590, 450);

/// A line as it stands in a box.
struct Drawn {
    text: String,
    class: &'static str,
    inset: usize,
}

fn draw(text: &str, class: &'static str, inset: usize, width: usize) -> Vec<Drawn> {
    let bold = matches!(class, "title" | "mark");
    let lines = wrap(text, width.saturating_sub(inset), bold);
    lines.into_iter().map(|text| Drawn { text, class, inset }).collect()
}

/// The lines of a condition, with a sign before each part of a list.
fn condition(words: &[Words], width: usize) -> Vec<Drawn> {
    let mut out = Vec::new();
    for held in words {
        let inset = held.depth.min(6) * 16;
        match (held.lead, held.depth) {
            (true, _) => out.extend(draw(&held.text, "lead", inset, width)),
            (false, 0) => out.extend(draw(&held.text, "", 0, width)),
            (false, _) => {
                let lines = draw(&held.text, "", inset, width);
                out.extend(lines.into_iter().enumerate().map(|(index, line)| match index {
                    0 => Drawn { text: format!("• {}", line.text), inset: inset.saturating_sub(12), ..line },
                    _ => line,
                }));
            }
        }
    }
    out
}

fn outcome(held: &Outcome, width: usize) -> Vec<Drawn> {
    let mut out = draw(&held.title, "title", 0, width);
    out.extend(held.mark.iter().flat_map(|mark| draw(mark, "mark", 0, width)));
    out.extend(held.lines.iter().flat_map(|line| draw(line, "", 0, width)));
    out
}

fn height(lines: &[Drawn]) -> usize {
    lines.len() * LINE + 2 * PAD
}

/// Text lines from the upper left corner of a box.
fn texts(lines: &[Drawn], x: usize, y: usize) -> Markup {
    html! {
        @for (index, line) in lines.iter().enumerate() {
            text class=(line.class) x=(x + line.inset) y=(y + PAD + index * LINE + 15) { (line.text) }
        }
    }
}

/// A question: a box with pointed sides.
fn question(lines: &[Drawn], (x, width): (usize, usize), y: usize, high: usize) -> Markup {
    let (right, middle, tip) = (x + width, y + high / 2, 14);
    let points = format!(
        "{},{y} {},{y} {right},{middle} {},{} {},{} {x},{middle}",
        x + tip,
        right - tip,
        right - tip,
        y + high,
        x + tip,
        y + high
    );
    html! {
        polygon class="question" points=(points) {}
        (texts(lines, x + 26, y + (high - height(lines)) / 2))
    }
}

/// What is done, with its edge in the color of its urgency.
fn deed(held: &Outcome, lines: &[Drawn], (x, width): (usize, usize), y: usize, high: usize) -> Markup {
    let inner = html! {
        rect class="deed" x=(x) y=(y) width=(width) height=(high) rx="5" {}
        rect class={ "edge " (held.tone) } x=(x) y=(y) width="7" height=(high) rx="3" {}
        (texts(lines, x + 20, y + (high - height(lines)) / 2))
    };
    html! {
        @match &held.to {
            Some(to) => a href=(to) { (inner) },
            None => (inner),
        }
    }
}

fn given(lines: &[Drawn], (x, width): (usize, usize), y: usize) -> Markup {
    html! {
        rect class="given" x=(x) y=(y) width=(width) height=(height(lines)) rx="14" {}
        (texts(lines, x + 22, y))
    }
}

/// A way that ends in a tip; the drawing says which tip is its own.
fn arrow(points: &str, class: &str) -> Markup {
    html! { polyline class={ "arrow to " (class) } points=(points) {} }
}

fn label(text: &str, x: usize, y: usize) -> Markup {
    html! { text class="label" x=(x) y=(y) { (text) } }
}

/// The drawing as an element of HTML; `number` tells it from the others of the page.
pub(crate) fn svg(diagram: &Diagram, labels: &Labels, number: usize) -> Markup {
    let (content, high) = match diagram {
        Diagram::Flow { given, decisions, order, .. } => flow(given, decisions, *order, labels),
        Diagram::Ladder { ready, steps, back, pass, .. } => ladder(ready, steps, back, pass, labels),
    };
    html! {
        svg role="group" aria-label=(diagram.caption()) width=(WIDTH) height=(high) viewBox=(format!("0 0 {WIDTH} {high}")) {
            defs {
                marker id={ "tip" (number) } viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" {
                    path class="tip" d="M0 0 L8 4 L0 8 z" {}
                }
            }
            g style=(format!("--tip: url(#tip{number})")) { (content) }
        }
    }
}

/// What is given above, decisions below each other, what follows to their right.
fn flow(above: &[Vec<Words>], decisions: &[Decision], order: Order, labels: &Labels) -> (Markup, usize) {
    let (chained, asks) = (order == Order::Chain, order != Order::Ranges);
    let mut parts: Vec<Markup> = Vec::new();
    let mut y = 4;
    let trunk = 20;
    if !above.is_empty() {
        let width = WIDTH - 4;
        let mut lines: Vec<Drawn> = Vec::new();
        for (index, words) in above.iter().enumerate() {
            // The last one is what this drawing is about.
            let class = if index + 1 == above.len() && above.len() > 1 { "strong" } else { "lead" };
            // Its bold letters take a tenth more.
            let own = condition(words, (width - 60) * 9 / 10).into_iter();
            lines.extend(
                own.map(|line| Drawn { class: if line.class.is_empty() { class } else { line.class }, ..line }),
            );
        }
        parts.push(given(&lines, (2, width), y));
        let bottom = y + height(&lines);
        y = bottom + GAP;
        parts.push(html! { line class="arrow" x1=(trunk) y1=(bottom) x2=(trunk) y2=(y) {} });
    }
    let top = y.saturating_sub(GAP);
    let mut last = top;
    let mut root = top;
    let mut before: Option<(usize, usize)> = None;
    for decision in decisions {
        let question_lines = condition(&decision.when, LEFT.1 - 56);
        let bare = decision.when.is_empty() && !chained;
        let column = if bare { (LEFT.0, WIDTH - LEFT.0 - 2) } else { (RIGHT.0, RIGHT.1 - 2) };
        let outcomes: Vec<(&Outcome, Vec<Drawn>)> =
            decision.then.iter().map(|held| (held, outcome(held, column.1 - 36))).collect();
        let stacked: usize =
            outcomes.iter().map(|(_, lines)| height(lines)).sum::<usize>() + 8 * outcomes.len().saturating_sub(1);
        let (own, otherwise) = match decision.when.is_empty() {
            true => (vec![Drawn { text: labels.otherwise.to_owned(), class: "", inset: 0 }], true),
            false => (question_lines, false),
        };
        let asked = if bare { 0 } else { height(&own) };
        let high = asked.max(stacked);
        let middle = y + high / 2;
        if !bare {
            let box_y = middle - asked / 2;
            if otherwise || !asks {
                parts.push(given(&own, LEFT, box_y));
            } else {
                parts.push(question(&own, LEFT, box_y, asked));
            }
            if let (true, Some((x, bottom))) = (chained, before) {
                parts.push(arrow(&format!("{x},{bottom} {x},{}", box_y - 1), ""));
                parts.push(label(labels.no, x + 8, bottom + (box_y - bottom) / 2 + 5));
            }
            before = Some((LEFT.0 + LEFT.1 / 2, box_y + asked));
        }
        let entry = if bare { LEFT.0 } else { RIGHT.0 };
        let first = last == top;
        if first && above.is_empty() {
            // Nothing stands above that the way could come from.
            root = middle;
        }
        let enters = if chained { first && !above.is_empty() } else { !bare || outcomes.len() == 1 };
        if enters {
            parts.push(arrow(&format!("{trunk},{middle} {},{middle}", LEFT.0 - 1), ""));
            last = middle;
        }
        let mut at = middle - stacked / 2;
        for (held, lines) in &outcomes {
            let own = height(lines);
            // A single outcome is as high as its question, so that the two read as one row.
            let (from, tall) = if outcomes.len() == 1 && !bare { (y, high) } else { (at, own) };
            parts.push(deed(held, lines, column, from, tall));
            if !bare {
                let target = from + tall / 2;
                let turn = RIGHT.0 - 36;
                let path =
                    format!("{},{middle} {turn},{middle} {turn},{target} {},{target}", LEFT.0 + LEFT.1, entry - 1);
                parts.push(arrow(&path, ""));
            } else if outcomes.len() > 1 {
                let target = from + tall / 2;
                parts.push(arrow(&format!("{trunk},{target} {},{target}", entry - 1), ""));
                last = last.max(target);
            }
            at += own + 8;
        }
        if !bare && !otherwise && asks {
            parts.push(label(labels.yes, LEFT.0 + LEFT.1 + 6, middle - 6));
        }
        y += high + if chained { GAP + 10 } else { GAP };
    }
    if last > root {
        parts.push(html! { line class="arrow" x1=(trunk) y1=(root) x2=(trunk) y2=(last) {} });
    }
    (html! { @for part in &parts { (part) } }, y - GAP + 6)
}

/// Steps down on the left, the way back on the right.
fn ladder(
    ready: &[Words],
    steps: &[Outcome],
    back: &(Vec<Words>, Outcome),
    pass: &(Vec<Words>, Outcome),
    labels: &Labels,
) -> (Markup, usize) {
    let mut parts: Vec<Markup> = Vec::new();
    let left = (2, 500);
    let right = (600, WIDTH - 602);
    let axis = left.0 + 90;
    let mut y = 4;
    let lines = headed(labels.ladder_ready, ready, left.1 - 56);
    parts.push(question(&lines, left, y, height(&lines)));
    y += height(&lines);
    let mut first = None;
    let mut last = y;
    for (index, step) in steps.iter().enumerate() {
        let lines = outcome(step, left.1 - 60);
        let top = y + GAP + 14;
        parts.push(arrow(&format!("{axis},{y} {axis},{}", top - 1), ""));
        parts.push(label(if index == 0 { labels.yes } else { labels.tolerated }, axis + 8, y + 20));
        parts.push(deed(step, &lines, (left.0 + 20, left.1 - 40), top, height(&lines)));
        let middle = top + height(&lines) / 2;
        first = first.or(Some(middle));
        last = middle;
        y = top + height(&lines);
        parts.push(html! { line class="arrow back" x1=(left.0 + left.1 - 20) y1=(middle) x2="556" y2=(middle) {} });
    }
    let lines = headed(labels.ladder_pass, &pass.0, left.1 - 56);
    let top = y + GAP + 14;
    parts.push(arrow(&format!("{axis},{y} {axis},{}", top - 1), ""));
    parts.push(label(labels.tolerated, axis + 8, y + 20));
    parts.push(question(&lines, left, top, height(&lines)));
    y = top + height(&lines);
    let lines = outcome(&pass.1, left.1 - 60);
    let top = y + GAP + 14;
    parts.push(arrow(&format!("{axis},{y} {axis},{}", top - 1), ""));
    parts.push(label(labels.yes, axis + 8, y + 20));
    parts.push(deed(&pass.1, &lines, (left.0 + 20, left.1 - 40), top, height(&lines)));
    let mut bottom = top + height(&lines);
    // The way back stands beside the steps.
    let from = first.unwrap_or(last);
    let lines = headed(labels.ladder_back, &back.0, right.1 - 56);
    let asked = height(&lines);
    let middle = (from + last) / 2;
    let box_y = middle.saturating_sub(asked / 2).max(4);
    let enter = box_y + asked / 2;
    parts.push(html! { line class="arrow back" x1="556" y1=(from.min(enter)) x2="556" y2=(last.max(enter)) {} });
    parts.push(arrow(&format!("556,{enter} {},{enter}", right.0 - 1), "back"));
    parts.push(question(&lines, right, box_y, asked));
    let lines = outcome(&back.1, right.1 - 60);
    let top = box_y + asked + GAP + 14;
    let x = right.0 + 90;
    parts.push(arrow(&format!("{x},{} {x},{}", box_y + asked, top - 1), ""));
    parts.push(label(labels.yes, x + 8, box_y + asked + 20));
    parts.push(deed(&back.1, &lines, (right.0 + 20, right.1 - 40), top, height(&lines)));
    bottom = bottom.max(top + height(&lines));
    (html! { @for part in &parts { (part) } }, bottom + 6)
}

/// A condition with what it is for above it.
fn headed(head: &str, words: &[Words], width: usize) -> Vec<Drawn> {
    let mut lines = draw(head, "lead", 0, width);
    lines.extend(condition(words, width));
    lines
}
