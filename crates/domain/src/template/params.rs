//! The parameters of a template: a JSON Schema, or the short list that becomes one.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

/// JSON Schema (an object schema) of a template's parameters. A list of
/// `{key, label, type, required}` is read too and becomes the same thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ParamsSchema(Map<String, Value>);

impl ParamsSchema {
    /// The schema as a JSON object.
    pub fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The properties in the order of the schema, with whether each is required.
    pub fn properties(&self) -> Vec<(&str, &Value, bool)> {
        let required: Vec<&str> = self
            .0
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        self.0
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema, required.contains(&name.as_str())))
            .collect()
    }
}

impl Default for ParamsSchema {
    fn default() -> Self {
        Self::from_object(Map::new())
    }
}

impl ParamsSchema {
    fn from_object(mut schema: Map<String, Value>) -> Self {
        schema.entry("type").or_insert_with(|| json!("object"));
        schema.entry("properties").or_insert_with(|| json!({}));
        schema.entry("additionalProperties").or_insert(Value::Bool(false));
        Self(schema)
    }
}

impl<'de> Deserialize<'de> for ParamsSchema {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Field {
            key: String,
            label: Option<String>,
            #[serde(rename = "type")]
            kind: Option<String>,
            #[serde(default)]
            required: bool,
        }
        match Value::deserialize(input)? {
            Value::Object(schema) => Ok(Self::from_object(schema)),
            Value::Array(fields) => {
                let mut properties = Map::new();
                let mut required = Vec::new();
                for field in fields {
                    let field: Field = serde_json::from_value(field).map_err(serde::de::Error::custom)?;
                    let mut schema = Map::new();
                    schema.insert("type".to_owned(), json!(field.kind.as_deref().unwrap_or("string")));
                    if let Some(label) = field.label {
                        schema.insert("title".to_owned(), json!(label));
                    }
                    if field.required {
                        required.push(Value::String(field.key.clone()));
                    }
                    properties.insert(field.key, Value::Object(schema));
                }
                let mut schema = Map::new();
                schema.insert("required".to_owned(), Value::Array(required));
                schema.insert("properties".to_owned(), Value::Object(properties));
                Ok(Self::from_object(schema))
            }
            other => Err(serde::de::Error::custom(format!(
                "params must be a JSON Schema or a list of fields, not {other}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_fields_becomes_a_schema() {
        let schema: ParamsSchema =
            serde_json::from_value(json!([{"key": "url", "label": "Address", "type": "string", "required": true}]))
                .unwrap();
        assert_eq!(
            Value::Object(schema.as_object().clone()),
            json!({
                "type": "object", "required": ["url"], "additionalProperties": false,
                "properties": {"url": {"type": "string", "title": "Address"}},
            })
        );
        assert_eq!(schema.properties()[0].0, "url");
        assert!(schema.properties()[0].2);
    }

    #[test]
    fn a_number_is_no_schema() {
        assert!(serde_json::from_value::<ParamsSchema>(json!(3)).is_err());
    }
}
