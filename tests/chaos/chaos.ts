import { answerOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { freePort, type HectorServer, startHector } from "../e2e/hector_process.ts";
import { type Client, getTask, sendThrough, streamThrough, type Transcript } from "./stream_client.ts";

export interface ChaosOptions {
  readonly clients: number;
  /** How often the server is killed with SIGKILL. */
  readonly kills: number;
  /** Longest life of a server between two kills. */
  readonly maxLifeMs: number;
  readonly seed: number;
}

export interface ChaosReport {
  readonly kills: number;
  readonly tasks: number;
  readonly streams: number;
  /** Streams that took more than one connection. */
  readonly resumed: number;
  /** Turns that ended by asking what to do, because nobody knew whether a step had happened. */
  readonly asked: number;
  /** What went wrong, in sentences. Empty is success. */
  readonly failures: readonly string[];
}

const ESSAY = Array.from({ length: 30 }, (_, line) => `Sentence ${line + 1} of the essay on {{message}}.`).join(" ");
const EDITED = "The file has its mark.";
/** Stands in each file once; the tool puts a mark before it. */
const END = "END";
const MARK = "MARK";

/**
 * A model that streams an essay, and for "edit FILE" calls a tool that must not run twice: its mark in the file is the
 * witness.
 */
const CONFIG = {
  llms: {
    steady: {
      provider: "scripted",
      rules: [
        {
          match: { text: "/^edit (\\S+)/", tool_result: false },
          reply: {
            first_delay_ms: 20,
            calls: [{
              name: "search_replace",
              arguments: {
                path: "{{match.1}}",
                old_string: END,
                new_string: `${MARK}\n${END}`,
                show_diff: false,
                create_backup: false,
              },
            }],
          },
        },
        { match: { text: "/^edit /" }, reply: { text: EDITED, first_delay_ms: 20 } },
      ],
      default: { text: ESSAY, chunk_chars: 60, delay_ms: 10 },
    },
  },
  agents: { worker: { llm: "steady", tools: ["search_replace"] } },
  tools: { search_replace: { working_directory: "files", require_approval: false } },
};

/** Small, fast, the same on every machine (Mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A world of its own: folder, configuration, port. */
async function createWorld() {
  const folder = await Deno.makeTempDir({ prefix: "hector-chaos-" });
  await Deno.mkdir(`${folder}/files`);
  await Deno.writeTextFile(`${folder}/chaos.json`, JSON.stringify(CONFIG));
  const port = freePort();
  const start = () =>
    startHector({
      args: ["--config", `${folder}/chaos.json`, "--port", String(port)],
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data` },
    });
  return { folder, port, start, client: { url: `http://127.0.0.1:${port}`, pause: () => delay(30) } };
}

interface Tally {
  readonly transcripts: Transcript[];
  readonly answered: Task[];
  readonly edited: string[];
  asked: number;
  readonly failures: string[];
}

/** One client: now a stream, now a blocking call, now a file to mark, until the killing is over. */
async function live(name: string, world: { folder: string; client: Client }, tally: Tally, isOver: () => boolean) {
  for (let n = 0; !isOver(); n++) {
    const id = `${name}-${n}`;
    const message = (text: string) => ({ messageId: id, role: "ROLE_USER", parts: [{ text }] });
    if (n % 3 === 1) tally.answered.push(await sendThrough(world.client, message(`topic ${id}`)));
    else if (n % 3 === 2) await edit(id, world, tally);
    else check(await streamThrough(world.client, message(`topic ${id}`)), expectedEssay(`topic ${id}`), tally);
  }
}

function expectedEssay(message: string): string {
  return ESSAY.replaceAll("{{message}}", message);
}

/** The tool may run once at most. Where nobody knows whether it did, the agent asks, and is told to go on. */
async function edit(id: string, { folder, client }: { folder: string; client: Client }, tally: Tally) {
  const file = `${id}.txt`;
  await Deno.writeTextFile(`${folder}/files/${file}`, END);
  const first = await streamThrough(client, { messageId: id, role: "ROLE_USER", parts: [{ text: `edit ${file}` }] });
  tally.edited.push(file);
  if (first.task?.status.state !== "TASK_STATE_INPUT_REQUIRED") return check(first, EDITED, tally);
  tally.asked++;
  const taskId = first.task.id;
  const reply = { messageId: `${id}-reply`, taskId, role: "ROLE_USER", parts: [{ text: "topic again" }] };
  const task = await sendThrough(client, reply);
  if (task.status.state !== "TASK_STATE_COMPLETED") tally.failures.push(`${id} went on to ${task.status.state}`);
}

function check(transcript: Transcript, expected: string, tally: Tally): void {
  tally.transcripts.push(transcript);
  const { task, seqs } = transcript;
  const id = task?.id;
  if (task?.status.state !== "TASK_STATE_COMPLETED") tally.failures.push(`${id} ended as ${task?.status.state}`);
  const text = task === undefined ? "" : answerOf(task);
  if (text !== expected) tally.failures.push(`${id} reads ${JSON.stringify(text)}, not ${JSON.stringify(expected)}`);
  if (seqs.some((seq, at) => at > 0 && seq <= (seqs[at - 1] ?? 0))) {
    tally.failures.push(`${id} repeats or goes back: ${seqs.join(" ")}`);
  }
}

/** Kills the server at random and starts it again, `kills` times. */
async function killAndRestart(
  { kills, maxLifeMs }: ChaosOptions,
  random: () => number,
  start: () => Promise<HectorServer>,
): Promise<HectorServer> {
  let server = await start();
  for (let kill = 0; kill < kills; kill++) {
    await delay(100 + random() * maxLifeMs);
    await server.stop("SIGKILL");
    server = await start();
  }
  return server;
}

/** What the server says at the end has to be what its clients heard. */
async function compare(client: Client, { transcripts, answered, failures }: Tally): Promise<void> {
  const heard = [...transcripts.flatMap(({ task }) => task === undefined ? [] : [task]), ...answered];
  for (const task of heard) {
    const stored = await getTask(client, task.id);
    if (answerOf(stored) !== answerOf(task) || stored.status.state !== task.status.state) {
      failures.push(`${task.id} is stored otherwise than it was heard`);
    }
  }
  for (const task of answered) {
    const asked = task.history?.[0]?.parts[0]?.text ?? "";
    if (answerOf(task) !== expectedEssay(asked)) failures.push(`${task.id} was answered otherwise`);
  }
}

async function witness(folder: string, { edited, failures }: Tally): Promise<void> {
  for (const file of edited) {
    const marks = (await Deno.readTextFile(`${folder}/files/${file}`)).split(MARK).length - 1;
    if (marks > 1) failures.push(`${file} was marked ${marks} times`);
  }
}

/** Clients send and stream while the server dies again and again. Stops by itself; leaves nothing behind. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const world = await createWorld();
  const tally: Tally = { transcripts: [], answered: [], edited: [], asked: 0, failures: [] };
  let isOver = false;
  try {
    const killing = killAndRestart(options, seeded(options.seed), world.start).finally(() => isOver = true);
    const clients = Array.from({ length: options.clients }, (_, at) => live(`c${at}`, world, tally, () => isOver));
    const server = await killing;
    await Promise.all(clients);
    await compare(world.client, tally);
    await server.stop("SIGTERM");
    await witness(world.folder, tally);
  } finally {
    await Deno.remove(world.folder, { recursive: true });
  }
  return {
    kills: options.kills,
    tasks: tally.transcripts.length + tally.answered.length + tally.asked,
    streams: tally.transcripts.length,
    resumed: tally.transcripts.filter(({ connections }) => connections > 1).length,
    asked: tally.asked,
    failures: tally.failures,
  };
}
