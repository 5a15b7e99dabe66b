// How much a browser has to load, as it travels.
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "../../../e2e/support/scene.mjs";
import { figure } from "../table.mjs";

export async function measure() {
  const directory = path.join(ROOT, "target/site/pkg");
  const sizes = { wasm: 0, js: 0, css: 0 };
  for (const name of fs.readdirSync(directory)) {
    const kind = /\.(wasm|js|css)\.br$/.exec(name)?.[1];
    if (kind) sizes[kind] += fs.statSync(path.join(directory, name)).size / 1024;
  }
  return [
    figure("wasm of all pages", sizes.wasm, "KB", { budget: 350, note: "brotli" }),
    figure("glue and CSS", sizes.js + sizes.css, "KB", { budget: 35, note: "brotli" }),
  ];
}
