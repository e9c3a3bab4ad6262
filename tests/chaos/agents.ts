import { approvalRequestsOf, decisionPart } from "../../src/a2a/approval.ts";
import { answerOf } from "../../src/a2a/parts.ts";
import type { Part, Task } from "../../src/a2a/types.ts";
import { type HectorServer, startHector } from "../e2e/hector_process.ts";
import { freePort } from "../lib/free_port.ts";
import { ESSAY, farConfig, nearConfig, PANEL } from "./agents_config.ts";
import { seeded } from "./seeded.ts";
import { getTask, sendThrough, streamThrough } from "./stream_client.ts";
import { openWitness, type Witness } from "./witness.ts";

export interface AgentsChaosOptions {
  /** How often servers are killed with SIGKILL. */
  readonly kills: number;
  /** Clients that talk to each agent at the same time. */
  readonly clients: number;
  /** Longest life between two kills. */
  readonly maxLifeMs: number;
  readonly seed: number;
}

/** What is interrupted. */
interface Kind {
  readonly name: string;
  /** What a task says that nothing has interrupted. */
  readonly answer: (id: string) => string | readonly string[];
  /** What it has the witness told, each at most once. */
  readonly keys: (id: string) => readonly string[];
  /** May be told more than once. */
  readonly isRepeatable?: boolean;
  /** Waits for a yes before anything is told. */
  readonly isGuarded?: boolean;
  /** A crash may leave it asking what to do. */
  readonly mayAsk?: boolean;
}

const said = (name: string) => `I do it.\n\n\nDone by ${name}.`;

function tool(name: string, more: Partial<Kind> = {}): Kind {
  return { name, answer: () => said(name), keys: (id) => [`${name}/${id}`], mayAsk: true, ...more };
}

const KINDS: readonly Kind[] = [
  { name: "stream", answer: (id) => ESSAY.replaceAll("{{message}}", `job ${id}`), keys: () => [] },
  tool("once"),
  tool("safe", { isRepeatable: true, mayAsk: false }),
  tool("ask"),
  tool("approval", { isGuarded: true }),
  tool("parallel", { answer: () => PANEL.map(said), keys: (id) => PANEL.map((each) => `${each}/${id}`) }),
  tool("plan", { answer: () => "Done by plan.", keys: (id) => PANEL.map((each) => `${each}/${id}-planned`) }),
  tool("remote", { answer: () => said("far"), keys: (id) => [`far/${id}`] }),
];

export interface KindReport {
  tasks: number;
  /** Kills while a task of this kind was under way. */
  struck: number;
  /** Kills while a tool of this kind was at work. */
  inTool: number;
  /** Kills while a task of this kind waited for a word. */
  waiting: number;
  /** Tasks that asked what to do, because nobody knew whether a step had happened. */
  asked: number;
}

export interface AgentsChaosReport {
  readonly kills: number;
  readonly kinds: Readonly<Record<string, KindReport>>;
  /** What went wrong, in sentences. Empty is success. */
  readonly failures: readonly string[];
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Two servers that live in one folder, on ports of their own, and come back on them. */
async function createWorld(witness: Witness) {
  const folder = await Deno.makeTempDir({ prefix: "hector-agents-" });
  const ports = { near: freePort(), far: freePort() };
  const configs = { near: nearConfig(witness.url, `http://127.0.0.1:${ports.far}`), far: farConfig(witness.url) };
  for (const [name, config] of Object.entries(configs)) {
    await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify(config));
  }
  const start = (name: keyof typeof ports) =>
    startHector({
      args: ["--config", `${folder}/${name}.json`, "--port", String(ports[name]), "--grpc-port", "0"],
      cwd: folder,
      env: { XDG_DATA_HOME: `${folder}/data-${name}` },
    });
  return { folder, start, url: `http://127.0.0.1:${ports.near}` };
}

interface Scene {
  readonly witness: Witness;
  readonly url: string;
  readonly random: () => number;
  readonly tally: Map<string, KindReport>;
  readonly heard: { readonly kind: Kind; readonly task: Task }[];
  readonly failures: string[];
  /** Kinds of which a task is under way, and of which one waits for a word; one entry for each. */
  readonly busy: string[];
  readonly waits: string[];
  isOver: boolean;
}

function reportOf({ tally }: Pick<Scene, "tally">, kind: string): KindReport {
  const report = tally.get(kind) ?? { tasks: 0, struck: 0, inTool: 0, waiting: 0, asked: 0 };
  tally.set(kind, report);
  return report;
}

function without(list: string[], kind: string): void {
  list.splice(list.indexOf(kind), 1);
}

async function live(kind: Kind, name: string, scene: Scene): Promise<void> {
  for (let n = 0; !scene.isOver; n++) {
    scene.busy.push(kind.name);
    try {
      await doJob(kind, `${kind.name}-${name}-${n}`, scene);
    } catch (thrown) {
      scene.failures.push(`${kind.name}: ${thrown instanceof Error ? thrown.message : thrown}`);
    } finally {
      without(scene.busy, kind.name);
    }
  }
}

const MAX_ANSWERS = 20;

/** One task from its message to its end, with an answer to everything that it asks. */
async function doJob(kind: Kind, id: string, scene: Scene): Promise<void> {
  const { failures } = scene;
  const client = { url: scene.url, agent: kind.name, pause: () => delay(30) };
  const { task: begun, seqs } = await streamThrough(client, {
    messageId: id,
    role: "ROLE_USER",
    parts: [{ text: `job ${id}` }],
  });
  if (seqs.some((seq, at) => at > 0 && seq <= (seqs[at - 1] ?? 0))) failures.push(`${id} repeats: ${seqs.join(" ")}`);
  let task = begun;
  let questions = 0;
  for (let number = 1; task?.status.state === "TASK_STATE_INPUT_REQUIRED" && number <= MAX_ANSWERS; number++) {
    const { id: taskId } = task;
    const { parts, isCrash } = await answerTo(kind, { id, task, number }, scene);
    if (isCrash) questions++;
    task = await sendThrough(client, { messageId: `${id}-answer-${number}`, role: "ROLE_USER", taskId, parts });
  }
  const report = reportOf(scene, kind.name);
  report.tasks++;
  if (questions > 0) report.asked++;
  if (task === undefined) return;
  scene.heard.push({ kind, task });
  judge(kind, { id, task, wasAsked: questions > 0 }, scene);
}

/** A guarded call is approved after a while; what a crash has left open is not done again. */
async function answerTo(
  kind: Kind,
  { id, task, number }: { readonly id: string; readonly task: Task; readonly number: number },
  scene: Scene,
): Promise<{ readonly parts: Part[]; readonly isCrash: boolean }> {
  const requests = task.status.message === undefined ? [] : approvalRequestsOf(task.status.message);
  const isGuard = kind.isGuarded === true && number === 1 && requests.length > 0;
  if (isGuard && countOf(kind, id, scene) > 0) scene.failures.push(`${id} was told to the witness without a yes`);
  scene.waits.push(kind.name);
  await delay(scene.random() * 400);
  without(scene.waits, kind.name);
  const decision = isGuard ? { approved: true } as const : { approved: false } as const;
  const parts = requests.length === 0 ? [{ text: "go on" }] : requests.map((each) => decisionPart(each, decision));
  return { parts, isCrash: !isGuard };
}

function countOf({ keys }: Kind, id: string, { witness }: Pick<Scene, "witness">): number {
  return keys(id).reduce((sum, key) => sum + (witness.counts.get(key) ?? 0), 0);
}

function judge(
  { answer, keys, isRepeatable, mayAsk }: Kind,
  { id, task, wasAsked }: { readonly id: string; readonly task: Task; readonly wasAsked: boolean },
  { witness, failures }: Scene,
): void {
  const { state, message } = task.status;
  if (state !== "TASK_STATE_COMPLETED") failures.push(`${id} ended as ${state}: ${JSON.stringify(message?.parts)}`);
  if (wasAsked && mayAsk !== true) failures.push(`${id} asked what to do`);
  for (const key of keys(id)) {
    const count = witness.counts.get(key) ?? 0;
    if (count > 1 && isRepeatable !== true) failures.push(`${key} was done ${count} times`);
    if (count === 0 && !wasAsked) failures.push(`${key} was never done`);
  }
  if (wasAsked) return;
  const expected = answer(id);
  const text = answerOf(task);
  const isRight = typeof expected === "string"
    ? text === expected
    : expected.every((each) => text.includes(each)) && text.length === expected.join("\n\n").length;
  if (!isRight) failures.push(`${id} reads ${JSON.stringify(text)}, not ${JSON.stringify(expected)}`);
}

type Servers = Record<"near" | "far", HectorServer>;

/** Kills one server or both at random moments and starts them again. */
async function killAndRestart(
  { kills, maxLifeMs }: AgentsChaosOptions,
  scene: Scene,
  start: (name: keyof Servers) => Promise<HectorServer>,
): Promise<Servers> {
  const servers: Servers = { near: await start("near"), far: await start("far") };
  for (let kill = 0; kill < kills; kill++) {
    await delay(scene.random() * maxLifeMs);
    await aim(scene, kill);
    const dice = scene.random();
    const victims: (keyof Servers)[] = dice < 0.6 ? ["near"] : dice < 0.8 ? ["far"] : ["near", "far"];
    note(scene, victims);
    await Promise.all(victims.map((name) => servers[name].stop("SIGKILL")));
    await Promise.all(victims.map(async (name) => servers[name] = await start(name)));
  }
  return servers;
}

/** So long a kill waits for what it is to strike. */
const LONGEST_AIM_MS = 5_000;

/**
 * Every third kill is for a task that waits for a word, every third for a tool at work: on a slow machine both are rare
 * among all that takes its time.
 */
async function aim({ waits, witness }: Scene, kill: number): Promise<void> {
  const targets = [() => true, () => waits.length > 0, () => [...witness.underWay.values()].some((count) => count > 0)];
  const isThere = targets[kill % targets.length];
  for (let waitedMs = 0; isThere?.() === false && waitedMs < LONGEST_AIM_MS; waitedMs += 5) await delay(5);
}

/** What is going on where the kill will strike. */
function note(scene: Scene, victims: readonly string[]): void {
  const working = [...scene.witness.underWay].filter(([, count]) => count > 0).map(([key]) => key);
  for (const kind of KINDS) {
    if (!victims.includes("near") && kind.name !== "remote") continue;
    const report = reportOf(scene, kind.name);
    if (scene.busy.includes(kind.name)) report.struck++;
    if (scene.waits.includes(kind.name)) report.waiting++;
    if (working.some((key) => key.includes(`/${kind.name}-`))) report.inTool++;
  }
}

/** What the server says at the end has to be what its clients heard. */
async function compare({ heard, url, failures }: Scene): Promise<void> {
  for (const { kind, task } of heard) {
    const stored = await getTask({ url, agent: kind.name, pause: () => delay(30) }, task.id);
    if (answerOf(stored) !== answerOf(task) || stored.status.state !== task.status.state) {
      failures.push(`${task.id} (${kind.name}) is stored otherwise than it was heard`);
    }
  }
}

/** What kills have missed that they were meant for: a run of enough of them that has missed something has shown nothing. */
export function missedBy({ kinds }: AgentsChaosReport): string[] {
  const reports = Object.values(kinds);
  return [
    ...Object.entries(kinds).flatMap(([kind, { struck }]) => struck === 0 ? [`No kill struck "${kind}"`] : []),
    ...(reports.some(({ inTool }) => inTool > 0) ? [] : ["No kill struck a tool at work"]),
    ...(reports.some(({ waiting }) => waiting > 0) ? [] : ["No kill struck a task that waited for a word"]),
  ];
}

/** Agents of every kind work while their servers die again and again. Stops by itself; leaves nothing behind. */
export async function runAgentsChaos(options: AgentsChaosOptions): Promise<AgentsChaosReport> {
  const random = seeded(options.seed);
  await using witness = openWitness(() => 20 + random() * 250);
  const world = await createWorld(witness);
  const scene: Scene = {
    witness,
    url: world.url,
    random,
    tally: new Map(),
    heard: [],
    failures: [],
    busy: [],
    waits: [],
    isOver: false,
  };
  try {
    const killing = killAndRestart(options, scene, world.start).finally(() => scene.isOver = true);
    const clients = KINDS.flatMap((kind) =>
      Array.from({ length: options.clients }, (_, at) => live(kind, String(at), scene))
    );
    const servers = await killing;
    await Promise.all(clients);
    await compare(scene);
    for (const server of Object.values(servers)) {
      const code = await server.stop("SIGTERM");
      if (code !== 0) scene.failures.push(`A server ended with ${code}: ${server.printed().slice(-2_000)}`);
    }
  } finally {
    await Deno.remove(world.folder, { recursive: true });
  }
  return { kills: options.kills, kinds: Object.fromEntries(scene.tally), failures: scene.failures };
}
