import { loadCodec } from "../../src/a2a/proto/codec.ts";
import { inSandbox } from "../e2e/sandbox.ts";
import { freePort } from "../lib/free_port.ts";
import { ask } from "../lib/grpc/grpc_client.ts";
import { FAREWELLS, type Questions } from "./farewells.ts";
import { type Measure, measure, measureAtRest } from "./measure.ts";
import { begin, openClient, type Question, questionOf, type SoakClient, statusOfCall } from "./soak_client.ts";

export interface GrpcSoakOptions {
  readonly calls: number;
  readonly connections: number;
  /** gRPC on the port of HTTP. */
  readonly shared?: boolean;
  readonly tell?: (line: string) => void;
}

export interface GrpcSoakReport {
  readonly calls: number;
  /** Streams that were left before their end. */
  readonly left: number;
  readonly connections: number;
  readonly callsPerSecond: number;
  /** What was answered otherwise than it should have been, and how often. */
  readonly failures: ReadonlyMap<string, number>;
  /** Of the server: when it was warm, and at the end. */
  readonly grown: { readonly first: Measure; readonly last: Measure };
}

/** V8 collects late where it has room: a limit tells what is kept from what is only not yet collected. */
const HEAP_MB = 96;
/** The first part of everything warms up. */
const WARM_UP = 0.1;
const STEADY_CLIENTS = 20;
const CALLS_AT_ONCE = 10;
const VISITORS_AT_ONCE = 20;
const V1 = "/lf.a2a.v1.A2AService";
const NEVER_MS = 3_600_000;

const CONFIG = `
llms:
  actor:
    provider: scripted
    rules:
      - { match: { text: wait }, reply: { text: "One two three.", chunk_chars: 4, delay_ms: ${NEVER_MS} } }
    default: { text: "Short and good." }
agents: { worker: { llm: actor } }
`;

/** What is asked every so many calls, and the status that is owed; the first that fits, so the last fits always. */
type Mix = readonly [Asking, ...Asking[]];
interface Asking {
  readonly every: number;
  readonly question: () => Promise<Question>;
  readonly status: "0" | "5";
}

interface Soak {
  readonly port: number;
  readonly pid: number;
  readonly mix: Mix;
  readonly questions: Questions;
  readonly failures: Map<string, number>;
  readonly tell: (line: string) => void;
  left: number;
}

async function prepare(port: number): Promise<Pick<Soak, "mix" | "questions">> {
  const codec = await loadCodec();
  const client = await openClient(port);
  const message = (text: string) => ({
    message: { messageId: crypto.randomUUID(), role: "ROLE_USER", parts: [{ text }] },
  });
  const sending = (text: string) => codec.message("lf.a2a.v1.SendMessageRequest").encode(message(text));
  const idOf = async (text: string, configuration = {}) => {
    const request = codec.message("lf.a2a.v1.SendMessageRequest").encode({ ...message(text), configuration });
    const { messages: [bytes = new Uint8Array(0)] } = await ask(client.connection, `${V1}/SendMessage`, request);
    const answer = codec.message("lf.a2a.v1.SendMessageResponse").decode(bytes);
    return String(Object(Object(answer).task).id);
  };
  const done = await idOf("hello");
  const waiting = await idOf("wait", { returnImmediately: true });
  client.connection.drain();
  await client.over;
  const about = (method: string, json: unknown) =>
    questionOf(`${V1}/${method}`, codec.message(`lf.a2a.v1.${method}Request`).encode(json));
  const unary = await about("GetTask", { id: done });
  const unknown = await about("GetTask", { id: "nobody" });
  const list = await about("ListTasks", { pageSize: 1 });
  const health = await questionOf("/grpc.health.v1.Health/Check", new Uint8Array(0));
  return {
    mix: [
      { every: 100, status: "0", question: () => questionOf(`${V1}/SendMessage`, sending("hello")) },
      { every: 101, status: "0", question: () => questionOf(`${V1}/SendStreamingMessage`, sending("hello")) },
      { every: 50, status: "5", question: () => Promise.resolve(unknown) },
      { every: 20, status: "0", question: () => Promise.resolve(list) },
      { every: 3, status: "0", question: () => Promise.resolve(health) },
      { every: 1, status: "0", question: () => Promise.resolve(unary) },
    ],
    questions: { unary, endless: await about("SubscribeToTask", { id: waiting }) },
  };
}

function note({ failures }: Soak, what: string): void {
  failures.set(what, (failures.get(what) ?? 0) + 1);
}

/** Every so many calls another stream is left in its middle. */
const LEAVE_EVERY = 25;

async function callOnce(soak: Soak, { connection }: SoakClient, at: number): Promise<void> {
  const { question, status } = soak.mix.find(({ every }) => at % every === 0) ?? soak.mix[0];
  const asked = await question();
  const told = await statusOfCall(connection, asked);
  if (told !== status) note(soak, `${asked.path} ended with ${told}`);
  if (at % LEAVE_EVERY !== 0) return;
  const stream = await begin(connection, soak.questions.endless);
  await stream.head();
  await stream.read();
  stream.reset("CANCEL");
  soak.left++;
}

/** Makes the calls from `from` to `to`, many at once over connections that stay. */
async function callAll(soak: Soak, from: number, to: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: STEADY_CLIENTS }, () => openClient(soak.port)));
  let at = from;
  const caller = async (client: SoakClient) => {
    while (at < to) await callOnce(soak, client, at++);
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: CALLS_AT_ONCE }, () => caller(client))));
  for (const { connection } of clients) connection.drain();
  await Promise.all(clients.map(({ over }) => over));
}

/** Lets visitors come, each over a connection of its own, and leave in all ways by turns. */
async function visitAll(soak: Soak, from: number, to: number): Promise<void> {
  const ways = [...FAREWELLS];
  let at = from;
  const visitor = async () => {
    while (at < to) {
      const [name, leave] = ways[at++ % ways.length] ?? ["", () => Promise.resolve([])];
      try {
        for (const status of await leave(soak.port, soak.questions)) {
          if (status !== "0") note(soak, `${name}: a call ended with ${status}`);
        }
      } catch (thrown) {
        note(soak, `${name}: ${thrown}`);
      }
    }
  };
  await Promise.all(Array.from({ length: VISITORS_AT_ONCE }, visitor));
}

/** Calls and visitors up to these shares of what was ordered, and what the server occupies then. */
const SHARES = [WARM_UP, 0.25, 0.5, 0.75, 1];

async function soakThrough(soak: Soak, { calls, connections }: GrpcSoakOptions): Promise<GrpcSoakReport> {
  const atRest = (await measure(soak.pid)).handles;
  let [called, visited, callingMs] = [0, 0, 0];
  const measures: Measure[] = [];
  for (const share of SHARES) {
    const [toCalls, toVisits] = [Math.ceil(calls * share), Math.ceil(connections * share)];
    const beganMs = performance.now();
    await callAll(soak, called, toCalls);
    callingMs += performance.now() - beganMs;
    await visitAll(soak, visited, toVisits);
    [called, visited] = [toCalls, toVisits];
    const found = await measureAtRest(soak.pid, atRest);
    measures.push(found);
    soak.tell(`${called} calls, ${visited} connections: ${found.rssMb} MB, ${found.handles} handles`);
  }
  const [first, last] = [measures[0], measures.at(-1)];
  if (first === undefined || last === undefined) throw new Error("Nothing was measured");
  return {
    calls: called,
    left: soak.left,
    connections: visited,
    callsPerSecond: Math.round(called / callingMs * 1000),
    failures: soak.failures,
    grown: { first, last },
  };
}

/** Calls a real `hector serve` over gRPC and leaves it in every way. Stops by itself; leaves nothing behind. */
export async function runGrpcSoak(options: GrpcSoakOptions): Promise<GrpcSoakReport> {
  let report: GrpcSoakReport | undefined;
  await inSandbox(async ({ write, serve }) => {
    const own = String(options.shared === true ? freePort() : 0);
    const args = [await write("soak.yaml", CONFIG), "--port", own, "--grpc-port", own];
    const server = await serve(args, { env: { DENO_V8_FLAGS: `--max-old-space-size=${HEAP_MB}` } });
    const port = Number(/^ {2}grpc +\S+:(\d+)$/m.exec(server.printed())?.[1]);
    const tell = options.tell ?? (() => {});
    const soak = { port, pid: server.pid, ...await prepare(port), failures: new Map(), tell, left: 0 };
    report = await soakThrough(soak, options);
    const code = await server.stop("SIGTERM");
    if (code !== 0) note(soak, `the server ended with ${code}`);
  });
  if (report === undefined) throw new Error("The server did not come up");
  return report;
}
