import { answerOf } from "../../src/a2a/parts.ts";
import type { HectorServer } from "../e2e/hector_process.ts";
import { inSandbox } from "../e2e/sandbox.ts";
import { type Client, sendThrough, streamThrough } from "./stream_client.ts";

export interface StormOptions {
  readonly reloads: number;
  /** Streams that are open at every moment. */
  readonly streams: number;
  /** Clients that send and wait for the answer, one after the other. */
  readonly senders: number;
}

export interface StormReport {
  readonly applied: number;
  readonly refused: number;
  readonly streamed: number;
  readonly answered: number;
  /** Of the process without its clients' connections, after a first part of the storm and at its end. */
  readonly grown: { readonly rssMb: readonly [number, number]; readonly handles: readonly [number, number] };
  /** What went wrong, in sentences. Empty is success. */
  readonly failures: readonly string[];
}

/** V8 collects late where it has room: a limit tells what is kept from what is only not yet collected. */
const HEAP_MB = 192;
const LETTERS = "abcdefghijklmnopqrstuvwxyz".repeat(2);
const WORD = /^w\d+$/;

/** A configuration that answers with its own number, and streams slowly enough to live through many reloads. */
function good(number: number): string {
  return `llms:
  steady:
    provider: scripted
    rules:
      - match: { text: stream }
        reply: { text: "${LETTERS}", chunk_chars: 1, delay_ms: 40 }
    default: { text: "w${number}" }
agents:
  worker: { llm: steady, description: "number ${number}" }
`;
}

const BAD: readonly ((number: number) => string)[] = [
  (number) => `agents: [ # ${number}`,
  (number) => `${good(number)}nonsense: ${number}\n`,
  (number) => `agents:\n  worker: { llm: "gpt-4o", description: "no key ${number}" }\n`,
  (number) => `agents:\n  worker: { llm: "nowhere-${number}" }\n`,
  (number) => `# nothing ${number}\n`,
];

interface Tally {
  streamed: number;
  answered: number;
  readonly failures: string[];
}

/** Streams one answer after the other: each whole, over one connection, without a gap. */
async function stream(name: string, client: Client, { tally, isOver }: { tally: Tally; isOver: () => boolean }) {
  for (let n = 0; !isOver(); n++) {
    const messageId = `${name}-${n}`;
    const transcript = await streamThrough(client, { messageId, role: "ROLE_USER", parts: [{ text: "stream" }] });
    tally.streamed++;
    const { task, connections, seqs } = transcript;
    if (connections !== 1) tally.failures.push(`${messageId} took ${connections} connections`);
    if (task === undefined || answerOf(task) !== LETTERS) tally.failures.push(`${messageId} is not whole`);
    if (seqs.some((seq, at) => at > 0 && seq <= (seqs[at - 1] ?? 0))) tally.failures.push(`${messageId} went back`);
  }
}

async function send(name: string, client: Client, { tally, isOver }: { tally: Tally; isOver: () => boolean }) {
  let pauses = 0;
  const counting = { ...client, pause: () => Promise.resolve(void pauses++) };
  for (let n = 0; !isOver(); n++) {
    const message = { messageId: `${name}-${n}`, role: "ROLE_USER", parts: [{ text: "hello" }] };
    const task = await sendThrough(counting, message);
    tally.answered++;
    if (!WORD.test(answerOf(task))) tally.failures.push(`${message.messageId} was answered ${answerOf(task)}`);
  }
  if (pauses > 0) tally.failures.push(`${name} was refused ${pauses} times`);
}

async function measure({ pid, url }: HectorServer): Promise<{ rssMb: number; handles: number }> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const rssMb = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  // How many connections its clients keep is up to them. One may end, or begin, while it is looked.
  const port = Number(new URL(url).port);
  const before = await connectionsTo(port);
  const open = await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`), ({ name }) => linkOf(`/proc/${pid}/fd/${name}`));
  const after = await connectionsTo(port);
  return { rssMb, handles: open.filter((link) => link !== "" && !before.has(link) && !after.has(link)).length };
}

async function linkOf(path: string): Promise<string> {
  try {
    return await Deno.readLink(path);
  } catch {
    // It was closed meanwhile.
    return "";
  }
}

const LISTEN = "0A";

/** The connections that a server has on `port`, ending ones too, as they stand among its handles (proc_net_tcp). */
async function connectionsTo(port: number): Promise<ReadonlySet<string>> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = (await Deno.readTextFile("/proc/net/tcp")).split("\n").map((row) => row.trim().split(/\s+/));
  const own = rows.filter(([, at = "", , state]) => at.endsWith(local) && state !== LISTEN);
  return new Set(own.map(({ 9: inode }) => `socket:[${inode}]`));
}

/** Finds, each time it is asked until it has, the outcome after the one that it found before. */
function nextOutcome(): Pick<RegExp, "exec"> {
  let from = 0;
  return {
    exec: (printed) => {
      const pattern = /configuration (?:is served|was refused)/g;
      pattern.lastIndex = from;
      const match = pattern.exec(printed);
      if (match !== null) from = pattern.lastIndex;
      return match;
    },
  };
}

/** One configuration after the other, every second one broken, each looked at before the next is written. */
async function storm({ reloads }: StormOptions, { server, path }: { server: HectorServer; path: string }) {
  const counts = { applied: 0, refused: 0 };
  const outcomes = nextOutcome();
  let first = await measure(server);
  for (let number = 1; number <= reloads; number++) {
    const isGood = number % 2 === 0;
    const text = isGood ? good(number) : BAD[(number >> 1) % BAD.length]?.(number) ?? "";
    await Deno.writeTextFile(path, text);
    server.signal("SIGHUP");
    await server.until(outcomes);
    counts[isGood ? "applied" : "refused"]++;
    if (number === Math.ceil(reloads / 5)) first = await measure(server);
  }
  return { ...counts, first, last: await measure(server) };
}

/** Reloads without pause while clients stream and send. Stops by itself; leaves nothing behind. */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const tally: Tally = { streamed: 0, answered: 0, failures: [] };
  let report: StormReport | undefined;
  await inSandbox(async ({ write, serve }) => {
    const path = await write("storm.yaml", good(0));
    const server = await serve([path], { env: { DENO_V8_FLAGS: `--max-old-space-size=${HEAP_MB}` } });
    const client: Client = { url: server.url, pause: () => new Promise((resolve) => setTimeout(resolve, 30)) };
    let isOver = false;
    const clients = { tally, isOver: () => isOver };
    const living = Promise.all([
      ...Array.from({ length: options.streams }, (_, at) => stream(`stream${at}`, client, clients)),
      ...Array.from({ length: options.senders }, (_, at) => send(`send${at}`, client, clients)),
    ]);
    const { first, last, ...counts } = await storm(options, { server, path }).finally(() => isOver = true);
    await living;
    const message = { messageId: "last", role: "ROLE_USER", parts: [{ text: "hello" }] };
    const word = answerOf(await sendThrough(client, message));
    const expected = `w${options.reloads - options.reloads % 2}`;
    if (word !== expected) tally.failures.push(`at the end ${word} is served, not ${expected}`);
    const said = server.printed();
    for (const [what, count] of [["is served", counts.applied], ["was refused", counts.refused]] as const) {
      const times = said.split(`configuration ${what}`).length - 1;
      if (times !== count) tally.failures.push(`${times} configurations of ${count} ${what}`);
    }
    const grown = {
      rssMb: [first.rssMb, last.rssMb] as const,
      handles: [first.handles, last.handles] as const,
    };
    report = { ...counts, ...tally, grown };
    if (await server.stop("SIGTERM") !== 0) tally.failures.push("it did not end well");
  });
  if (report === undefined) throw new Error("The storm did not come to its end");
  return report;
}
