import { approvalRequestsOf, decisionPart } from "../../src/a2a/approval.ts";
import { answerOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { type HectorServer, startHector } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { seeded } from "./seeded.ts";
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
  /** Calls that waited for a yes and got it. */
  readonly approved: number;
  /** What went wrong, in sentences. Empty is success. */
  readonly failures: readonly string[];
}

const ESSAY = Array.from({ length: 30 }, (_, line) => `Sentence ${line + 1} of the essay on {{message}}.`).join(" ");
const EDITED = "The file has its mark.";
/** What is written into each file, once: by a tool that runs as it is called, and by one that waits for a yes. */
const EDIT = {
  path: "{{match.1}}",
  old_string: "END",
  new_string: "MARK\nEND",
  show_diff: false,
  create_backup: false,
};
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
            calls: [{ name: "search_replace", arguments: EDIT }],
          },
        },
        {
          match: { text: "/^ask to edit (\\S+)/", tool_result: false },
          reply: { first_delay_ms: 20, calls: [{ name: "guarded_edit", arguments: EDIT }] },
        },
        { match: { text: "/^(ask to )?edit /" }, reply: { text: EDITED, first_delay_ms: 20 } },
      ],
      default: { text: ESSAY, chunk_chars: 60, delay_ms: 10 },
    },
  },
  agents: { worker: { llm: "steady", tools: ["search_replace", "guarded_edit"] } },
  tools: {
    search_replace: { working_directory: "files", require_approval: false },
    guarded_edit: { type: "search_replace", working_directory: "files", require_approval: true },
  },
};

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
  approved: number;
  readonly failures: string[];
}

/** One client: now a stream, now a blocking call, now a file to mark, until the killing is over. */
async function live(name: string, world: { folder: string; client: Client }, tally: Tally, isOver: () => boolean) {
  // Each client begins with something else, so that all of it happens from the first kill on.
  const first = Number(name.slice(1));
  for (let n = 0; !isOver(); n++) {
    const id = `${name}-${n}`;
    const kind = (first + n) % 4;
    const message = (text: string) => ({ messageId: id, role: "ROLE_USER", parts: [{ text }] });
    if (kind === 1) tally.answered.push(await sendThrough(world.client, message(`topic ${id}`)));
    else if (kind === 2) await edit(id, world, tally);
    else if (kind === 3) await askToEdit(id, world, tally);
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

/** The same by a tool that waits for a yes, which comes after the server may have died over the question. */
async function askToEdit(id: string, { folder, client }: { folder: string; client: Client }, tally: Tally) {
  const file = `${id}.txt`;
  await Deno.writeTextFile(`${folder}/files/${file}`, END);
  const text = `ask to edit ${file}`;
  const { task } = await streamThrough(client, { messageId: id, role: "ROLE_USER", parts: [{ text }] });
  tally.edited.push(file);
  const { message } = task?.status ?? {};
  const [request] = message === undefined ? [] : approvalRequestsOf(message);
  if (task === undefined || request === undefined) {
    tally.failures.push(`${id} ran without a yes: it is ${task?.status.state}`);
    return;
  }
  if (await marksIn(folder, file) > 0) tally.failures.push(`${file} was marked before anybody said yes`);
  const parts = [decisionPart(request, { approved: true })];
  const said = { messageId: `${id}-yes`, taskId: task.id, role: "ROLE_USER", parts };
  const { status: { state } } = await sendThrough(client, said);
  tally.approved++;
  if (state === "TASK_STATE_INPUT_REQUIRED") tally.asked++;
  else if (state !== "TASK_STATE_COMPLETED") tally.failures.push(`${id} ended as ${state} after a yes`);
  else if (await marksIn(folder, file) !== 1) tally.failures.push(`${id} is completed, but ${file} has no mark`);
}

async function marksIn(folder: string, file: string): Promise<number> {
  return (await Deno.readTextFile(`${folder}/files/${file}`)).split(MARK).length - 1;
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
    const marks = await marksIn(folder, file);
    if (marks > 1) failures.push(`${file} was marked ${marks} times`);
  }
}

/** Clients send and stream while the server dies again and again. Stops by itself; leaves nothing behind. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const world = await createWorld();
  const tally: Tally = { transcripts: [], answered: [], edited: [], asked: 0, approved: 0, failures: [] };
  let isOver = false;
  try {
    const killing = killAndRestart(options, seeded(options.seed), world.start).finally(() => isOver = true);
    // At once: the killing goes on for a while, and what nobody waits for would end the process over the servers' heads.
    const note = (thrown: unknown) => void tally.failures.push(thrown instanceof Error ? thrown.message : `${thrown}`);
    const clients = Array.from(
      { length: options.clients },
      (_, at) => live(`c${at}`, world, tally, () => isOver).catch(note),
    );
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
    tasks: tally.transcripts.length + tally.answered.length + tally.asked + tally.approved,
    streams: tally.transcripts.length,
    resumed: tally.transcripts.filter(({ connections }) => connections > 1).length,
    asked: tally.asked,
    approved: tally.approved,
    failures: tally.failures,
  };
}
