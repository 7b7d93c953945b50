//! The functions an expression can call, with what a reader of the documentation needs.

/// One function.
#[derive(Debug, Clone, Copy)]
pub struct FunctionDoc {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub form: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

macro_rules! functions {
    ($($name:literal $form:literal $meaning:literal;)*) => {
        /// Every function, by name.
        pub const FUNCTIONS: &[FunctionDoc] = &[$(FunctionDoc { name: $name, form: $form, meaning: $meaning },)*];
    };
}

functions! {
    "abs" "abs(x)" "the size of a number";
    "age_of" "age_of(concept)" "time since the current value was charted; only compared with a constant";
    "at_least" "at_least(n, c1, c2, …)" "true if n of the conditions are true, false if even the unknown ones could not reach n";
    "at_trial_start" "at_trial_start(concept)" "the value at the start of the weaning trial; only in a weaning plan";
    "baseline" "baseline(concept)" "the value charted as baseline, else the first of the episode";
    "change" "change(concept, length) or change(concept, from, to)" "last less first; needs two values";
    "clamp" "clamp(x, low, high)" "x, but at least low and at most high";
    "count" "count(concept, length) or count(concept, from, to)" "how often it was charted; none is 0 where coverage is complete";
    "count_running" "count_running(class)" "how many members of a class are running";
    "dose" "dose(drug)" "the rate; 0 when not running";
    "earlier" "earlier(x, length) or earlier(x, instant)" "what x was so long ago, or at an instant, by what is known now: a dose, a setting, a value, a condition; nothing over time in it but windows other than a mean";
    "ever" "ever(condition, length)" "true at some instant of the window";
    "exp" "exp(x)" "e to the power of a number without unit";
    "falling" "falling(concept, length, margin)" "last is below first by more than the margin";
    "first" "first(concept, length), first(concept, from, to) or first(event)" "the oldest value of a window, or the first instant of an event in the episode";
    "greatest" "greatest(x, y, …)" "the largest of the values";
    "happened" "happened(event)" "whether an event occurred in the episode";
    "in_step" "in_step(concept)" "the newest value charted since the current weaning step began; only in a weaning plan";
    "in_trial" "in_trial(device)" "whether a weaning trial is under way";
    "known" "known(x)" "whether x is known; never unknown itself";
    "last" "last(concept, length), last(concept, from, to) or last(event)" "the newest value of a window, or the last instant of an event in the episode";
    "last_before" "last_before(concept, instant)" "the newest value not after an instant";
    "least" "least(x, y, …)" "the smallest of the values";
    "ln" "ln(x)" "natural logarithm of a number without unit";
    "max" "max(concept, length) or max(concept, from, to)" "the largest charted value of a window";
    "mean" "mean(concept, length) or mean(concept, from, to)" "mean over time; only compared with a constant";
    "measured" "measured(concept, qualifier)" "the current value that was taken in this way";
    "min" "min(concept, length) or min(concept, from, to)" "the smallest charted value of a window";
    "modifier" "modifier(classification, name)" "whether a modifier of a classification holds";
    "pow" "pow(x, n)" "x to the power of n";
    "recent" "recent(concept, length)" "the current value, if not older than length";
    "rising" "rising(concept, length, margin)" "last is above first by more than the margin";
    "running" "running(device, drug or class)" "whether it is running";
    "setting" "setting(device, name)" "a setting of the run that is on";
    "slope" "slope(concept, length) or slope(concept, from, to)" "least squares per hour; needs three values";
    "sqrt" "sqrt(x)" "square root";
    "start" "start(device, drug or class)" "start of the latest run in the episode; of a class the newest start of a member";
    "step_start" "step_start(device)" "start of the current weaning step";
    "stop" "stop(device, drug or class)" "stop of the latest run in the episode; of a class the newest stop of a member";
    "sustained" "sustained(condition, length) or sustained(condition, length, readings)" "true over the whole window, with enough readings";
    "time_in_step" "time_in_step(device)" "how long the weaning step has lasted; only compared with a constant";
    "time_on" "time_on(device or drug)" "how long it has been running; only compared with a constant";
    "time_since" "time_since(event), time_since(start(x)) or time_since(stop(x))" "time since the last occurrence of an event, or since a start or stop; only compared with a constant";
    "trial_failed" "trial_failed(device)" "end of the last weaning trial that failed";
    "trial_start" "trial_start(device)" "start of the weaning trial";
    "trial_step" "trial_step(device)" "number of the weaning step that is under way, 0 outside a trial";
}

/// The function of this name.
pub(super) fn function(name: &str) -> Option<&'static FunctionDoc> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
