//! JSON as text: laid out and packed again without touching a number, a string or the order of members.

/// Lays JSON out as `serde_json` does: two spaces, a line for each member.
pub fn pretty(packed: &str) -> String {
    let mut out = String::with_capacity(packed.len() * 2);
    let mut depth = 0_usize;
    let mut characters = Outside::new(packed);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some((character, inside)) = characters.next() {
        match character {
            _ if inside => out.push(character),
            '{' | '[' => {
                out.push(character);
                if matches!(characters.peek(), Some('}' | ']')) {
                    out.extend(characters.next().map(|(close, _)| close));
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => out.push(other),
        }
    }
    out
}

/// Drops every blank between the tokens of JSON.
pub fn packed(text: &str) -> String {
    Outside::new(text)
        .filter(|(character, inside)| *inside || !character.is_ascii_whitespace())
        .map(|(c, _)| c)
        .collect()
}

/// The members of an object, each with its value as it is written, packed.
pub fn members(object: &str) -> Vec<(String, String)> {
    let (mut found, mut depth, mut part) = (Vec::new(), 0_usize, String::new());
    let mut close = |part: &mut String| {
        let text = std::mem::take(part);
        // A key of the objects met here holds no quote.
        found.extend(
            text.split_once("\":").map(|(key, value)| (key.trim_start_matches('"').to_owned(), value.to_owned())),
        );
    };
    for (character, inside) in Outside::new(&packed(object)) {
        match character {
            '{' | '[' if !inside => depth += 1,
            '}' | ']' if !inside => depth -= 1,
            _ => {}
        }
        match (character, depth, inside) {
            ('{', 1, false) if part.is_empty() => {}
            (',', 1, false) | ('}', 0, false) => close(&mut part),
            _ => part.push(character),
        }
    }
    found
}

/// Characters with whether they stand inside a string.
struct Outside<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    inside: bool,
    escaped: bool,
}

impl<'t> Outside<'t> {
    fn new(text: &'t str) -> Self {
        Outside { rest: text.chars().peekable(), inside: false, escaped: false }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }
}

impl Iterator for Outside<'_> {
    type Item = (char, bool);

    fn next(&mut self) -> Option<(char, bool)> {
        let character = self.rest.next()?;
        let was = self.inside;
        if was && self.escaped {
            self.escaped = false;
        } else if was && character == '\\' {
            self.escaped = true;
        } else if character == '"' {
            self.inside = !was;
        }
        Some((character, was || self.inside))
    }
}
