//! The numbers of a summary, each drawing with its table.

use maud::{Markup, html};
use shockpath::vocabulary::Language;
use shockpath_statistics::{Between, Block, Class, Outcome, Rate, Stratum, Summary};

use super::plot::{self, between, percent};
use super::table;
use super::words::{self, Words};

pub(super) struct Tables<'a> {
    pub(super) summary: &'a Summary,
    pub(super) words: &'static Words,
    pub(super) language: Language,
}

/// Minutes at which a curve is read off in its table.
const READ: [f64; 5] = [60.0, 120.0, 240.0, 360.0, 720.0];

impl Tables<'_> {
    /// All rules together, then each, with their names.
    fn blocks(&self) -> Vec<(String, &Block)> {
        let all = (self.words.all.to_owned(), &self.summary.overall);
        let rule = |block: &Block| block.rule.clone().unwrap_or_default();
        std::iter::once(all).chain(self.summary.by_rule.iter().map(|block| (rule(block), block))).collect()
    }

    fn number(&self, held: Option<u64>) -> Markup {
        html! { @match held { Some(count) => (count), None => span class="lead" { (self.words.hidden) } } }
    }

    fn rate_table(&self, caption: &str, first: &str, rows: &[(String, &Block)]) -> Markup {
        let words = self.words;
        let also = |rate: &Option<Rate>| self.short_rate(rate.as_ref());
        let rows: Vec<Vec<Markup>> = rows
            .iter()
            .map(|(name, block)| {
                vec![
                    html! { (name) },
                    self.number(block.patients),
                    self.number(block.opportunities),
                    html! {
                        @match &block.rate {
                            Some(rate) => { (rate.numerator) " / " (rate.denominator) },
                            None => span class="lead" { (self.absent(block)) },
                        }
                    },
                    html! {
                        @if let Some(rate) = &block.rate {
                            (percent(rate.share)) span class="below" { (between(rate.wilson)) }
                        }
                    },
                    html! { @if let Some(held) = block.rate.as_ref().and_then(|rate| rate.bootstrap) { (between(held)) } },
                    html! {
                        @if let Some(rate) = &block.rate {
                            (percent(rate.by_patient))
                            @if let Some(held) = rate.by_patient_bootstrap { span class="below" { (between(held)) } }
                        }
                    },
                    html! { @if let Some(held) = block.bounds { (between(held)) } },
                    also(&block.with_lapsed),
                    also(&block.with_justified),
                ]
            })
            .collect();
        let head = [
            first,
            words.patients,
            words.opportunities,
            words.done_of,
            words.rate,
            words.bootstrapped,
            words.by_patient,
            words.bounds,
            words.with_lapsed,
            words.with_justified,
        ];
        table(caption, &head, &rows)
    }

    /// Why a block has no rate.
    fn absent(&self, block: &Block) -> &'static str {
        if block.hidden { self.words.hidden } else { self.words.nothing }
    }

    fn short_rate(&self, rate: Option<&Rate>) -> Markup {
        html! {
            @if let Some(rate) = rate {
                (percent(rate.share)) span class="below" { (rate.numerator) " / " (rate.denominator) }
            }
        }
    }

    pub(super) fn rates(&self) -> Markup {
        let rows = self.blocks();
        html! {
            p class="help" { (self.words.denominator) }
            p class="help" { (self.words.rates_help) }
            (plot::dots(self.words.rate_drawing, &rows, self.words))
            (self.rate_table(self.words.rates, self.words.rule, &rows))
        }
    }

    pub(super) fn outcomes(&self) -> Markup {
        let rows = self.blocks();
        // What no row has needs no column.
        let seen: Vec<Outcome> = Outcome::ALL
            .into_iter()
            .filter(|held| rows.iter().any(|(_, block)| block.count(*held) != Some(0)))
            .collect();
        let mut head = vec![self.words.rule];
        head.extend(seen.iter().map(|held| words::outcome(*held, self.language)));
        let cells: Vec<Vec<Markup>> = rows
            .iter()
            .map(|(name, block)| {
                let counts = seen.iter().map(|held| self.number(block.count(*held)));
                std::iter::once(html! { (name) }).chain(counts).collect()
            })
            .collect();
        html! {
            (plot::bars(self.words.outcome_drawing, &rows, self.language))
            (table(self.words.outcomes, &head, &cells))
        }
    }

    pub(super) fn reasons(&self) -> Markup {
        let words = self.words;
        let missed = |block: &Block| block.rate.as_ref().map_or(0, |rate| rate.denominator - rate.numerator);
        let mut blocks: Vec<&Block> = self.summary.by_rule.iter().filter(|block| !block.reasons.is_empty()).collect();
        // The sort is stable: rules that miss as often stay in their order.
        blocks.sort_by_key(|block| std::cmp::Reverse(missed(block)));
        let head = [words.outcome, words.reason, words.missing, words.opportunities, words.patients];
        html! {
            @if blocks.is_empty() { p { (words.nothing) } }
            @for block in blocks {
                @let name = block.rule.clone().unwrap_or_default();
                @let caption = match &block.rate {
                    Some(rate) => format!("{name}: {} {} / {}", words.share_missed, missed(block), rate.denominator),
                    None => name,
                };
                @let rows: Vec<Vec<Markup>> = block.reasons.iter().map(|held| {
                    let (class, outcome) = (held.outcome.class(), words::outcome(held.outcome, self.language));
                    vec![
                        html! { @if class == Class::Missed { strong { (outcome) } } @else { (outcome) } },
                        html! { @if let Some(why) = &held.why { code { (why) } } },
                        html! { @if let Some(missing) = &held.missing { code { (missing) } } },
                        html! { (held.opportunities) },
                        html! { (held.patients) },
                    ]
                }).collect();
                (table(&caption, &head, &rows))
            }
        }
    }

    pub(super) fn timeliness(&self) -> Markup {
        let words = self.words;
        let head = [words.after, words.at_risk, words.done, words.lapsed, words.died];
        let curves: Vec<_> =
            self.summary.by_rule.iter().filter_map(|block| block.curve.as_ref().map(|curve| (block, curve))).collect();
        html! {
            p class="help" { (words.curve_help) }
            @if curves.is_empty() { p { (words.nothing) } }
            @for (block, curve) in curves {
                @let name = block.rule.clone().unwrap_or_default();
                (plot::curve(&name, curve, words))
                @let last = curve.steps.last().map_or(0.0, |step| step.minutes);
                @let read = READ.iter().copied().filter(|minutes| *minutes < last).chain([last]);
                @let rows: Vec<Vec<Markup>> = read.filter_map(|minutes| {
                    let step = curve.steps.iter().rev().find(|step| step.minutes <= minutes)?;
                    Some(vec![
                        html! { (format!("{minutes:.0}")) " " (words.minutes) },
                        html! { (step.at_risk) },
                        html! { (percent(step.done)) span class="below" { (between(step.interval)) } },
                        html! { (percent(step.lapsed)) },
                        html! { (percent(step.died)) },
                    ])
                }).collect();
                (table(&name, &head, &rows))
            }
        }
    }

    pub(super) fn tolerance(&self) -> Markup {
        let words = self.words;
        let rows: Vec<(String, &Block)> =
            self.blocks().into_iter().filter(|(_, block)| !block.tolerance.is_empty()).collect();
        let early_met_late =
            [Outcome::Early, Outcome::Met, Outcome::Late].map(|held| words::outcome(held, self.language));
        let head =
            [words.rule, words.tolerance_by, early_met_late[0], early_met_late[1], early_met_late[2], words.rate];
        let cells: Vec<Vec<Markup>> = rows
            .iter()
            .flat_map(|(name, block)| {
                block.tolerance.iter().map(move |held| {
                    vec![
                        html! { (name) },
                        html! { (format!("{:+}", held.minutes)) },
                        html! { (held.early) },
                        html! { (held.met) },
                        html! { (held.late) },
                        html! { (percent(held.share)) },
                    ]
                })
            })
            .collect();
        html! {
            p class="help" { (words.tolerance_help) }
            @if rows.is_empty() { p { (words.nothing) } } @else {
                (plot::tolerance(&rows, words))
                details { summary { (words.tolerance) } (table(words.tolerance, &head, &cells)) }
            }
        }
    }

    pub(super) fn centers(&self, held: &Between) -> Markup {
        let words = self.words;
        let ranked = held.spots.iter().any(|spot| spot.rank.is_some());
        let mut head =
            vec![words.center, words.size, words.standardized, words.limits_95, words.limits_998, words.shrunken];
        head.extend(ranked.then_some(words.rank));
        let rows: Vec<Vec<Markup>> = held
            .spots
            .iter()
            .map(|spot| {
                let mut row = vec![
                    html! { (spot.center) },
                    html! { (format!("{:.1}", spot.size)) },
                    html! { (percent(spot.share)) },
                    html! { (between(spot.limits_95)) },
                    html! { (between(spot.limits_998)) },
                    html! {
                        @if let Some(held) = spot.shrunken {
                            (percent(held.share)) span class="below" { (between(held.interval)) }
                        }
                    },
                ];
                row.extend(ranked.then(|| html! { @if let Some(rank) = spot.rank { (rank) } }));
                row
            })
            .collect();
        html! {
            dl {
                dt { (words.between_all) } dd { (percent(held.share)) }
                @if let Some(typical) = &held.typical {
                    dt { (words.typical) } dd { (percent(typical.share)) " (" (between(typical.interval)) ")" }
                    @if let Some(prediction) = typical.prediction { dt { (words.new_center) } dd { (between(prediction)) } }
                }
                dt { (words.overdispersion) } dd { (format!("{:.2}", held.overdispersion)) }
            }
            @if held.spots.is_empty() { p { (words.hidden) } } @else {
                p class="help" { (words.funnel_help) }
                (plot::funnel(held, words))
                @if !ranked { p class="help" { (words.no_rank) } }
                (table(words.centers, &head, &rows))
            }
        }
    }

    pub(super) fn stratum(&self, stratum: &Stratum) -> Markup {
        let words = self.words;
        let name = |block: &Block| block.level.clone().unwrap_or_default();
        let levels: Vec<(String, &Block)> = stratum.levels.iter().map(|block| (name(block), block)).collect();
        let rules: Vec<(String, &Block)> = stratum
            .rules
            .iter()
            .map(|block| (format!("{}, {}", block.rule.clone().unwrap_or_default(), name(block)), block))
            .collect();
        let caption = format!("{} {}", words.strata, stratum.by);
        let drawing = format!("{caption}: {}", words.rate_drawing);
        let below = format!("{caption}, {}", words.rule);
        html! {
            @if stratum.withheld { p class="notice" { (words.withheld) } } @else {
                (plot::dots(&drawing, &levels, words))
                (self.rate_table(&caption, &stratum.by, &levels))
                details { summary { (below) } (self.rate_table(&below, words.rule, &rules)) }
            }
        }
    }
}
