//! `PUT /artifacts.upload/{word}`: the bytes of a large artifact.

use super::send::store;
use crate::{
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{
    Services,
    artifacts::{Brought, LinkKey, Object, UploadTicket, bring},
    mask::{Mask, StreamMask},
    remote::RemoteError,
    secrets::SecretKey,
};
use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::{Request, State},
};
use db::DbError;
use futures::{Stream, StreamExt, future};
use http::{StatusCode, header};
use serde::Serialize;
use std::error::Error;
use utoipa::ToSchema;

/// What lies in the object store now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceivedView {
    /// SHA-256 of the bytes.
    sha256: String,
    /// How many.
    size_bytes: u64,
}

/// Takes the bytes that an address was made for; they must be exactly those that were announced.
#[utoipa::path(put, path = "/artifacts.upload/{word}", tag = "worker", security(()),
    params(("word" = String, Path, description = "From the address of the upload.")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "They are there; an artifact may name them.", body = ReceivedView),
        (status = 404, description = "The address was not made here.", body = Problem),
        (status = 409, description = "The lease is gone.", body = Problem),
        (status = 410, description = "The address has expired.", body = Problem),
        (status = 422, description = "They are others than announced, or hold a secret.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Path(word): Path<String>,
    request: Request,
) -> ApiResult<(StatusCode, Json<ReceivedView>)> {
    let ticket = LinkKey::of(services.key()).open_upload(&word, services.now())?;
    let object = ticket.object();
    let told = request.headers().get(header::CONTENT_LENGTH);
    if told.is_some_and(|length| length.to_str().ok() != Some(object.size_bytes.to_string().as_str())) {
        let detail = format!("{} bytes were announced.", object.size_bytes);
        return Err(ApiError::invalid("Content-Length", detail));
    }
    let mask = mask(&services, &ticket).await?;
    let mut body = Incoming(Some(request.into_body()));
    let lease = (ticket.run_id.as_str(), ticket.lease_seq);
    let brought = bring(services.pool(), store(&services)?, lease, &object, || {
        without_secrets(body.take(), &mask)
    })
    .await?;
    match brought {
        Brought::Stored => {
            body.read_to_end(object.size_bytes).await;
            let Object { sha256, size_bytes } = object;
            Ok((StatusCode::CREATED, Json(ReceivedView { sha256, size_bytes })))
        }
        Brought::Lost => Err(RemoteError::Lost.into()),
        Brought::Busy => Err(ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "object_busy",
            "The same bytes are being removed at this moment.",
        )
        .hint("Bring them again in a second.")
        .retry_after(1)),
    }
}

/// The bytes on their way, until somebody takes them.
struct Incoming(Option<Body>);

impl Incoming {
    fn take(&mut self) -> BodyDataStream {
        self.0.take().unwrap_or_default().into_data_stream()
    }

    /// Bytes that are there already are read and forgotten: a caller that is cut off in the middle would
    /// take it for a failure.
    async fn read_to_end(&mut self, most: u64) {
        let mut seen = 0;
        let rest = self.take().take_while(|piece| {
            seen += piece.as_ref().map_or(u64::MAX, |piece| piece.len() as u64);
            future::ready(seen <= most)
        });
        rest.for_each(|_| future::ready(())).await;
    }
}

/// The secrets of the run. The server made the address for who holds it, so it asks in its own name.
async fn mask(services: &Services, ticket: &UploadTicket) -> ApiResult<Mask> {
    let mut conn = services.pool().acquire().await.map_err(DbError::from)?;
    let key: &SecretKey = services.key();
    let mask = ::runs::remote::mask(&mut conn, key, &ticket.run_id, ticket.lease_seq).await?;
    Ok(mask.ok_or(RemoteError::Lost)?)
}

/// The same bytes; a secret among them ends them. They cannot be hidden here: the checksum was announced.
fn without_secrets(
    body: BodyDataStream,
    mask: &Mask,
) -> impl Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> + Send + use<> {
    let mut watching = (!mask.is_empty()).then(|| StreamMask::new(mask, false));
    let watched = body.map(Some).chain(futures::stream::iter([None]));
    watched.filter_map(move |piece| {
        let piece = match piece {
            Some(Ok(bytes)) => {
                if let Some(watching) = &mut watching {
                    watching.push(&bytes);
                }
                Some(Ok(bytes))
            }
            Some(Err(error)) => Some(Err(error.into())),
            None => {
                if let Some(watching) = &mut watching {
                    watching.finish();
                }
                None
            }
        };
        let has_secret = watching.as_ref().is_some_and(StreamMask::has_hidden);
        future::ready(if has_secret {
            Some(Err(SecretInside.into()))
        } else {
            piece
        })
    })
}

/// A secret stands in bytes that were brought.
#[derive(Debug, thiserror::Error)]
#[error("a secret of this run stands in these bytes")]
pub(crate) struct SecretInside;
