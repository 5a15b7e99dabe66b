//! Developer metadata: created, changed, taken away.

use sheets::wire::{
    CreateDeveloperMetadataRequest, DeleteDeveloperMetadataRequest, DeletedDeveloperMetadata, DeveloperMetadata,
    DeveloperMetadataReplies, DeveloperMetadataReply, Refusal, Reply, UpdateDeveloperMetadataRequest,
};

use super::{mask, needed};
use crate::limits::check_text;
use crate::metadata::{self, Spot};
use crate::model::{Metadata, Workbook};

pub(super) fn create(workbook: &mut Workbook, asked: &CreateDeveloperMetadataRequest) -> Result<Reply, Refusal> {
    let new = needed(asked.developer_metadata.as_ref(), "developerMetadata")?;
    let key = needed(new.metadata_key.as_ref(), "developerMetadata.metadataKey")?.clone();
    let visibility = needed(new.visibility.as_ref(), "developerMetadata.visibility")?.clone();
    check_text(&key)?;
    check_text(new.metadata_value.as_deref().unwrap_or_default())?;
    let spot = metadata::spot_of(workbook, needed(new.location.as_ref(), "developerMetadata.location")?)?;
    let id = match new.metadata_id {
        Some(id) if metadata::get(workbook, id).is_ok() => {
            return Err(Refusal::invalid(format!(
                "Developer metadata with id {id} already exists."
            )));
        }
        Some(id) => id,
        None => workbook.take_id(),
    };
    let piece = Metadata {
        id,
        key,
        value: new.metadata_value.clone(),
        visibility,
    };
    metadata::list_mut(workbook, spot).push(piece.clone());
    let developer_metadata = Some(metadata::said(workbook, spot, &piece));
    let reply = DeveloperMetadataReply { developer_metadata };
    Ok(Reply {
        create_developer_metadata: Some(reply),
        ..Reply::default()
    })
}

pub(super) fn update(workbook: &mut Workbook, asked: &UpdateDeveloperMetadataRequest) -> Result<Reply, Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let new = needed(asked.developer_metadata.as_ref(), "developerMetadata")?;
    let mut hit: Vec<i64> = Vec::new();
    for filter in asked.data_filters.iter().flatten() {
        hit.extend(
            metadata::matched(workbook, filter)?
                .iter()
                .filter_map(|piece| piece.metadata_id),
        );
    }
    hit.sort_unstable();
    hit.dedup();
    let mut changed = Vec::with_capacity(hit.len());
    for id in hit {
        let Some((old_spot, mut piece)) = metadata::remove(workbook, id) else {
            continue;
        };
        if let Some(key) = new.metadata_key.as_ref().filter(|_| mask.has(&["metadataKey"])) {
            piece.key.clone_from(key);
        }
        if mask.has(&["metadataValue"]) {
            piece.value.clone_from(&new.metadata_value);
        }
        if let Some(visibility) = new.visibility.as_ref().filter(|_| mask.has(&["visibility"])) {
            piece.visibility.clone_from(visibility);
        }
        let spot: Spot = match new.location.as_ref().filter(|_| mask.has(&["location"])) {
            Some(location) => metadata::spot_of(workbook, location)?,
            None => old_spot,
        };
        metadata::list_mut(workbook, spot).push(piece.clone());
        changed.push(metadata::said(workbook, spot, &piece));
    }
    let reply = DeveloperMetadataReplies {
        developer_metadata: Some(changed),
    };
    Ok(Reply {
        update_developer_metadata: Some(reply),
        ..Reply::default()
    })
}

pub(super) fn delete(workbook: &mut Workbook, asked: &DeleteDeveloperMetadataRequest) -> Result<Reply, Refusal> {
    let hit: Vec<DeveloperMetadata> = metadata::matched(workbook, needed(asked.data_filter.as_ref(), "dataFilter")?)?;
    for piece in &hit {
        metadata::remove(workbook, piece.metadata_id.unwrap_or_default());
    }
    let reply = DeletedDeveloperMetadata {
        deleted_developer_metadata: Some(hit),
    };
    Ok(Reply {
        delete_developer_metadata: Some(reply),
        ..Reply::default()
    })
}
