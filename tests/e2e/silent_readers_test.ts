import assert from "node:assert/strict";
import type { HectorServer } from "./hector_process.ts";
import { inSandbox } from "./sandbox.ts";

const CLIENTS = 200;
const MIB = 1024 * 1024;
/** The kernel takes some 4 MiB off a server's hands for each connection; the rest has to wait in the journal. */
const LONG_ANSWER_MIB = 12;
const LONG_READERS = 24;
const MAX_GROWTH_BYTES = 120 * MIB;
/** Garbage has to be collected early, or it would look like memory that is held. */
const SMALL_HEAP = { DENO_V8_FLAGS: "--max-old-space-size=200" };

const AGENTS = `
llms:
  talker:
    provider: scripted
    rules:
      - match: { text: very long }
        reply: { text: "${"{{message}}".repeat(LONG_ANSWER_MIB * 8)}", chunk_chars: 65536 }
      - match: { text: long }
        reply: { text: "${"word ".repeat(10_000)}", chunk_chars: 5000 }
    default: { text: ok }
agents: { worker: { llm: talker } }
server: { limits: { max_body_bytes: ${MIB} } }
`;

async function rssBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const V1 = { "a2a-version": "1.0", "content-type": "application/json" };
const message = (id: string, text: string) =>
  JSON.stringify({ message: { messageId: id, role: "ROLE_USER", parts: [{ text }] } });

/** Resolves when `count` tasks are complete. */
async function allCompleted({ url }: HectorServer, count: number): Promise<void> {
  for (let completed = 0; completed < count;) {
    const response = await fetch(`${url}/agents/worker/tasks?status=TASK_STATE_COMPLETED&pageSize=1`, { headers: V1 });
    completed = (await response.json()).totalSize;
  }
}

/** Clients on bare sockets, who read only what they are made to read. */
class Readers implements Disposable {
  readonly #open = new Set<Deno.Conn>();

  constructor(readonly port: number) {}

  async ask(method: string, path: string, headers: Readonly<Record<string, string>>, body = ""): Promise<Deno.Conn> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    this.#open.add(connection);
    const all = { host: "localhost", ...V1, "content-length": String(body.length), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await connection.write(new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines}\r\n${body}`));
    return connection;
  }

  leave(connection: Deno.Conn): void {
    this.#open.delete(connection);
    connection.close();
  }

  [Symbol.dispose](): void {
    for (const connection of this.#open) connection.close();
  }
}

async function assertFlat(server: HectorServer, before: number): Promise<void> {
  const after = await rssBytes(server.pid);
  const told = `${Math.round(before / MIB)} MiB grew to ${Math.round(after / MIB)} MiB`;
  assert.ok(after - before < MAX_GROWTH_BYTES, told);
}

Deno.test("readers that never read, and readers that leave, hold up no task and grow no memory", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", AGENTS);
    const server = await sandbox.serve(["agents.yaml"], { env: SMALL_HEAP });
    using readers = new Readers(server.port);
    const stream = "/agents/worker/message:stream";
    // The same load with readers that do read, so that what the load itself costs is no growth.
    await Promise.all(Array.from({ length: 2 * CLIENTS }, async (_, at) => {
      const init = { method: "POST", headers: V1, body: message(`reading-${at}`, "long") };
      await (await fetch(server.url + stream, init)).text();
    }));
    const before = await rssBytes(server.pid);
    for (let at = 0; at < CLIENTS; at++) {
      await readers.ask("POST", stream, {}, message(`silent-${at}`, "long"));
      readers.leave(await readers.ask("POST", stream, {}, message(`gone-${at}`, "long")));
    }
    await allCompleted(server, 4 * CLIENTS);
    await assertFlat(server, before);
    assert.equal((await sandbox.run(["call", "hello", "--server", server.url])).out, "ok\n");
  });
});

Deno.test("readers that stop in the middle of a long answer leave the rest of it in the journal", async () => {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", AGENTS);
    const server = await sandbox.serve(["agents.yaml"], { env: SMALL_HEAP });
    using readers = new Readers(server.port);
    const body = message("long", "very long ".repeat(MIB / 8 / 10));
    const sent = await fetch(`${server.url}/agents/worker/message:send`, { method: "POST", headers: V1, body });
    const { task } = await sent.json();
    assert.ok(task.artifacts[0].parts[0].text.length > (LONG_ANSWER_MIB - 1) * MIB);
    const before = await rssBytes(server.pid);
    const buffer = new Uint8Array(1);
    for (let at = 0; at < LONG_READERS; at++) {
      const path = `/agents/worker/tasks/${task.id}:subscribe`;
      const reader = await readers.ask("POST", path, { "last-event-id": "0" });
      await reader.read(buffer);
    }
    assert.equal((await sandbox.run(["call", "hello", "--server", server.url])).out, "ok\n");
    await assertFlat(server, before);
  });
});
