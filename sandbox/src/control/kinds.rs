//! `kinds`: what a form for faults and configuration offers.

use serde::Serialize;
use serde_json::value::RawValue;

use super::CommandResult;
use crate::config::Config;
use crate::fields::{Fields, to_raw};
use crate::response::Response;
use crate::target::ACTIONS;

/// The effects that a fault can have, and the fields that say so.
const FAULTS: [&str; 6] = ["response", "delay_ms", "drip_ms", "cut", "hold", "expire_token"];

const CUTS: [&str; 3] = ["before", "after", "middle"];

/// The configuration with a fixed number of values.
const CHOICES: [(&str, &[&str]); 9] = [
    ("unsorted", &["id", "random"]),
    ("body", &["any", "json", "form"]),
    ("errors_form", &["objects", "strings", "one_object", "one_string", "single_error", "success_false"]),
    ("not_found_form", &["errors", "empty", "null", "object"]),
    ("id_form", &["number", "string"]),
    ("token_params", &["any", "form", "query"]),
    ("locale", &["pl", "en"]),
    ("form_charset", &["UTF-8", "ISO-8859-1"]),
    ("time_zone", &["Europe/Warsaw", "UTC"]),
];

#[derive(Serialize)]
struct Kinds {
    actions: &'static [&'static str],
    faults: &'static [&'static str],
    cuts: &'static [&'static str],
    config: Fields,
}

/// A configuration: its default, and its values if their number is fixed.
#[derive(Serialize)]
struct Setting<'a> {
    default: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'static [&'static str]>,
}

/// Returns the actions, the kinds of faults, and the configuration.
pub(super) async fn show() -> CommandResult {
    let defaults = Fields::parse(to_raw(&Config::default()).get())?;
    let config = defaults.iter().fold(Fields::default(), |mut config, (name, default)| {
        let values = CHOICES.iter().find(|(known, _)| *known == name).map(|(_, values)| *values);
        config.set(name, to_raw(&Setting { default, values }));
        config
    });
    Ok(Response::of(200, &Kinds { actions: &ACTIONS, faults: &FAULTS, cuts: &CUTS, config }))
}

#[cfg(test)]
mod tests {
    use super::{CHOICES, CUTS, Config, FAULTS, Fields, to_raw};
    use crate::fault::Fault;

    /// Returns the names that serde lists for a value that is unknown.
    fn expected(error: &str) -> Vec<String> {
        let listed = error.split_once("expected").map(|(_, listed)| listed).unwrap_or_default();
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_value_of_every_configuration_is_listed() {
        for (name, _) in Fields::parse(to_raw(&Config::default()).get()).unwrap().iter() {
            let changes = Fields::parse(&format!(r#"{{"{name}":"?"}}"#)).unwrap();
            let listed = Config::default().merged(&changes).err().filter(|error| error.contains("unknown variant"));
            let values = CHOICES.iter().find(|(known, _)| *known == name).map(|(_, values)| values.to_vec());
            assert_eq!(
                listed.map(|error| expected(&error)),
                values.map(|v| v.iter().map(ToString::to_string).collect()),
                "{name}"
            );
        }
    }

    #[test]
    fn every_kind_of_fault_is_listed() {
        let error = serde_json::from_str::<Fault>(r#"{"?":1}"#).unwrap_err().to_string();
        let others = ["on", "skip", "times", "apply"];
        let mut kinds = expected(&error);
        kinds.retain(|name| !others.contains(&name.as_str()));
        assert_eq!(kinds, FAULTS);
        let error = serde_json::from_str::<Fault>(r#"{"cut":"?"}"#).unwrap_err().to_string();
        assert_eq!(expected(&error), CUTS);
    }
}
