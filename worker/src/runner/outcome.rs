//! What a step may leave: the one place that bounds it, whatever kind the step is of.

use crate::steps::StepError;
use domain::{DEEPEST_JSON, JsonMeasure};
use serde_json::Value;

/// Largest output of a step as JSON, in bytes.
pub(crate) const LARGEST_OUTPUT: usize = 64 * 1024;

/// The output, when the ledger and every later reader can take it.
pub(super) fn bounded(output: Value) -> Result<Value, StepError> {
    let measure = JsonMeasure::of(&output);
    if measure.is_too_deep() {
        let message = format!("the output is nested deeper than {DEEPEST_JSON} levels");
        return Err(StepError::words("output_too_deep", message)
            .hint("Leave a plainer value, or the whole as a text or as an artifact."));
    }
    if measure.bytes() > LARGEST_OUTPUT {
        let message = format!(
            "the output has {} KiB as JSON; at most {} are kept",
            measure.bytes().div_ceil(1024),
            LARGEST_OUTPUT / 1024
        );
        return Err(StepError::words("output_too_large", message)
            .hint("Leave large results as artifacts, and name them in the output."));
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(output: Value) -> Result<Value, String> {
        bounded(output).map_err(|error| error.code.into_owned())
    }

    #[test]
    fn what_is_too_deep_or_too_large_is_refused() {
        let nested = |levels: usize| (0..levels).fold(json!("\0"), |inner, _| json!([inner]));
        assert!(code(nested(DEEPEST_JSON)).is_ok());
        assert_eq!(code(nested(127)), Err("output_too_deep".to_owned()));
        assert!(code(json!("x".repeat(LARGEST_OUTPUT - 2))).is_ok());
        assert_eq!(
            code(json!("x".repeat(LARGEST_OUTPUT))),
            Err("output_too_large".to_owned())
        );
    }
}
