// One stylesheet from many: follows `@import` from style/main.css and takes out what browsers do not read.
import fs from "node:fs";
import path from "node:path";

const IMPORT = /@import\s+(?:url\(\s*)?["']([^"']+)["']\s*\)?\s*([^;]*);/g;

/** The text of `file` with every import replaced by what it names, in order; comments are already gone. */
function inline(file, seen) {
  if (seen.includes(file)) throw new Error(`styles import each other: ${[...seen, file].join(" -> ")}`);
  const text = withoutComments(fs.readFileSync(file, "utf8"));
  return text.replace(IMPORT, (_, name, conditions) => wrap(inline(path.join(path.dirname(file), name), [...seen, file]), conditions.trim()));
}

/** `@import "x" layer(a) print;` means the same as the rules of x inside those blocks. */
function wrap(rules, conditions) {
  const layer = /^layer(?:\(([^)]*)\))?\s*/.exec(conditions);
  const media = layer ? conditions.slice(layer[0].length) : conditions;
  const inLayer = layer ? `@layer ${layer[1] ?? ""} {${rules}}` : rules;
  return media ? `@media ${media} {${inLayer}}` : inLayer;
}

/** Cuts the text into strings, which stay as they are, and the rest. */
function outsideStrings(text, change) {
  return text
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/s)
    .map((part, index) => (index % 2 ? part : change(part)))
    .join("");
}

function withoutComments(text) {
  return text.replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\*.*?\*\//gs, (_, string) => string ?? "");
}

/** Spaces stay where they mean something: inside selectors and values, around `+`, `-` and before `:` and `(`. */
function minify(text) {
  return outsideStrings(text, (part) =>
    part
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,]) ?/g, "$1")
      .replace(/: /g, ":")
      .replace(/;}/g, "}"),
  ).trim();
}

/** The whole stylesheet that starts at `entry`, minified. */
export function bundleStyles(entry) {
  return fs.existsSync(entry) ? minify(inline(entry, [])) : "";
}
