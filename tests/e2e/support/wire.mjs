// A wire between the browser and the server that can be cut, mended, and made to go silent.
import net from "node:net";
import { freePort } from "./scene.mjs";

/** Lays the wire to `target`; pages are opened at its `url`. */
export async function layWire(target) {
  const { hostname, port: far } = new URL(target);
  const port = await freePort();
  const pairs = new Set();
  const streams = new Set();
  let server;
  const mend = () =>
    new Promise((resolve, reject) => {
      server = net.createServer((near) => {
        const pair = [near, net.connect(Number(far), hostname)];
        pairs.add(pair);
        // One connection carries the live stream and nothing else.
        near.on("data", (bytes) => bytes.toString("latin1").startsWith("GET /live") && streams.add(pair));
        for (const [from, to] of [pair, [...pair].reverse()]) {
          from.pipe(to);
          from.on("error", () => to.destroy());
          from.on("close", () => {
            to.destroy();
            pairs.delete(pair);
            streams.delete(pair);
          });
        }
      });
      server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  await mend();
  return {
    url: `http://127.0.0.1:${port}`,
    mend,
    /** Nothing answers any more, and what was open breaks. */
    cut() {
      server.close();
      for (const pair of pairs) for (const end of pair) end.destroy();
    },
    /** The open live stream stays open and carries nothing; what is asked for from now on is answered. */
    silence() {
      if (streams.size === 0) throw new Error("no live stream is open");
      for (const [near, distant] of streams) for (const [from, to] of [[near, distant], [distant, near]]) from.unpipe(to).pause();
    },
  };
}
