//! The one list of settings.

/// One setting, as the environment, the file and a reader of the manual know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Name in the environment.
    pub name: &'static str,
    /// Key in `runboard.toml`.
    pub key: &'static str,
    /// Value when nobody says one.
    pub default: Option<&'static str>,
    /// Whether it is masked when printed.
    pub is_secret: bool,
    /// What it is for.
    pub meaning: &'static str,
}

/// Every setting of the server.
pub const SETTINGS: &[Setting] = &[
    plain(
        "RUNBOARD_LISTEN",
        "listen",
        Some("127.0.0.1:7411"),
        "Address to listen on. Left alone, the next free port is taken when this one is not.",
    ),
    plain(
        "RUNBOARD_URL",
        "url",
        None,
        "Address by which people and workers reach the server. https makes cookies secure.",
    ),
    secret(
        "DATABASE_URL",
        "database_url",
        "Postgres to use. Unset, `serve --embedded` runs a private one.",
    ),
    plain(
        "RUNBOARD_DATA_DIR",
        "data_dir",
        Some(".runboard"),
        "Where the private Postgres, keys and dev.env are.",
    ),
    plain(
        "RUNBOARD_ARTIFACTS",
        "artifacts",
        None,
        "Where large artifacts lie: file:///directory or s3://bucket/prefix; workers need the same. Unset: artifacts in the data directory.",
    ),
    plain(
        "RUNBOARD_ARTIFACT_MAX_BYTES",
        "artifact_max_bytes",
        Some("268435456"),
        "Most bytes of one artifact.",
    ),
    plain(
        "RUNBOARD_S3_ENDPOINT",
        "s3_endpoint",
        None,
        "Address of the S3 service of the artifacts. Unset: Amazon's.",
    ),
    plain(
        "RUNBOARD_S3_REGION",
        "s3_region",
        Some("us-east-1"),
        "Region of the bucket of the artifacts.",
    ),
    plain(
        "RUNBOARD_S3_PATH_STYLE",
        "s3_path_style",
        None,
        "true: the bucket stands in the path; false: in the name of the host. Unset: true with an endpoint.",
    ),
    plain(
        "RUNBOARD_S3_KEY_ID",
        "s3_key_id",
        None,
        "Id of the access key of the bucket.",
    ),
    secret(
        "RUNBOARD_S3_SECRET",
        "s3_secret",
        "Secret of the access key of the bucket.",
    ),
    plain(
        "RUNBOARD_SECRET_KEY_FILE",
        "secret_key_file",
        None,
        "Key of secrets at rest; made at first start. Unset: secret.key in the data directory.",
    ),
    secret(
        "ROADMAP_AI_SECRET",
        "roadmap_ai_secret",
        "Secret of the sheet menus (header X-ROADMAP-AI-SECRET, role planner). Unset: that way in is closed.",
    ),
    plain(
        "RUNBOARD_SITE_ROOT",
        "site_root",
        Some("target/site"),
        "Directory of the built browser files.",
    ),
    plain(
        "RUNBOARD_LOG",
        "log",
        Some("info,sqlx=warn,tokio_postgres=warn"),
        "Which log lines are written, as `level` or `target=level`, comma-separated.",
    ),
    plain("RUNBOARD_LOG_FORMAT", "log_format", Some("pretty"), "pretty or json."),
];

/// Variables with our prefix that belong to others: the worker, tests, and programs that call us.
pub(super) const FOREIGN: &[&str] = &[
    "RUNBOARD_CONFIG",
    "RUNBOARD_TOKEN",
    "RUNBOARD_PLANNER_TOKEN",
    "RUNBOARD_VIEWER_TOKEN",
    "RUNBOARD_WORKER_TOKEN",
];

/// Prefixes of such variables.
pub(super) const FOREIGN_PREFIXES: &[&str] = &["RUNBOARD_TEST_", "RUNBOARD_WORKER_", "RUNBOARD_BENCH_"];

const fn plain(name: &'static str, key: &'static str, default: Option<&'static str>, meaning: &'static str) -> Setting {
    Setting {
        name,
        key,
        default,
        is_secret: false,
        meaning,
    }
}

const fn secret(name: &'static str, key: &'static str, meaning: &'static str) -> Setting {
    Setting {
        name,
        key,
        default: None,
        is_secret: true,
        meaning,
    }
}
