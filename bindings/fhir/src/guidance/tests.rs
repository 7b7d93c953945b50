//! Guidance says what the answer says, and nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails a test")]

use serde_json::Value;
use shockpath::assess::Status;
use shockpath::wire::{self, AssessCall, Text};

use super::{Addressed, guidance};

fn addressed() -> Addressed {
    Addressed {
        id: "guidance-1".to_owned(),
        patient: "Patient/p".to_owned(),
        encounter: Some("Encounter/e".to_owned()),
        recorded: "2026-03-01T09:00:00+09:00".to_owned(),
        requester: "EHR".to_owned(),
    }
}

#[test]
fn guidance_is_a_proposal_with_what_is_missing() {
    let text = shockpath_tests::shipped("examples/data/papillary-muscle-rupture.yaml");
    let call = AssessCall::new(Text { name: "record".to_owned(), text });
    let library = shockpath_tests::library();
    let answer = wire::assess(library, &call).unwrap().answer;
    let (mut requests, mut missing) = (0, 0);
    for protocol in &answer.assessments {
        let made = guidance(&answer, protocol, library.vocabulary(), &addressed());
        assert_eq!(made, guidance(&answer, protocol, library.vocabulary(), &addressed()));
        let response = &made[0];
        let asked = |rule: &&shockpath::assess::Recommendation| {
            matches!(rule.status, Status::Recommended | Status::Conditional)
        };
        let asked: Vec<&str> = protocol.recommendations.iter().filter(asked).map(|rule| rule.id.as_str()).collect();
        let group = made.iter().find(|resource| resource["resourceType"] == "RequestGroup");
        let actions: Vec<&str> = group
            .into_iter()
            .flat_map(|group| group["action"].as_array().unwrap())
            .map(|action| action["prefix"].as_str().unwrap())
            .collect();
        assert_eq!(actions, asked);
        assert_eq!(response.get("result").is_some(), !asked.is_empty());
        if let Some(group) = group {
            assert_eq!((&group["status"], &group["intent"]), (&Value::from("draft"), &Value::from("proposal")));
            requests += 1;
        }
        let required = response.get("dataRequirement").and_then(Value::as_array).map_or(0, Vec::len);
        assert_eq!(required, protocol.missing.len());
        assert_eq!(response["status"] == "success", required == 0);
        missing += required;
    }
    assert!(requests > 2 && missing > 5, "{requests} {missing}");
}
