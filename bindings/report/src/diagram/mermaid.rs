//! Drawings as text, which GitHub and many editors draw: <https://mermaid.js.org/syntax/flowchart.html>.

use std::fmt::Write as _;

use crate::labels::Labels;

use super::{Decision, Diagram, Order, Outcome, Words};

/// A flowchart.
pub(crate) fn mermaid(diagram: &Diagram, labels: &Labels) -> String {
    let mut out = String::from("flowchart TD\n");
    // Writing to a string cannot fail.
    match diagram {
        Diagram::Flow { given, decisions, order, .. } => {
            let chained = *order == Order::Chain;
            for (index, held) in given.iter().enumerate() {
                let _ = writeln!(out, "  g{index}([\"{}\"])", lines(held));
                if index > 0 {
                    let _ = writeln!(out, "  g{} --> g{index}", index - 1);
                }
            }
            let mut above = given.len().checked_sub(1).map(|last| format!("g{last}"));
            for (index, decision) in decisions.iter().enumerate() {
                let asked = decide(&mut out, index, decision, above.as_deref(), labels, chained && index > 0);
                if chained {
                    above = Some(asked);
                }
            }
        }
        Diagram::Ladder { ready, steps, back, pass, .. } => {
            let _ = writeln!(out, "  ready{{{{\"{}\"}}}}", lines(ready));
            let mut above = ("ready".to_owned(), labels.yes);
            for (index, step) in steps.iter().enumerate() {
                let _ = writeln!(out, "  s{index}[\"{}\"]", outcome(step));
                let _ = writeln!(out, "  {} -- \"{}\" --> s{index}", above.0, text(above.1));
                let _ = writeln!(out, "  s{index} -.-> back");
                above = (format!("s{index}"), labels.tolerated);
            }
            let _ = writeln!(out, "  pass{{{{\"{}\"}}}}", lines(&pass.0));
            let _ = writeln!(out, "  {} -- \"{}\" --> pass", above.0, text(above.1));
            let _ = writeln!(out, "  out[\"{}\"]", outcome(&pass.1));
            let _ = writeln!(out, "  pass -- \"{}\" --> out", text(labels.yes));
            let _ = writeln!(out, "  back{{{{\"{}<br/>{}\"}}}}", text(labels.ladder_back), lines(&back.0));
            let _ = writeln!(out, "  return[\"{}\"]", outcome(&back.1));
            let _ = writeln!(out, "  back -- \"{}\" --> return", text(labels.yes));
        }
    }
    out
}

/// A decision with its outcomes; the node that was asked.
fn decide(
    out: &mut String,
    index: usize,
    decision: &Decision,
    above: Option<&str>,
    labels: &Labels,
    no: bool,
) -> String {
    let asked = format!("d{index}");
    let arrow = if no { format!("-- \"{}\" -->", text(labels.no)) } else { "-->".to_owned() };
    let bare = decision.when.is_empty();
    if !bare {
        let _ = writeln!(out, "  {asked}{{{{\"{}\"}}}}", lines(&decision.when));
        if let Some(above) = above {
            let _ = writeln!(out, "  {above} {arrow} {asked}");
        }
    }
    for (place, then) in decision.then.iter().enumerate() {
        let node = format!("a{index}x{place}");
        let _ = writeln!(out, "  {node}[\"{}\"]", outcome(then));
        match (bare, above) {
            (false, _) => {
                let _ = writeln!(out, "  {asked} -- \"{}\" --> {node}", text(labels.yes));
            }
            (true, Some(above)) => {
                let _ = writeln!(out, "  {above} {arrow} {node}");
            }
            (true, None) => {}
        }
    }
    asked
}

fn outcome(outcome: &Outcome) -> String {
    let title = format!("<b>{}</b>", text(&outcome.title));
    let mark = outcome.mark.iter().map(|mark| format!("<i>{}</i>", text(mark)));
    let lines = outcome.lines.iter().map(|line| text(line));
    std::iter::once(title).chain(mark).chain(lines).collect::<Vec<_>>().join("<br/>")
}

fn lines(words: &[Words]) -> String {
    let line = |held: &Words| {
        let held_in = "&nbsp;".repeat(2 * held.depth);
        let sign = if held.lead || held.depth == 0 { "" } else { "– " };
        let said = if held.lead { format!("<i>{}</i>", text(&held.text)) } else { text(&held.text) };
        format!("{held_in}{sign}{said}")
    };
    words.iter().map(line).collect::<Vec<_>>().join("<br/>")
}

/// Text that means nothing to Mermaid or to HTML; a number and a full stop would begin a list.
fn text(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("#amp;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '`' => out.push_str("#96;"),
            '\\' => out.push_str("#92;"),
            '\n' | '\r' => out.push(' '),
            letter => out.push(letter),
        }
    }
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && out[digits..].starts_with(". ") { out.replacen(". ", "\u{2024} ", 1) } else { out }
}
