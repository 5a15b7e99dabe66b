//! The image of a container: there, fetched, or missing.

use super::{
    engine::{in_words, is_missing},
    request::{Pull, With},
};
use crate::steps::{StepContext, StepError};
use bollard::{Docker as Client, query_parameters::CreateImageOptionsBuilder};
use futures::StreamExt;

/// Makes sure that the engine has the image, as the template wants it.
pub(super) async fn provide(client: &Client, with: &With, step: &StepContext<'_>) -> Result<(), StepError> {
    if with.pull == Pull::Always {
        return fetch(client, &with.image, step).await;
    }
    match client.inspect_image(&with.image).await {
        Ok(_) => Ok(()),
        Err(error) if !is_missing(&error) => Err(in_words(error, "look for the image")),
        Err(_) if with.pull == Pull::Missing => fetch(client, &with.image, step).await,
        Err(error) => Err(
            StepError::words("image_missing", format!("the image {} is not there", with.image))
                .hint("Fetch it on the machine of the engine, or let the step pull what is missing.")
                .caused_by(error),
        ),
    }
}

/// Fetches an image and says how far it comes: one line per state of a layer, none per byte.
async fn fetch(client: &Client, image: &str, step: &StepContext<'_>) -> Result<(), StepError> {
    step.log.say(&format!("Fetching {image}.")).await;
    let mut options = CreateImageOptionsBuilder::new().from_image(image);
    if !names_version(image) {
        // Without a tag the engine would fetch all of them.
        options = options.tag("latest");
    }
    let mut told = client.create_image(Some(options.build()), None, None);
    while let Some(news) = told.next().await {
        let news = news.map_err(|error| {
            let words = in_words(error, "fetch the image");
            if words.code == "docker_refused" {
                words
                    .code("image_unavailable")
                    .hint("Check the name of the image, and whether the engine may fetch it from its registry.")
            } else {
                words
            }
        })?;
        let Some(status) = news
            .status
            .filter(|_| news.progress_detail.is_none_or(|bar| bar.total.is_none()))
        else {
            continue;
        };
        let line = match news.id {
            Some(layer) => format!("{layer}: {status}"),
            None => status,
        };
        step.log.say(&line).await;
    }
    Ok(())
}

/// Whether a name has a tag or a digest: a colon before the last slash is the port of a registry.
fn names_version(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.contains(':') || name.contains('@')
}

#[cfg(test)]
mod tests {
    use super::names_version;

    #[test]
    fn the_port_of_a_registry_is_no_tag() {
        assert!(names_version("alpine:3.22"));
        assert!(names_version("localhost:5000/alpine@sha256:00"));
        assert!(!names_version("localhost:5000/alpine"));
        assert!(!names_version("alpine"));
    }
}
