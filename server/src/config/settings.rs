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
    secret(
        "RUNBOARD_SECRET_KEY",
        "secret_key",
        "Key of secrets at rest, 32 bytes in base64. Unset: it is read from a file.",
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
        "RUNBOARD_ALLOW_ADDRESS",
        "allow_address",
        None,
        "Private addresses that webhooks and, in a worker, steps may reach: 10.1.2.3, 10.0.0.0/8, 127.0.0.1:8080, localhost:8080, comma-separated.",
    ),
    plain(
        "RUNBOARD_ALLOW_PRIVATE_NETWORKS",
        "allow_private_networks",
        Some("false"),
        "true lets webhooks and, in a worker, steps reach private networks.",
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

/// Variables with our prefix that belong to the worker and to programs that call us: the server leaves them
/// alone, so that one environment serves all.
pub const FOREIGN: &[(&str, &str)] = &[
    (
        "RUNBOARD_CONFIG",
        "The file with settings of the server; runboard.toml when unset.",
    ),
    (
        "RUNBOARD_LANES",
        "Worker: lanes to serve, comma-separated; A,B,C,D when unset.",
    ),
    ("RUNBOARD_SLOTS", "Worker: runs to work on at once; 4 when unset."),
    (
        "RUNBOARD_KINDS",
        "Worker: kinds of steps to serve; all that can run there when unset.",
    ),
    ("RUNBOARD_WORKER_NAME", "Worker: name shown to people."),
    ("RUNBOARD_SCRATCH", "Worker: where steps get their scratch directories."),
    (
        "RUNBOARD_GRACE_SECONDS",
        "Worker: how long runs may go on after it was asked to stop.",
    ),
    ("RUNBOARD_PREFETCH", "Worker: runs to claim ahead."),
    ("RUNBOARD_DOCKER_HOST", "Worker: the Docker engine."),
    ("RUNBOARD_ALLOW_MOUNT", "Worker: directories that containers may see."),
    (
        "RUNBOARD_MODEL_URL",
        "The language model, if there is one; `runboard doctor` tries it.",
    ),
    (
        "RUNBOARD_TOKEN",
        "`runboard run` and `tail`: the token to call RUNBOARD_URL with.",
    ),
    ("RUNBOARD_RUN_ID", "In a step: the run."),
    ("RUNBOARD_STEP", "In a step: its id."),
    ("RUNBOARD_ATTEMPT", "In a step: the attempt of the run."),
    ("RUNBOARD_LEASE_SEQ", "In a step: the lease under which it works."),
    ("RUNBOARD_OUTPUT", "In a step: the file that takes its output."),
    ("RUNBOARD_PLANNER_TOKEN", "In dev.env: a token of the role planner."),
    ("RUNBOARD_VIEWER_TOKEN", "In dev.env: a token of the role viewer."),
    ("RUNBOARD_WORKER_TOKEN", "In dev.env: a token of the role worker."),
];

/// Prefixes of such variables. Kubernetes gives every container `RUNBOARD_PORT…` and `RUNBOARD_SERVICE_…`
/// when a service of its namespace is called `runboard`.
pub(super) const FOREIGN_PREFIXES: &[&str] = &[
    "RUNBOARD_TEST_",
    "RUNBOARD_BENCH_",
    "RUNBOARD_PORT",
    "RUNBOARD_SERVICE_",
];

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
