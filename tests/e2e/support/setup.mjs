// Starts what the stories need, once: a server with its own Postgres in a scratch directory, one worker, two templates.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { command, signInState, startServer, startWorker } from "./scene.mjs";

const TEMPLATES = ["tests/e2e/templates/slow.yaml", "tests/e2e/templates/broken.yaml", "tests/e2e/templates/gate.yaml", "tests/e2e/templates/talk.yaml", "crates/runs/src/demo/templates/healthcheck.yaml"];

export default async function setup() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "runboard-e2e-"));
  // Postgres runs as another user when the tests run as root.
  fs.chmodSync(directory, 0o711);
  process.env.RUNBOARD_TEST_SCENE = path.join(directory, "scene.json");

  const services = [];
  const tearDown = async () => {
    for (const service of services.reverse()) await service.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  };
  try {
    const { server, scene } = await startServer(directory);
    services.push(server);
    await command(scene, "template", "apply", ...TEMPLATES);
    scene.signedIn = path.join(directory, "signed-in.json");
    await signInState(scene);
    fs.writeFileSync(process.env.RUNBOARD_TEST_SCENE, JSON.stringify(scene));
    // Lane D belongs to the stories that kill and cancel: they bring workers of their own.
    services.push(startWorker(scene, "everyday", "A,B,C"));
  } catch (error) {
    for (const service of services) console.error(`${service.name}:\n${service.lastLines()}`);
    await tearDown();
    throw error;
  }
  return tearDown;
}
