// Checks that the relative links and pictures of the documents lead to files that exist.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { encoding: "utf8" }).trim().split("\n");
for (const document of documents) {
  const text = fs.readFileSync(document, "utf8").replace(/```.*?```/gs, "");
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target) || target.startsWith("#")) continue;
    const file = path.join(path.dirname(document), target.split("#")[0]);
    if (fs.existsSync(file)) continue;
    console.error(`${document}: ${target} leads nowhere`);
    process.exitCode = 1;
  }
}
