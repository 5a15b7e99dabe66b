mod stage;

use self::stage::{Stage, Turn, refusal};
use super::*;
use crate::wire::BatchUpdateValuesRequest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use futures::future::BoxFuture;
use ring::{
    rsa::KeyPair,
    signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use url::Url;

/// A key that proves nothing anywhere.
const KEY: &str = include_str!("test_key.pem");

fn found() -> Turn {
    Turn::Answer(200, json!({"range": "'My Tab'!A1:B9", "values": [[1]]}))
}

fn account(base: &Url) -> Credential {
    let file = json!({
        "type": "service_account", "client_email": "robot@example.com", "private_key": KEY, "private_key_id": "k1",
        "token_uri": base.join("token").unwrap(),
    });
    Credential::service_account(&file.to_string()).unwrap()
}

fn token(secret: &str) -> Turn {
    Turn::Answer(
        200,
        json!({"access_token": secret, "expires_in": 3600, "token_type": "Bearer"}),
    )
}

#[tokio::test]
async fn a_range_is_asked_for_below_the_base_with_token_and_rendering() {
    let stage = Stage::new([found()]).await;
    let values = stage.read(60.0).await.unwrap().values;
    assert_eq!(values, Some(vec![vec![json!(1)]]));
    let heard = &stage.server.heard()[0];
    assert_eq!(
        heard.line,
        "GET /sub/v4/spreadsheets/abc/values/'My%20Tab'!A1:B?valueRenderOption=UNFORMATTED_VALUE"
    );
    assert_eq!(heard.token, "Bearer secret");
}

#[tokio::test]
async fn a_write_carries_the_lease_of_its_run() {
    let stage = Stage::new([Turn::Answer(200, json!({}))]).await;
    let call = Call {
        lease: Some(Lease {
            run_id: "run_1",
            lease_seq: 7,
        }),
        ..Call::until(stage.still.now() + TimeDelta::seconds(9))
    };
    let values = BatchUpdateValuesRequest::default();
    stage.client.values_batch_update(call, "abc", &values).await.unwrap();
    assert_eq!(stage.server.heard()[0].lease, "run_1:7");
}

#[tokio::test]
async fn a_quota_of_the_service_is_waited_for_as_long_as_it_says() {
    let stage = Stage::new([Turn::Later(429, "7"), Turn::Later(503, "2"), found()]).await;
    stage.read(60.0).await.unwrap();
    assert_eq!(stage.waits(), [7000, 2000]);
}

#[tokio::test]
async fn errors_that_pass_cut_connections_and_gateway_pages_are_tried_again_with_growing_waits() {
    let gateway = Turn::Page(502, "<html>Bad Gateway</html>");
    let stage = Stage::new([Turn::Answer(500, refusal("oops")), gateway, Turn::Cut, found()]).await;
    stage.read(60.0).await.unwrap();
    assert_eq!(stage.waits(), [500, 1000, 2000]);
}

#[tokio::test]
async fn no_wait_goes_beyond_the_deadline_and_the_last_error_is_told() {
    let stage = Stage::new([Turn::Later(429, "30")]).await;
    let error = stage.read(10.0).await.unwrap_err();
    assert!(matches!(&error, SheetsError::OutOfTime { last: Some(_) }), "{error}");
    assert!(error.to_string().contains("slow down"));
    assert!(stage.waits().is_empty());
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_with_the_deadline() {
    let stage = Stage::new([Turn::Silence]).await;
    let error = stage.read(0.2).await.unwrap_err();
    assert!(matches!(error, SheetsError::OutOfTime { last: Some(_) }), "{error}");
}

#[tokio::test]
async fn a_change_that_may_have_been_heard_is_repeated_only_when_that_is_harmless() {
    let stage = Stage::new([Turn::Cut]).await;
    let error = stage.change(Repeat::OnlyUnheard).await.unwrap_err();
    assert!(
        matches!(error, SheetsError::Unreachable { maybe_heard: true, .. }),
        "{error}"
    );

    let stage = Stage::new([Turn::Later(429, "1"), Turn::Answer(200, json!({}))]).await;
    stage.change(Repeat::OnlyUnheard).await.unwrap();
    let stage = Stage::new([Turn::Cut, Turn::Answer(200, json!({}))]).await;
    stage.change(Repeat::Harmless).await.unwrap();
}

#[tokio::test]
async fn refusals_are_told_apart_and_never_repeated() {
    for (status, word) in [
        (400, "refused the request: no"),
        (401, "connect the spreadsheet again"),
        (403, "ask its owner"),
        (404, "was not found"),
        (409, "no longer holds the run"),
    ] {
        let stage = Stage::new([Turn::Answer(status, refusal("no"))]).await;
        let error = stage.read(60.0).await.unwrap_err().to_string();
        assert!(error.contains(word), "{status}: {error}");
        assert_eq!(stage.server.heard().len(), 1);
    }
}

#[tokio::test]
async fn a_page_that_is_no_json_is_named_as_such_whatever_its_status() {
    for status in [200, 403, 404] {
        let stage = Stage::new([Turn::Page(status, "<html>\n<h1>Proxy</h1>")]).await;
        let error = stage.read(60.0).await.unwrap_err();
        assert!(
            matches!(&error, SheetsError::NotSheets { excerpt, .. } if excerpt == "<html> <h1>Proxy</h1>"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_id_that_could_lead_elsewhere_is_not_sent() {
    let stage = Stage::new([]).await;
    let call = Call::until(stage.still.now() + TimeDelta::seconds(9));
    for id in ["", "..", "a/b", "a?b"] {
        let error = stage
            .client
            .values_get(call, id, "A1", Rendering::Formula)
            .await
            .unwrap_err();
        assert!(matches!(error, SheetsError::InvalidArgument { .. }), "{id}");
    }
    assert!(stage.server.heard().is_empty());
}

#[tokio::test]
async fn a_service_account_gets_its_token_with_a_signed_grant_and_keeps_it_until_a_minute_before_its_end() {
    let stage = Stage::with(
        [token("t1"), found(), found(), token("t2"), found()],
        Arc::new(Unlimited),
        account,
    )
    .await;
    stage.read(60.0).await.unwrap();
    stage.read(60.0).await.unwrap();
    stage.still.pause(Duration::from_secs(3541)).await;
    stage.read(60.0).await.unwrap();
    let heard = stage.server.heard();
    let tokens: Vec<&str> = heard.iter().map(|heard| heard.token.as_str()).collect();
    assert_eq!(tokens, ["", "Bearer t1", "Bearer t1", "", "Bearer t2"]);

    let form: Vec<(String, String)> = url::form_urlencoded::parse(heard[0].body.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(form[0].1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let (signed, signature) = form[1].1.rsplit_once('.').unwrap();
    let der = PrivatePkcs8KeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let key = KeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public().as_ref())
        .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let json = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    assert_eq!(json(header), json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}));
    let claims = json(claims);
    assert_eq!(
        (&claims["iss"], &claims["scope"]),
        (&json!("robot@example.com"), &json!(SCOPE))
    );
    assert!(claims["aud"].as_str().unwrap().ends_with("/sub/token"));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
}

#[tokio::test]
async fn a_token_that_ended_early_is_fetched_anew_once() {
    let gone = || Turn::Answer(401, refusal("expired"));
    let stage = Stage::with(
        [token("t1"), gone(), token("t2"), found()],
        Arc::new(Unlimited),
        account,
    )
    .await;
    stage.read(60.0).await.unwrap();
    let stage = Stage::with([token("t1"), gone(), token("t2"), gone()], Arc::new(Unlimited), account).await;
    assert!(matches!(
        stage.read(60.0).await,
        Err(SheetsError::Unauthenticated { .. })
    ));
}

#[tokio::test]
async fn a_refused_grant_and_a_sheet_that_is_not_shared_say_what_to_do() {
    let grant = Turn::Answer(
        400,
        json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
    );
    let stage = Stage::with([grant], Arc::new(Unlimited), account).await;
    let error = stage.read(60.0).await.unwrap_err().to_string();
    assert!(
        error.contains("Invalid JWT Signature.") && error.contains("connect the spreadsheet again"),
        "{error}"
    );

    let stage = Stage::with(
        [token("t"), Turn::Answer(403, refusal("no"))],
        Arc::new(Unlimited),
        account,
    )
    .await;
    let error = stage.read(60.0).await.unwrap_err().to_string();
    assert!(error.contains("share it with robot@example.com"), "{error}");
}

#[test]
fn a_damaged_key_file_is_refused_without_showing_it() {
    let damaged = json!({"client_email": "a", "private_key": "-----BEGIN", "token_uri": "http://localhost/"});
    for text in ["", "{}", &damaged.to_string()] {
        assert!(KeyFile::parse(text).is_err());
    }
}

/// Lets the first request wait.
#[derive(Default)]
struct Busy(Mutex<u32>);

impl Quota for Busy {
    fn ask<'q>(&'q self, class: RequestClass, credential: &'q str) -> BoxFuture<'q, Permit> {
        assert_eq!((class, credential), (RequestClass::Read, "ann"));
        let mut asked = self.0.lock().unwrap();
        *asked += 1;
        let permit = if *asked == 1 {
            Permit::Wait(Duration::from_secs(20))
        } else {
            Permit::Go
        };
        Box::pin(async move { permit })
    }
}

#[tokio::test]
async fn the_caller_hears_of_a_wait_for_the_shared_quota() {
    let stage = Stage::with([found()], Arc::new(Busy::default()), |_| Credential::bearer("ann", "x")).await;
    let told = Mutex::new(Vec::new());
    let on_wait = |wait: Wait| told.lock().unwrap().push(wait.to_string());
    let call = Call {
        on_wait: &on_wait,
        ..Call::until(stage.still.now() + TimeDelta::seconds(60))
    };
    stage
        .client
        .values_get(call, "abc", "A1", Rendering::Unformatted)
        .await
        .unwrap();
    assert_eq!(*told.lock().unwrap(), ["waiting for the Sheets quota, 20 s"]);
}
