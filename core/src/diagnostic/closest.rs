use strsim::osa_distance;

/// Words longer than this are not names, and comparing them costs the square of their length.
const LONGEST: usize = 64;

/// The candidate that `word` was probably meant to be, or `None` if none is near enough.
///
/// One slip is allowed in every three characters; case does not count. Of equally near
/// candidates the one nearer in case is chosen, then the alphabetically first, whatever their order.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let allowed = length.div_ceil(3);
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| {
            // A byte count bounds the character count, so long text is never walked.
            candidate.len() <= 4 * (length + allowed) && candidate.chars().count().abs_diff(length) <= allowed
        })
        .filter_map(|candidate| {
            let distance = osa_distance(&folded, &candidate.to_lowercase());
            // With every character changed there is no likeness left.
            (distance <= allowed && distance < length).then(|| (distance, osa_distance(word, candidate), candidate))
        })
        .min()
        .map(|(.., candidate)| candidate)
}
