// A run that leaves one artifact of every kind behind; another call makes its next run, in which some have changed.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { until } from "../../../script/parts/processes.mjs";
import { api, command } from "./scene.mjs";

/** Runs a template of the stories that ask, so that no other story has an earlier run of it; resolves to the ids of the artifacts by name, and the id of the run. */
export async function leaveArtifacts(scene, { slug, total = 41, color = [200, 30, 30] }) {
  const file = path.join(scene.directory, `${slug}-${total}.yaml`);
  fs.writeFileSync(file, template(slug, files(total, color)));
  await command(scene, "template", "apply", file);
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: slug } });
  await until("the artifacts to be left", async () => (await api(scene, `/api/runs/${runId}`)).status === "success", { timeoutMs: 60_000 });
  const { items } = await api(scene, `/api/runs/${runId}/artifacts`);
  return { runId, ids: Object.fromEntries(items.map((artifact) => [artifact.name, artifact.artifact_id])) };
}

function files(total, color) {
  const items = Array.from({ length: 450 }, (_, n) => ({ n, name: n === 300 ? "the needle" : `item ${n}` }));
  const data = JSON.stringify({ total, big: "BIG", nested: { a: { b: [1, 2, 3] } }, items });
  return {
    "screenshot.png": png(640, 360, color),
    "report.md":
      `# Report\n\n| what | count |\n|---|--:|\n| rows | ${total} |\n\n- [x] read\n- [ ] sent\n\n` +
      "```sql\nselect count(*) from rows; -- all\n```\n\n[outside](https://example.com) [inside](/runs) ![logo](https://example.com/logo.png)\n\n" +
      '<script>window.ran = true</script><img src=x onerror="window.ran = true">\n',
    // More digits than a number of JavaScript has.
    "data.json": data.replace('"BIG"', "12345678901234567890123"),
    "rows.csv": `name,count\n${Array.from({ length: 600 }, (_, row) => `row ${row},${row * total}\n`).join("")}`,
    "notes.txt": `first line\ntotal is ${total} rows\nlast line\n`,
    "query.sql": "-- all of them\nselect count(*) as total from rows where id > 10;\n",
    "console.log": `plain\n\u001b[31mred words\u001b[0m\n${Array.from({ length: 4998 }, (_, line) => `line ${line + 3}\n`).join("")}`,
    "page.html": "<!doctype html><script>window.ran = true; document.title = 'ran'</script><h1>Page</h1>\n",
    "drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran = true'><script>window.ran = true</script></svg>\n",
    "liar.png": "<html><script>window.ran = true</script></html>\n",
    "blob.bin": Buffer.from(Array.from({ length: 2048 }, (_, at) => at % 256)),
    "bundle.zip": zip({ "readme.txt": "hello from inside\n", "zeros.txt": "0".repeat(400_000), "../outside.txt": "x" }),
  };
}

function template(slug, all) {
  const write = ([name, content]) => `base64 -d > '${name}' <<'END'\n${Buffer.from(content).toString("base64").replace(/.{100}/g, "$&\n")}\nEND`;
  // Large ones are squeezed: a script may not be long.
  const squeezed = (entry) => `base64 -d <<'END' | gunzip > '${entry[0]}'\n${zlib.gzipSync(entry[1]).toString("base64").replace(/.{100}/g, "$&\n")}\nEND`;
  const lines = Object.entries(all).map((entry) => (entry[1].length > 2000 ? squeezed(entry) : write(entry)));
  const script = ['cd "$RUNBOARD_ARTIFACTS"', ...lines].join("\n").split("\n");
  return [
    "version: 1",
    `slug: ${slug}`,
    "title: Leaves everything behind",
    "lane: A",
    "steps:",
    "  - id: leave",
    "    title: Leave everything",
    "    kind: shell",
    "    with:",
    "      script: |",
    ...script.map((line) => `        ${line}`),
    "",
  ].join("\n");
}

/** An image of one colour. */
function png(width, height, color) {
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, () => Buffer.from(color))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    return Buffer.concat([number(data.length, "writeUInt32BE"), body, number(zlib.crc32(body), "writeUInt32BE")]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = zlib.deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

/** A ZIP archive, deflated. */
function zip(entries) {
  const parts = [];
  const list = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const packed = zlib.deflateRawSync(text);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(zlib.crc32(text), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(text.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const head = Buffer.concat([Buffer.from("PK\x03\x04"), facts, Buffer.from(name), packed]);
    parts.push(head);
    list.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), facts, Buffer.alloc(10), number(offset, "writeUInt32LE"), Buffer.from(name)]));
    offset += head.length;
  }
  const index = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, index, end]);
}

function number(value, write) {
  const bytes = Buffer.alloc(4);
  bytes[write](value);
  return bytes;
}
