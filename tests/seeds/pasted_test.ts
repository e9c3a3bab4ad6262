import assert from "node:assert/strict";
import { inSandbox, type Sandbox } from "../e2e/sandbox.ts";
import { threeFreePorts } from "../server/open_test_ports.ts";
import { CONFIGURATION } from "./configuration.ts";
import { differences, saidIn, streamDifferences } from "./conforms.ts";
import type { CurlExample, SocketExample } from "./example.ts";
import { SEED_000 } from "./seed_000.ts";
import { SEED_001 } from "./seed_001.ts";
import { SEED_002 } from "./seed_002.ts";
import { SEED_003 } from "./seed_003.ts";

/* The command lines of all descriptions, pasted into a shell beside one running server, and its sockets. */

const ROWS = [...SEED_000, ...SEED_001, ...SEED_002, ...SEED_003];

interface Place {
  readonly sandbox: Sandbox;
  readonly port: number;
}

/** 8080, and the ports that the second description has for REST and JSON-RPC. */
function withPorts(text: string, port: number): string {
  return text.replace(/localhost:808([012])/g, (_, offset) => `localhost:${port + Number(offset)}`);
}

async function paste(row: CurlExample, { sandbox, port }: Place): Promise<void> {
  const { code, out, err } = await sandbox.paste(withPorts(row.curl, port));
  const told = `${row.section}, ${row.name}: exit ${code}\n${out}\n${err}`;
  assert.equal(code, 0, told);
  if (row.json !== undefined) assert.deepEqual(differences(JSON.parse(out), row.json), [], told);
  if (row.sse !== undefined) assert.deepEqual(streamDifferences(out, row.sse), [], told);
  if (row.says !== undefined) assert.equal(saidIn(out), row.says, told);
}

async function converse({ path, sends, receives, name }: SocketExample, { port }: Place): Promise<void> {
  const socket = new WebSocket(`ws://localhost:${port}${path}`);
  const heard: unknown[] = [];
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  socket.onopen = () => socket.send(JSON.stringify(sends));
  socket.onclose = socket.onerror = () => reject(new Error(`${name}: closed after ${JSON.stringify(heard)}`));
  const last = receives.at(-1);
  socket.onmessage = ({ data }) => {
    const frame: unknown = JSON.parse(data);
    heard.push(frame);
    if (differences(frame, last).length === 0) resolve();
  };
  try {
    await over;
    assert.deepEqual(differences(heard, receives), []);
  } finally {
    socket.onclose = socket.onerror = null;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    socket.onclose = () => resolve();
    socket.close();
    await closed;
  }
}

Deno.test("the command lines and sockets of all descriptions work as pasted, against one server", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", CONFIGURATION.replace("server:", "server:\n  legacy_ports: true"));
    const { port } = await sandbox.serve(["--config", "agents.yaml", "--port", `${threeFreePorts()}`]);
    const place = { sandbox, port };
    const commands = ROWS.filter((row): row is CurlExample =>
      row.kind === "http" && "curl" in row && row.guard === undefined
    );
    const sockets = ROWS.filter((row) => row.kind === "socket");
    assert.ok(commands.length > 20 && sockets.length === 2);
    for (const row of commands) await paste(row, place);
    for (const row of sockets) await converse(row, place);
  });
});
