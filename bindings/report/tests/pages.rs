//! The pages hold what the protocols hold, load nothing, and are as a browser and a screen reader expect.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use shockpath::protocol::Library;
use shockpath::vocabulary::Language;
use shockpath::wire::{ShowCall, ShownProtocol, protocols, show};
use shockpath_report::{File, Format, MANIFEST, Manifest, handbook, page};

const LANGUAGES: [Language; 2] = [Language::En, Language::Ko];

fn library() -> &'static Library {
    static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));
    &SHIPPED
}

fn all(language: Language) -> Vec<ShownProtocol> {
    let listed = protocols(library()).into_iter();
    let call = |id: String| ShowCall { protocol: id, language };
    listed.map(|held| show(library(), &call(format!("{}@{}", held.id, held.version))).unwrap()).collect()
}

fn select<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// What a reader sees, with single spaces.
fn read(html: &Html) -> String {
    let body = select(html, "body").into_iter().next().unwrap();
    let words: Vec<String> = body.text().flat_map(str::split_whitespace).map(str::to_owned).collect();
    words.join(" ")
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every fact of a protocol that its page must hold, as it is read.
fn facts(shown: &ShownProtocol) -> Vec<String> {
    let mut facts = vec![shown.title.clone(), shown.hash.clone(), shown.basis.clone()];
    let purpose = &shown.purpose;
    for wording in [&purpose.intended, &purpose.users, &purpose.population, &purpose.not_for] {
        facts.push(wording.in_language(shown.language).to_owned());
    }
    for rule in &shown.rules {
        facts.extend([rule.title.clone(), rule.id.clone(), rule.because.clone()]);
        facts.extend(rule.choices.iter().map(|option| option.title.clone()));
        facts.extend(rule.every.clone());
    }
    for held in &shown.parameters {
        facts.extend([held.title.clone(), held.name.clone(), held.reads.clone(), held.citation.clone()]);
    }
    for held in &shown.definitions {
        facts.extend([held.title.clone(), held.name.clone()]);
    }
    for held in &shown.classifications {
        facts.extend(
            held.levels.iter().chain(&held.modifiers).flat_map(|level| [level.title.clone(), level.because.clone()]),
        );
    }
    for score in &shown.scores {
        facts.extend(score.items.iter().map(|item| item.title.clone()));
        facts.extend(
            score.bands.iter().flat_map(|band| [band.title.clone(), band.outcome.clone(), band.population.clone()]),
        );
    }
    for held in &shown.contraindications {
        facts.extend([held.title.clone(), held.because.clone()]);
    }
    for plan in &shown.weaning {
        facts.push(plan.title.clone());
        facts.extend(plan.steps.iter().flat_map(|step| [step.title.clone(), step.target.clone(), step.hold.clone()]));
    }
    for held in &shown.sources {
        facts.push(held.source.citation.trim_end_matches('.').to_owned());
        facts.extend([&held.source.doi, &held.source.pmid, &held.source.note].into_iter().flatten().cloned());
    }
    for held in &shown.variants {
        facts.extend([held.title.clone(), held.because.clone()]);
        facts.extend(held.set.values().cloned());
    }
    facts.extend(shown.cases.iter().flat_map(|case| std::iter::once(case.title.clone()).chain(case.about.clone())));
    facts.extend(shown.source_attributes.values().cloned());
    facts
}

#[test]
fn every_fact_of_a_protocol_stands_on_its_page() {
    for language in LANGUAGES {
        for shown in all(language) {
            let html = Html::parse_document(&page(&shown, Format::Html));
            let seen = read(&html);
            for fact in facts(&shown) {
                assert!(seen.contains(&squeezed(&fact)), "{} ({language:?}) lacks {fact:?}", shown.id);
            }
            assert_eq!(shown.source_attributes.len(), 13);
            assert_eq!(select(&html, "#disclosure ~ div.part:last-child tbody tr").len(), 13, "{}", shown.id);
            for held in shown.sources.iter().filter_map(|held| held.source.doi.as_ref()) {
                let link = format!("a[href=\"https://doi.org/{held}\"]");
                assert!(!select(&html, &link).is_empty(), "{} has no link to {held}", shown.id);
            }
            let markdown = page(&shown, Format::Markdown).replace('\\', "");
            for rule in &shown.rules {
                assert!(markdown.contains(&format!("id=\"r-{}\"", rule.id)), "{}", rule.id);
            }
        }
    }
}

#[test]
fn that_nobody_approved_it_stands_first() {
    for shown in all(Language::En) {
        assert!(shown.approval.is_empty());
        let html = Html::parse_document(&page(&shown, Format::Html));
        let notices = select(&html, "main > p.notice");
        let said: String = notices.last().unwrap().text().collect();
        assert!(said.starts_with("Nobody has approved this protocol for care."), "{said}");
        assert!(page(&shown, Format::Markdown).contains("> [!WARNING]\n> **Nobody has approved"));
    }
}

#[test]
fn what_asks_or_classifies_is_drawn() {
    for shown in all(Language::En) {
        let html = Html::parse_document(&page(&shown, Format::Html));
        let drawn = select(&html, "figure svg");
        let asks = !shown.rules.is_empty()
            || !shown.classifications.is_empty()
            || shown.scores.iter().any(|score| !score.bands.is_empty());
        assert_eq!(!drawn.is_empty(), asks, "{}", shown.id);
        let linked: BTreeSet<&str> =
            select(&html, "figure svg a").iter().filter_map(|link| link.attr("href")).collect();
        for rule in &shown.rules {
            assert!(linked.contains(format!("#r-{}", rule.id).as_str()), "{} is not drawn", rule.id);
        }
        for figure in drawn {
            let width: usize = figure.attr("width").unwrap().parse().unwrap();
            assert!(width <= 1200, "{} is {width} wide", shown.id);
        }
        let markdown = page(&shown, Format::Markdown);
        assert_eq!(markdown.matches("```mermaid\nflowchart TD\n").count(), select(&html, "figure").len());
    }
}

fn books(format: Format) -> Vec<File> {
    handbook(library(), &LANGUAGES, format).unwrap()
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    for file in books(Format::Html).iter().filter(|file| file.name != MANIFEST) {
        let html = Html::parse_document(&file.text);
        for element in
            ["script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "audio", "source"]
        {
            assert!(select(&html, element).is_empty(), "{} has a `{element}`", file.name);
        }
        for element in select(&html, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on") && !["src", "srcset", "data", "poster", "action"].contains(&name));
                if name == "href" {
                    assert_eq!(element.value().name(), "a", "{}", file.name);
                }
                assert!(!value.trim_start().to_lowercase().starts_with("javascript:"), "{}: {value}", file.name);
            }
        }
        let style: String = select(&html, "style").iter().flat_map(|style| style.text()).collect();
        assert!(!style.contains("url(") && !style.contains("@import"), "{}", file.name);
        assert!(!file.text.replace("url(#tip", "").contains("url("), "{}", file.name);
    }
}

#[test]
fn a_page_is_right_html_with_its_landmarks() {
    for file in books(Format::Html).iter().filter(|file| file.name != MANIFEST) {
        let html = Html::parse_document(&file.text);
        assert!(html.errors.is_empty(), "{}: {:?}", file.name, html.errors);
        let language = if file.name.contains(".ko.") { "ko" } else { "en" };
        assert_eq!(select(&html, "html")[0].attr("lang"), Some(language), "{}", file.name);
        for (one, many) in
            [("main", 1), ("h1", 1), ("title", 1), ("footer", 1), ("body > a.skip[href=\"#content\"]", 1)]
        {
            assert_eq!(select(&html, one).len(), many, "{}: {one}", file.name);
        }
        let named =
            |element: &ElementRef| element.attr("aria-label").is_some() || element.attr("aria-labelledby").is_some();
        assert!(select(&html, "nav, section, svg, [role=region]").iter().all(named), "{}", file.name);
        assert!(select(&html, "table").iter().all(|table| {
            let caption = Selector::parse("caption").unwrap();
            let head = Selector::parse("thead th[scope=col]").unwrap();
            table.select(&caption).next().is_some() && table.select(&head).next().is_some()
        }));
        let levels: Vec<u32> = select(&html, "main h1, main h2, main h3, main h4")
            .iter()
            .map(|heading| heading.value().name()[1..].parse().unwrap())
            .collect();
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{}: {levels:?}", file.name);
    }
}

#[test]
fn every_link_of_a_handbook_leads_somewhere() {
    let files = books(Format::Html);
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for file in &files {
        let html = Html::parse_document(&file.text);
        let held: Vec<String> =
            select(&html, "[id]").iter().filter_map(|held| held.attr("id").map(str::to_owned)).collect();
        let once: BTreeSet<String> = held.iter().cloned().collect();
        assert_eq!(held.len(), once.len(), "{} has an id twice", file.name);
        ids.insert(&file.name, once);
    }
    let mut between = 0;
    for file in files.iter().filter(|file| file.name != MANIFEST) {
        let html = Html::parse_document(&file.text);
        for to in select(&html, "a[href]").iter().filter_map(|link| link.attr("href")) {
            if to.starts_with("https://") || to.starts_with("http://") {
                continue;
            }
            let (name, id) = to.split_once('#').map_or((to, None), |(name, id)| (name, Some(id)));
            let name = if name.is_empty() { file.name.as_str() } else { name };
            let held = ids.get(name).unwrap_or_else(|| panic!("{}: no file {name}", file.name));
            assert!(id.is_none_or(|id| held.contains(id)), "{}: nothing at {to}", file.name);
            between += usize::from(name != file.name && id.is_some());
        }
    }
    assert!(between > 10, "only {between} links from a protocol into another");
    for file in books(Format::Markdown).iter().filter(|file| file.name != MANIFEST) {
        for to in file.text.match_indices("](<").filter_map(|(at, open)| file.text[at + open.len()..].split('>').next())
        {
            if let Some(id) = to.strip_prefix('#') {
                assert!(file.text.contains(&format!("<a id=\"{id}\"></a>")), "{}: nothing at {to}", file.name);
            }
        }
    }
}

#[test]
fn a_handbook_knows_its_files() {
    for (format, count) in [(Format::Html, 2), (Format::Markdown, 2)] {
        let files = books(format);
        let manifest = Manifest::read(&files.last().unwrap().text).unwrap();
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(manifest.files, names);
        assert_eq!(names.len(), protocols(library()).len() * count + 3);
        assert!(names.contains(&format!("index.{}", format.extension()).as_str()));
    }
    let korean = handbook(library(), &[Language::Ko], Format::Html).unwrap();
    let index = korean.iter().find(|file| file.name == "index.html").unwrap();
    assert!(index.text.contains("<html lang=\"ko\">") && !index.text.contains("hreflang"));
    assert_eq!(Manifest::read("{}"), None);
    assert_eq!(Manifest::read("not json"), None);
}

#[test]
fn the_same_library_gives_the_same_handbook() {
    assert_eq!(books(Format::Html), books(Format::Html));
}

/// A protocol whose every text tries to be something else.
fn hostile() -> ShownProtocol {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../protocols/va-ecmo-weaning/1.0.0.yaml"));
    let text = text.unwrap().replace("id: va-ecmo-weaning\n", "id: hostile\n");
    let attack =
        r#"<script>alert(1)</script>\"]; click g0 href \"javascript:alert(1)\" | `x` [y](javascript:z) </svg> -->"#;
    let mut library = library().clone();
    let lines = text.lines().map(|line| match line.split_once("title: {en: ") {
        Some((before, _)) => format!("{before}title: {{en: \"{attack}\", ko: \"{attack}\"}}"),
        None => line.replace(
            "citation: Common practice",
            &format!("url: \"javascript:alert(1)\", citation: \"{attack}\", was: Common practice"),
        ),
    });
    let text: Vec<String> = lines
        .map(|line| {
            line.split(", was:").next().unwrap().to_owned() + if line.contains(", was:") { ", note: x}" } else { "" }
        })
        .collect();
    library.add("hostile/1.0.0.yaml", &text.join("\n"));
    show(&library, &ShowCall { protocol: "hostile".to_owned(), language: Language::En })
        .unwrap_or_else(|failure| panic!("{:#?}", failure.reports()))
}

#[test]
fn a_text_stays_text() {
    let shown = hostile();
    assert!(shown.title.starts_with("<script>") && shown.sources.iter().any(|held| held.source.url.is_some()));
    let written = page(&shown, Format::Html);
    let html = Html::parse_document(&written);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    assert!(!written.contains("<script"), "a script in the page");
    assert!(select(&html, "script").is_empty());
    assert!(select(&html, "a").iter().all(|link| !link.attr("href").unwrap().starts_with("javascript")));
    assert!(read(&html).contains("<script>alert(1)</script>"));
    let markdown = page(&shown, Format::Markdown);
    assert!(!markdown.contains("<script") && !markdown.contains("</svg>"), "HTML in Markdown");
    let prose: String = markdown.split("```").step_by(2).collect();
    assert!(!prose.replace("\\](", "").contains("](javascript:"), "a link of the document's own");
    for line in markdown.lines().filter(|line| line.contains("click g0")) {
        let drawn = line.trim_start().starts_with(|first: char| first.is_ascii_lowercase());
        assert!(!drawn || !line.contains("\"]; click"), "{line}");
    }
}
