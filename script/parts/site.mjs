// The browser bundle after the compiler: bindings, size pass, styles, hashed names, compressed siblings, size budget.
//   node site.mjs fresh            exit 0 when target/site belongs to the sources as they are
//   node site.mjs build FILE.wasm  makes target/site from the compiled wasm, style/ and public/
//   node site.mjs link DIR         puts hash.txt beside the server binary in DIR
//   node site.mjs report           prints sizes; exit 1 when a budget is exceeded
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { bundleStyles } from "./styles.mjs";

const NAME = "runboard";
const SITE = "target/site";
const PKG = path.join(SITE, "pkg");
const WORK = "target/front/bundle";
const STAMP = path.join(SITE, ".stamp");
const HASHES = path.join(SITE, "hash.txt");
/** What decides the bundle. Rust sources of rooms that wasm never sees are cheap to include: cargo sorts them out. */
const INPUTS = ["app", "crates", "style", "public", "script/parts/site.mjs", "script/parts/styles.mjs", "script/parts/wasm.sh", "Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml", "package-lock.json"];
const BUDGET_KB = { wasm: 350, "js + css": 35 };
const COMPRESSED = /\.(js|css|wasm|svg|json|txt|html|webmanifest|map)$/;
const WASM_OPT = "node_modules/.bin/wasm-opt";
/** What rustc emits and browsers have: naming all features lets wasm-opt write encodings that no browser reads yet. */
const WASM_FEATURES = ["bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"].map((name) => `--enable-${name}`);

/** Inlined copies compress badly: without inlining the file is a little larger and a tenth smaller on the wire. */
const WASM_PASSES = ["-Oz", "--converge", "--skip-pass=local-cse", ...["one-caller", "always", "flexible"].map((which) => `--${which}-inline-max-function-size=0`)];

function files(root) {
  if (!fs.existsSync(root)) return [];
  if (fs.statSync(root).isFile()) return [root];
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => (entry.isDirectory() ? files(path.join(root, entry.name)) : [path.join(root, entry.name)]))
    .sort();
}

function inputStamp() {
  const hash = createHash("sha256");
  for (const file of INPUTS.flatMap(files)) hash.update(`${file}\0`).update(fs.readFileSync(file)).update("\0");
  hash.update(process.env.WASM_RUSTC ?? "").update(String(fs.existsSync(WASM_OPT)));
  return hash.digest("hex");
}

function read(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

/** Runs a step only when the digest of its input differs from the last time. */
function once(name, digest, outputs, make) {
  const stamp = path.join(WORK, `${name}.stamp`);
  if (read(stamp) === digest && outputs.every((file) => fs.existsSync(file))) return;
  make();
  fs.writeFileSync(stamp, digest);
}

function contentHash(bytes) {
  return createHash("md5").update(bytes).digest("base64url");
}

function bindings(wasm) {
  const bound = path.join(WORK, `${NAME}_bg.wasm`);
  const glue = path.join(WORK, `${NAME}.js`);
  const small = path.join(WORK, `${NAME}.wasm`);
  const digest = createHash("sha256").update(fs.readFileSync(wasm)).update(`${fs.existsSync(WASM_OPT)} ${WASM_PASSES} ${WASM_FEATURES}`).digest("hex");
  once("wasm", digest, [glue, small], () => {
    execFileSync("wasm-bindgen", ["--target", "web", "--no-typescript", "--remove-name-section", "--remove-producers-section", "--out-name", NAME, "--out-dir", WORK, wasm], { stdio: "inherit" });
    if (fs.existsSync(WASM_OPT)) {
      execFileSync(process.execPath, [WASM_OPT, ...WASM_FEATURES, ...WASM_PASSES, bound, "-o", small], { stdio: "inherit" });
    } else {
      console.warn("warning: wasm-opt is missing (npm ci brings it); the bundle stays larger than it need be");
      fs.copyFileSync(bound, small);
    }
  });
  return { glue, small };
}

function compress(file) {
  const bytes = fs.readFileSync(file);
  const options = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, options));
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
}

function build(wasm) {
  fs.mkdirSync(WORK, { recursive: true });
  fs.rmSync(STAMP, { force: true });
  const { glue, small } = bindings(wasm);
  const stage = `${SITE}.next`;
  fs.rmSync(stage, { recursive: true, force: true });
  fs.mkdirSync(path.join(stage, "pkg"), { recursive: true });
  if (fs.existsSync("public")) fs.cpSync("public", stage, { recursive: true });
  const snippets = path.join(WORK, "snippets");
  if (fs.existsSync(snippets)) fs.cpSync(snippets, path.join(stage, "pkg", "snippets"), { recursive: true });

  const outputs = { js: fs.readFileSync(glue), wasm: fs.readFileSync(small), css: Buffer.from(bundleStyles("style/main.css")) };
  let hashes = "";
  for (const [kind, bytes] of Object.entries(outputs)) {
    const hash = contentHash(bytes);
    hashes += `${kind}: ${hash}\n`;
    fs.writeFileSync(path.join(stage, "pkg", `${NAME}.${hash}.${kind}`), bytes);
  }
  fs.writeFileSync(path.join(stage, "hash.txt"), hashes);
  for (const file of files(stage)) {
    if (COMPRESSED.test(file) && path.basename(file) !== "hash.txt") compress(file);
  }
  fs.rmSync(SITE, { recursive: true, force: true });
  fs.renameSync(stage, SITE);
  fs.writeFileSync(STAMP, inputStamp());
}

/** Leptos reads the hashes from the directory of the running binary. */
function link(directory) {
  fs.mkdirSync(directory, { recursive: true });
  const target = path.join(directory, "hash.txt");
  if (read(target) !== read(HASHES)) fs.copyFileSync(HASHES, target);
}

function report() {
  const sizes = {};
  for (const file of files(PKG)) {
    const kind = path.extname(file).slice(1);
    if (!["js", "css", "wasm"].includes(kind)) continue;
    const budget = kind === "wasm" ? "wasm" : "js + css";
    sizes[budget] ??= { raw: 0, brotli: 0 };
    sizes[budget].raw += fs.statSync(file).size;
    sizes[budget].brotli += fs.statSync(`${file}.br`).size;
  }
  let over = false;
  for (const [budget, limit] of Object.entries(BUDGET_KB)) {
    const { raw = 0, brotli = 0 } = sizes[budget] ?? {};
    const kb = brotli / 1000;
    over ||= kb > limit;
    console.log(`bundle ${budget}: ${kb.toFixed(1)} KB brotli of ${limit} KB (${(raw / 1000).toFixed(0)} KB raw)${kb > limit ? "  OVER BUDGET" : ""}`);
  }
  process.exitCode = over ? 1 : 0;
}

const [verb, argument] = process.argv.slice(2);
if (verb === "fresh") process.exitCode = read(STAMP) === inputStamp() && fs.existsSync(HASHES) ? 0 : 1;
else if (verb === "build") build(argument);
else if (verb === "link") link(argument);
else if (verb === "report") report();
else throw new Error(`unknown verb ${verb}`);
