// A Postgres that wants passwords, for stories about entering one: made in a scratch directory, removed at the end.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "./scene.mjs";

const HOME = "/usr/lib/postgresql";

/** Starts it; `url(login, database)` is an address, `owner` may do everything. */
export async function startPostgres() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "runboard-e2e-pg-"));
  const port = await freePort();
  const password = "the-password-of-the-owner";
  fs.writeFileSync(path.join(directory, "password"), password);
  const user = lowly();
  if (user) for (const file of [directory, path.join(directory, "password")]) fs.chownSync(file, user.uid, user.gid);
  const run = (program, ...words) => execFileSync(programOf(program), words, { cwd: directory, env: { PATH: process.env.PATH, LC_ALL: "C" }, stdio: ["ignore", "ignore", "inherit"], ...user });
  const data = path.join(directory, "data");
  run("initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256", `--pwfile=${path.join(directory, "password")}`, "-E", "UTF8", "--no-sync");
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off`;
  run("pg_ctl", "-D", data, "-l", path.join(directory, "log"), "-w", "-o", options, "start");
  const url = (login, database) => `postgres://${login}@127.0.0.1:${port}/${database}`;
  return {
    port,
    url,
    owner: (database = "postgres") => ({ env: { DATABASE_URL: url(`owner:${password}`, database) } }),
    stop() {
      run("pg_ctl", "-D", data, "-m", "immediate", "stop");
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

function programOf(name) {
  const versions = fs.existsSync(HOME) ? fs.readdirSync(HOME).sort((a, b) => b - a) : [];
  return versions.map((version) => `${HOME}/${version}/bin/${name}`).find((file) => fs.existsSync(file)) ?? name;
}

/** Somebody else than root, when we are root: Postgres refuses root. */
function lowly() {
  if (process.getuid() !== 0) return null;
  const number = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}
