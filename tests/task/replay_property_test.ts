import assert from "node:assert/strict";
import { apply } from "../../src/a2a/apply.ts";
import { A2AError } from "../../src/a2a/errors.ts";
import type { Numbered } from "../../src/a2a/service.ts";
import { textOf } from "../../src/a2a/parts.ts";
import { isTerminal } from "../../src/a2a/task_state.ts";
import type { SendMessageRequest, StreamResponse, Task } from "../../src/a2a/types.ts";
import { MemoryRecords } from "../../src/store/memory_store.ts";
import type { Entry, Journal } from "../../src/store/store.ts";
import type { Replay } from "../../src/tool/tool.ts";
import { callOf, type House, openHouse, requestOf, send, START_MS } from "./house.ts";
import { createDice, type Dice, followPlan, type Ledger, pause, type Plan, rollPlan } from "./random_agent.ts";

/** The process died at this append; nothing that it does afterwards counts. */
class Died extends Error {}

interface World {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly first: SendMessageRequest;
  house: House;
  /** Whether the process of `house` has died. */
  isDead: boolean;
  deaths: number;
}

/** A journal that dies at a random append: before it commits, or after it did and before anybody hears of it. */
function mortal(world: World, dice: Dice): (journal: Journal) => Partial<Journal> {
  let left = dice(7);
  const survive = async <T>(commit: () => Promise<T>): Promise<T> => {
    if (world.isDead) throw new Died();
    if (left-- > 0) return await commit();
    world.isDead = true;
    world.deaths++;
    if (dice(2) === 0) await commit();
    throw new Died();
  };
  return (journal) => ({
    create: (task) => survive(() => journal.create(task)),
    append: (ref, drafts, expect) => survive(() => journal.append(ref, drafts, expect)),
  });
}

/** A new process over the same records. The last ones live for ever, so that the task comes to an end. */
function startProcess(world: World, records: MemoryRecords, dice: Dice | undefined): void {
  world.isDead = false;
  const agent = followPlan(world.plan, world.ledger);
  const holder = `process ${world.deaths}`;
  const journal = dice === undefined || world.deaths > 6 ? undefined : mortal(world, dice);
  world.house = openHouse(agent, { records, holder, clock: world.house.clock, journal });
}

const started = (plan: Plan): { world: World; records: MemoryRecords } => {
  const records = new MemoryRecords();
  const ledger: Ledger = new Map();
  const house = openHouse(followPlan(plan, ledger), { records, clock: { ms: START_MS } });
  return { world: { plan, ledger, first: requestOf("turn 0"), house, isDead: false, deaths: 0 }, records };
};

/** Sends, and sends again to the next process as long as one dies over it, as a peer does that wants its answer. */
async function insist(world: World, request: SendMessageRequest, restart: () => Promise<void>): Promise<Task> {
  for (;;) {
    try {
      const task = await send(world.house, request);
      if (!world.isDead) return task;
    } catch (thrown) {
      if (!isDeath(thrown)) throw thrown;
    }
    await restart();
  }
}

/** Lives a task to its end through deaths of its process. */
async function live(world: World, records: MemoryRecords, dice?: Dice): Promise<Task> {
  const restart = async () => {
    do {
      startProcess(world, records, dice);
      await world.house.service.recover();
    } while (world.isDead);
  };
  let task = await insist(world, world.first, restart);
  let turn = 0;
  while (!isTerminal(task.status.state)) {
    const isUnsure = /may or may not/.test(task.status.message ? textOf(task.status.message) : "");
    const text = isUnsure ? "leave it" : `turn ${++turn}`;
    task = await insist(world, requestOf(text, { taskId: task.id, messageId: `${task.id} ${text} ${turn}` }), restart);
  }
  return task;
}

/** Reads a task's public events to the end, going away and coming back at random. */
async function follow(world: World, dice: Dice): Promise<Numbered<StreamResponse>[]> {
  const seen: Numbered<StreamResponse>[] = [];
  for (;;) {
    await pause(1);
    const id = taskIdOf(seen) ?? (await world.house.service.listTasks({}, callOf())).tasks[0]?.id;
    if (id === undefined) continue;
    const call = callOf({ afterSeq: seen.at(-1)?.seq ?? 0 });
    const events = dice(2) === 0
      ? world.house.service.subscribeToTask({ id }, call)
      : world.house.service.sendStreamingMessage(world.first, call);
    try {
      for await (const event of events) {
        assert.ok(event.seq > (seen.at(-1)?.seq ?? 0));
        seen.push(event);
        if ("statusUpdate" in event.event && isTerminal(event.event.statusUpdate.status.state)) return seen;
        if (dice(4) === 0) break;
      }
    } catch (thrown) {
      if (!isDeath(thrown)) throw thrown;
    }
  }
}

/** What a peer hears of a process that dies over its request: it asks the next one. */
function isDeath(thrown: unknown): boolean {
  return thrown instanceof A2AError && (thrown.reason === "UNAVAILABLE" || thrown.cause instanceof Died);
}

function taskIdOf([first]: readonly Numbered<StreamResponse>[]): string | undefined {
  return first !== undefined && "task" in first.event ? first.event.task.id : undefined;
}

/** What a peer can tell of a task, without what differs between any two tasks. */
function told({ id, status, artifacts = [], history = [] }: Task) {
  const said = status.message === undefined ? history : [...history, status.message];
  return {
    state: status.state,
    artifacts: artifacts.map((artifact) => [artifact.artifactId.replace(id, "task"), textOf(artifact)]),
    said: said.map((message) => [message.messageId.replace(/^m\d+$/, "mine").replace(id, "task"), textOf(message)]),
  };
}

function checkJournal(entries: readonly Entry[], seen: readonly Numbered<StreamResponse>[]): void {
  assert.deepEqual(entries.map(({ seq }) => seq), entries.map((_, at) => at + 1));
  const events = entries.flatMap((entry) => "event" in entry ? [{ seq: entry.seq, event: entry.event }] : []);
  assert.deepEqual(seen, events);
  const ends = events.filter(({ event }) => "statusUpdate" in event && isTerminal(event.statusUpdate.status.state));
  assert.deepEqual(ends.map(({ seq }) => seq), [entries.length]);
}

async function compare(seed: number, replays: readonly Replay[]): Promise<{ deaths: number; isUnsure: boolean }> {
  const plan = rollPlan(createDice(seed), replays);
  const calm = started(plan);
  const expected = told(await live(calm.world, calm.records));
  const { world, records } = started(plan);
  const dice = createDice(seed + 1_000_000);
  startProcess(world, records, dice);
  const followers = [1, 2].map((which) => follow(world, createDice(seed + which * 2_000_000)));
  const task = await live(world, records, dice);
  const entries = await world.house.journal(task.id);
  for (const seen of await Promise.all(followers)) {
    checkJournal(entries, seen);
    const folded = seen.reduce<Task | undefined>((fold, { event }) => apply(fold, event), undefined);
    assert.deepEqual(folded?.artifacts, task.artifacts);
    assert.deepEqual(folded?.status, task.status);
  }
  const isUnsure = entries.some((entry) => "input" in entry && textOf(entry.input) === "leave it");
  if (!isUnsure) assert.deepEqual(told(task), expected);
  for (const turn of plan.turns) {
    for (const act of turn) {
      for (const { id, replay } of act.kind === "tools" ? act.tools : []) {
        const calls = world.ledger.get(id) ?? 0;
        assert.ok(replay === "safe" || calls <= 1, `${id} may run once and ran ${calls} times`);
      }
    }
  }
  return { deaths: world.deaths, isUnsure };
}

const SUITES: [what: string, replays: readonly Replay[], seeds: number][] = [
  ["safe steps end as if nothing had happened", ["safe"], 150],
  ["steps that may run once never run twice", ["safe", "once", "ask"], 150],
];

for (const [what, replays, seeds] of SUITES) {
  Deno.test(`random agents whose process dies at random appends: ${what}`, async () => {
    let deaths = 0;
    let unsure = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        const lived = await compare(seed, replays);
        deaths += lived.deaths;
        unsure += Number(lived.isUnsure);
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause });
      }
    }
    assert.ok(deaths > seeds, `only ${deaths} deaths`);
    assert.equal(unsure > 0, replays.length > 1);
  });
}
