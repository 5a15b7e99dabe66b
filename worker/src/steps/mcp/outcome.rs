//! What a tool answered: the output of the step, its artifacts, or a failure in the tool's words.

use crate::{
    journal::FileLeft,
    steps::{StepContext, StepError, artifacts},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};
use serde_json::{Value, json};

/// Longest text that becomes output as it is; more of it becomes an artifact.
const LONGEST_TEXT: usize = 16 * 1024;
/// Longest message of a failure.
const LONGEST_MESSAGE: usize = 500;

/// Keeps what the tool left, and answers with the output of the step.
pub(super) async fn read(answer: CallToolResult, tool: &str, step: &StepContext<'_>) -> Result<Value, StepError> {
    let failed = answer.is_error == Some(true);
    let mut texts = Vec::new();
    for (position, block) in answer.content.into_iter().enumerate() {
        let number = position + 1;
        match block {
            ContentBlock::Text(text) => texts.push(text.text),
            ContentBlock::Image(image) => keep(&image.data, named("image", number, &image.mime_type), step).await,
            ContentBlock::Audio(audio) => keep(&audio.data, named("audio", number, &audio.mime_type), step).await,
            ContentBlock::Resource(resource) => match resource.resource {
                ResourceContents::TextResourceContents { uri, text, .. } => {
                    step.leave(artifacts::file_of(last_part(&uri, number), text.into_bytes()))
                        .await;
                }
                ResourceContents::BlobResourceContents { uri, blob, .. } => {
                    keep(&blob, last_part(&uri, number), step).await;
                }
                _ => {}
            },
            ContentBlock::ResourceLink(link) => {
                step.leave(FileLeft {
                    name: last_part(&link.uri, number),
                    kind: "link",
                    content_type: "text/uri-list",
                    bytes: link.uri.into_bytes(),
                })
                .await;
            }
            _ => {
                step.log
                    .say("The tool left something of a kind that is not known here.")
                    .await;
            }
        }
    }
    let text = texts.join("\n");
    if failed {
        return Err(refused(&text, tool));
    }
    match answer.structured_content {
        Some(Value::Object(fields)) => Ok(Value::Object(fields)),
        Some(value) => Ok(json!({"value": value})),
        None => Ok(text_output(text, step).await),
    }
}

async fn text_output(text: String, step: &StepContext<'_>) -> Value {
    if text.len() <= LONGEST_TEXT {
        return json!({"text": text, "truncated": false});
    }
    let head = text[..text.floor_char_boundary(LONGEST_TEXT)].to_owned();
    step.leave(artifacts::file_of("text.txt".to_owned(), text.into_bytes()))
        .await;
    json!({"text": head, "truncated": true})
}

/// The tool said that it failed.
fn refused(text: &str, tool: &str) -> StepError {
    let text = text.trim();
    let words = if text.is_empty() { "it did not say why" } else { text };
    let shown = &words[..words.floor_char_boundary(LONGEST_MESSAGE)];
    StepError::words("tool_failed", format!("{tool} failed: {shown}"))
        .hint("The words are those of the tool; look at the arguments of the step.")
        .retryable()
}

async fn keep(base64: &str, name: String, step: &StepContext<'_>) {
    if let Ok(bytes) = STANDARD.decode(base64) {
        step.leave(artifacts::file_of(name, bytes)).await;
    } else {
        let text = format!("{name} is not base64, so it is left out.");
        step.log.say(&text).await;
    }
}

/// `image-2.png` for the second block, a PNG.
fn named(what: &str, number: usize, media_type: &str) -> String {
    let subtype = media_type.rsplit('/').next().unwrap_or_default();
    let extension = match subtype.split([';', '+']).next().unwrap_or_default() {
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        "" => "bin",
        other => other,
    };
    format!("{what}-{number}.{extension}")
}

/// The name at the end of an address.
fn last_part(uri: &str, number: usize) -> String {
    let name = uri.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    if name.is_empty() {
        format!("resource-{number}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_gets_a_name() {
        assert_eq!(named("image", 2, "image/svg+xml"), "image-2.svg");
        assert_eq!(named("audio", 1, "audio/mpeg"), "audio-1.mp3");
        assert_eq!(last_part("file:///a/report.md", 1), "report.md");
        assert_eq!(last_part("note:", 3), "resource-3");
    }

    #[test]
    fn a_failure_is_in_the_words_of_the_tool() {
        assert_eq!(
            refused(" no such city\n", "weather").message,
            "weather failed: no such city"
        );
        assert_eq!(refused("", "weather").message, "weather failed: it did not say why");
    }
}
