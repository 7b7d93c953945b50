//! How wide a text is drawn, so that no line leaves its box. A page names no font of its own, so the widest of the usual ones counts
//! (DejaVu Sans); with any other the box keeps a little more space.

/// Size of the letters in a drawing, in pixels.
const SIZE: usize = 15;

/// Width of a letter in thousandths of its size.
fn letter(letter: char) -> usize {
    match letter {
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' | '|' => 300,
        ' ' | '.' | ',' | ':' | ';' | '/' | '-' | 'f' => 360,
        'r' | 't' | '!' | '(' | ')' | '[' | ']' => 415,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 990,
        '+' | '<' | '=' | '>' | '~' | '±' | '×' | '\u{2212}' => 840,
        'A'..='Z' => 745,
        // Hangul and the signs of mathematics fill their square.
        _ if letter >= '\u{1100}' => 1000,
        _ => 640,
    }
}

/// Width of a text in pixels, rounded up.
fn measure(text: &str, bold: bool) -> usize {
    let thousandths: usize = text.chars().map(|drawn| letter(drawn) + if bold { 80 } else { 0 }).sum();
    (thousandths * SIZE).div_ceil(1000)
}

/// A text in lines of at most that width. It is parted at its spaces, and a word only where it alone is too wide.
pub(super) fn wrap(text: &str, width: usize, bold: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&longer, bold) <= width {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for drawn in word.chars() {
            line.push(drawn);
            if measure(&line, bold) > width && line.chars().nth(1).is_some() {
                line.pop();
                lines.push(std::mem::replace(&mut line, drawn.to_string()));
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::{measure, wrap};

    #[test]
    fn lines_keep_to_their_width_and_lose_nothing() {
        let title = "Decide on mechanical support with the shock team";
        for (text, bold) in [
            (title, true),
            (title, false),
            ("기계순환보조 여부를 쇼크팀과 결정", true),
            ("antidisestablishment", false),
        ] {
            for width in [60, 200, 414] {
                let lines = wrap(text, width, bold);
                assert!(lines.iter().all(|line| measure(line, bold) <= width), "{lines:?}");
                let kept = |text: &str| text.split_whitespace().collect::<String>();
                assert_eq!(kept(&lines.concat()), kept(text));
            }
        }
        assert_eq!(wrap(title, 414, true).len(), 2);
        assert_eq!(wrap("", 100, false), [""]);
    }
}
