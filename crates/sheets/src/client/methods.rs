//! The methods of the API that Runboard needs.

use super::{
    Call, Repeat,
    RequestClass::{self, Read, Write},
    SheetsClient, SheetsError,
    send::Ask,
};
use crate::wire::{
    BatchClearValuesRequest, BatchClearValuesResponse, BatchGetValuesByDataFilterRequest,
    BatchGetValuesByDataFilterResponse, BatchGetValuesResponse, BatchUpdateSpreadsheetRequest,
    BatchUpdateSpreadsheetResponse, BatchUpdateValuesByDataFilterRequest, BatchUpdateValuesByDataFilterResponse,
    BatchUpdateValuesRequest, BatchUpdateValuesResponse, Spreadsheet, ValueRange,
};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

/// How values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// As they are; days as serial numbers.
    Unformatted,
    /// Formulas as they were typed.
    Formula,
}

impl Rendering {
    const fn query(self) -> (&'static str, &'static str) {
        let option = match self {
            Self::Unformatted => "UNFORMATTED_VALUE",
            Self::Formula => "FORMULA",
        };
        ("valueRenderOption", option)
    }
}

impl SheetsClient {
    /// Reads `fields` of a workbook; with ranges, also their cells when the fields ask for them.
    pub async fn get(
        &self,
        call: Call<'_>,
        id: &str,
        ranges: &[&str],
        fields: &str,
    ) -> Result<Spreadsheet, SheetsError> {
        let mut url = self.url(id, "", &[])?;
        for range in ranges {
            url.query_pairs_mut().append_pair("ranges", range);
        }
        url.query_pairs_mut().append_pair("fields", fields);
        self.read_from(call, url).await
    }

    /// Makes a workbook. It is sent again only when it surely was not heard.
    pub async fn create(&self, call: Call<'_>, workbook: &Spreadsheet) -> Result<Spreadsheet, SheetsError> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v4", "spreadsheets"]);
        }
        self.post(call, url, workbook, Write, Repeat::OnlyUnheard).await
    }

    /// Changes a workbook, all of it or nothing.
    pub async fn batch_update(
        &self,
        call: Call<'_>,
        id: &str,
        changes: &BatchUpdateSpreadsheetRequest,
        repeat: Repeat,
    ) -> Result<BatchUpdateSpreadsheetResponse, SheetsError> {
        self.post(call, self.url(id, ":batchUpdate", &[])?, changes, Write, repeat)
            .await
    }

    /// Reads the values of one range.
    pub async fn values_get(
        &self,
        call: Call<'_>,
        id: &str,
        range: &str,
        rendering: Rendering,
    ) -> Result<ValueRange, SheetsError> {
        let mut url = self.url(id, "", &["values", range])?;
        let (name, option) = rendering.query();
        url.query_pairs_mut().append_pair(name, option);
        self.read_from(call, url).await
    }

    /// Reads the values of several ranges.
    pub async fn values_batch_get(
        &self,
        call: Call<'_>,
        id: &str,
        ranges: &[&str],
        rendering: Rendering,
    ) -> Result<BatchGetValuesResponse, SheetsError> {
        let mut url = self.url(id, "", &["values:batchGet"])?;
        for range in ranges {
            url.query_pairs_mut().append_pair("ranges", range);
        }
        let (name, option) = rendering.query();
        url.query_pairs_mut().append_pair(name, option);
        self.read_from(call, url).await
    }

    /// Writes several ranges.
    pub async fn values_batch_update(
        &self,
        call: Call<'_>,
        id: &str,
        values: &BatchUpdateValuesRequest,
    ) -> Result<BatchUpdateValuesResponse, SheetsError> {
        let url = self.url(id, "", &["values:batchUpdate"])?;
        self.post(call, url, values, Write, Repeat::Harmless).await
    }

    /// Empties several ranges.
    pub async fn values_batch_clear(
        &self,
        call: Call<'_>,
        id: &str,
        ranges: &BatchClearValuesRequest,
    ) -> Result<BatchClearValuesResponse, SheetsError> {
        let url = self.url(id, "", &["values:batchClear"])?;
        self.post(call, url, ranges, Write, Repeat::Harmless).await
    }

    /// Reads the values that filters match.
    pub async fn values_batch_get_by_data_filter(
        &self,
        call: Call<'_>,
        id: &str,
        filters: &BatchGetValuesByDataFilterRequest,
    ) -> Result<BatchGetValuesByDataFilterResponse, SheetsError> {
        let url = self.url(id, "", &["values:batchGetByDataFilter"])?;
        self.post(call, url, filters, Read, Repeat::Harmless).await
    }

    /// Writes values where filters match.
    pub async fn values_batch_update_by_data_filter(
        &self,
        call: Call<'_>,
        id: &str,
        values: &BatchUpdateValuesByDataFilterRequest,
    ) -> Result<BatchUpdateValuesByDataFilterResponse, SheetsError> {
        let url = self.url(id, "", &["values:batchUpdateByDataFilter"])?;
        self.post(call, url, values, Write, Repeat::Harmless).await
    }

    fn url(&self, id: &str, verb: &str, rest: &[&str]) -> Result<Url, SheetsError> {
        let is_id = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        if id.is_empty() || !id.chars().all(is_id) {
            return Err(SheetsError::InvalidArgument {
                message: format!("{id:?} is no id of a spreadsheet: copy it from the address, between /d/ and /edit"),
            });
        }
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(["v4", "spreadsheets", &format!("{id}{verb}")])
                .extend(rest);
        }
        Ok(url)
    }

    async fn read_from<Answer: DeserializeOwned>(&self, call: Call<'_>, url: Url) -> Result<Answer, SheetsError> {
        let ask = Ask {
            method: Method::GET,
            url,
            body: None,
            class: Read,
            repeat: Repeat::Harmless,
        };
        self.send(call, ask).await
    }

    async fn post<Answer: DeserializeOwned>(
        &self,
        call: Call<'_>,
        url: Url,
        body: &impl Serialize,
        class: RequestClass,
        repeat: Repeat,
    ) -> Result<Answer, SheetsError> {
        let body = serde_json::to_value(body).map_err(|error| SheetsError::InvalidArgument {
            message: error.to_string(),
        })?;
        let ask = Ask {
            method: Method::POST,
            url,
            body: Some(body),
            class,
            repeat,
        };
        self.send(call, ask).await
    }
}
