// A server on a database that nobody has prepared, and the Postgres for it.
import fs from "node:fs";
import path from "node:path";
import { start, until } from "../../../script/parts/processes.mjs";
import { startPostgres } from "./postgres.mjs";
import { BINARIES, ROOT, freePort, scene as currentScene, sql } from "./scene.mjs";

export const PASSWORD = "correct-horse-battery";

let number = 0;

/** A Postgres with a login that may make roles, and nothing else. */
export async function startOwnedPostgres() {
  const postgres = await startPostgres();
  sql(postgres.owner(), `create role setup_app login createrole password '${PASSWORD}'`);
  return postgres;
}

/** Starts the server on an empty database, or on an address that is wrong in some way; the caller stops its `process`. */
export async function startFresh(postgres, { login = `setup_app:${PASSWORD}`, database, port } = {}) {
  const scene = currentScene();
  const name = `setup_${process.pid}_${++number}`;
  if (!database) sql(postgres.owner(), `create database ${name} owner setup_app`);
  const databaseUrl = `postgres://${login}@127.0.0.1:${port ?? postgres.port}/${database ?? name}`;
  const directory = path.join(scene.directory, name);
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...scene.env, DATABASE_URL: databaseUrl, RUNBOARD_DATA_DIR: path.join(directory, "data"), RUNBOARD_LISTEN: url.slice("http://".length) };
  fs.mkdirSync(directory, { recursive: true });
  const log = path.join(directory, "server.log");
  const server = start(`server ${name}`, path.join(BINARIES, "runboard"), ["serve"], { env, cwd: ROOT, log });
  const link = () => fs.existsSync(log) && [...fs.readFileSync(log, "utf8").matchAll(/http:\S+\/setup\/link\/\w+/g)].at(-1)?.[0];
  try {
    await until("the server to write its link", link);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { process: server, directory, dataDir: path.join(directory, "data"), url, env, link, log, database: name };
}
