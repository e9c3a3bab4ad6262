import assert from "node:assert/strict";
import { Reloader, type SourceNews } from "../../src/app/reloader.ts";
import type { Measurement } from "../../src/telemetry/measurement.ts";
import { answerOf, candidateOf, openTestHouse, reread, wordAgents } from "./configurations.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

async function openReloader(text: string) {
  const opened = await openTestHouse(candidateOf(text));
  const log = {
    info: (message: string) => void opened.logged.push({ level: "info", message, fields: {} }),
    warn: (message: string, fields = {}) => void opened.logged.push({ level: "warn", message, fields }),
    error: (message: string, fields = {}) => void opened.logged.push({ level: "error", message, fields }),
  };
  const measured: Measurement[] = [];
  let nowMs = NOW - 100;
  // Every look at the clock is a tenth of a second later than the last.
  const now = () => nowMs += 100;
  const measure = (one: Measurement) => void measured.push(one);
  return { ...opened, measured, reloader: new Reloader({ house: opened.house, reread, now, log, measure }) };
}

async function* said(...news: SourceNews[]): AsyncGenerator<SourceNews> {
  await Promise.resolve();
  yield* news;
}

function changed(text: string): SourceNews {
  return { kind: "changed", content: { text } };
}

Deno.test("Reloader serves what its source comes to hold", async () => {
  const { reloader, say, close } = await openReloader(wordAgents({ a: "1" }));
  await reloader.follow(said(changed(wordAgents({ a: "2" })), changed(wordAgents({ a: "3" }))));
  assert.equal(answerOf(await say("a", "hello")), "3");
  assert.deepEqual(reloader.counts, { applied: 2, unchanged: 0, refused: 0 });
  await close();
});

const BROKEN = [
  ["text that is no YAML", "agents: [", /not YAML/],
  ["a key that does not exist", `${wordAgents({ a: "2" })}nonsense: 1\n`, /nonsense/],
  ["an agent without its model", "agents: {a: {llm: nowhere}}", /nowhere/],
  ["a model without its key", "agents: {a: {llm: gpt-4o}}", /OPENAI_API_KEY/],
  ["nothing", "", /expected|found/],
] as const;

for (const [what, text, reason] of BROKEN) {
  Deno.test(`Reloader keeps what is served when it is given ${what}, says why, and recovers`, async () => {
    const { reloader, logged, say, close } = await openReloader(wordAgents({ a: "1" }));
    await reloader.follow(said(changed(text)));
    assert.equal(answerOf(await say("a", "hello")), "1");
    const { state, attempt } = reloader.health;
    assert.deepEqual([state, attempt?.outcome, attempt?.at], ["stale", "refused", "2026-01-01T00:00:00.100Z"]);
    assert.match(attempt?.reason ?? "", reason);
    assert.match(String(logged.find(({ level }) => level === "error")?.fields.reason), reason);
    await reloader.follow(said(changed(wordAgents({ a: "2" }))));
    assert.equal(answerOf(await say("a", "hello")), "2");
    assert.equal(reloader.health.state, "current");
    assert.deepEqual(reloader.counts, { applied: 1, unchanged: 0, refused: 1 });
    await close();
  });
}

Deno.test("Reloader is stale while an operator has gone back from what its source holds, good or not", async () => {
  const [one, two, three] = ["1", "2", "3"].map((word) => wordAgents({ a: word }));
  const { reloader, close } = await openReloader(one ?? "");
  const states: string[] = [];
  const note = () => void states.push(reloader.health.state);
  await reloader.follow(said(changed(two ?? "")));
  note();
  await reloader.goBack(candidateOf(one ?? ""));
  note();
  await reloader.goBack(candidateOf(two ?? ""));
  note();
  await reloader.follow(said(changed("agents: [")));
  note();
  await reloader.goBack(candidateOf(one ?? ""));
  note();
  await reloader.save(candidateOf(three ?? ""));
  note();
  assert.deepEqual(states, ["current", "stale", "current", "stale", "stale", "current"]);
  await close();
});

Deno.test("Reloader is current though what an operator sends is refused: it never comes into the source", async () => {
  const { reloader, close } = await openReloader(wordAgents({ a: "1" }));
  const { kind } = await reloader.save(candidateOf("agents: {a: {llm: gpt-4o}}"));
  assert.deepEqual([kind, reloader.health.state, reloader.health.attempt?.outcome], ["refused", "current", "refused"]);
  await close();
});

Deno.test("Reloader is stale while its source has a trouble", async () => {
  const { reloader, logged, say, close } = await openReloader(wordAgents({ a: "1" }));
  await reloader.follow(said({ kind: "trouble", failure: "missing", reason: "the key was deleted" }));
  assert.deepEqual([reloader.health.state, reloader.health.trouble], ["stale", "the key was deleted"]);
  assert.equal(answerOf(await say("a", "hello")), "1");
  await reloader.follow(said({ kind: "recovered" }));
  assert.deepEqual([reloader.health.state, reloader.health.trouble], ["current", undefined]);
  assert.deepEqual(logged.map(({ level }) => level), ["warn", "info"]);
  await close();
});

Deno.test("Reloader is current again when a source in trouble comes to hold something good", async () => {
  const { reloader, close } = await openReloader(wordAgents({ a: "1" }));
  await reloader.follow(
    said({ kind: "trouble", failure: "unreachable", reason: "no route" }, changed(wordAgents({ a: "2" }))),
  );
  assert.equal(reloader.health.state, "current");
  await close();
});

Deno.test("Reloader measures each attempt and each trouble", async () => {
  const { reloader, measured, close } = await openReloader(wordAgents({ a: "1" }));
  assert.equal(reloader.sourceIsReadable, undefined, "nothing is followed");
  await reloader.follow(said(
    changed(wordAgents({ a: "2" })),
    changed(wordAgents({ a: "2" })),
    changed("agents: ["),
    { kind: "trouble", failure: "missing", reason: "the key was deleted" },
  ));
  assert.equal(reloader.sourceIsReadable, false);
  await reloader.follow(said({ kind: "recovered" }));
  assert.equal(reloader.sourceIsReadable, true);
  assert.deepEqual(measured, [
    { kind: "reload", outcome: "applied", seconds: 0.1 },
    { kind: "reload", outcome: "unchanged", seconds: 0.1 },
    { kind: "reload", outcome: "refused", seconds: 0.1 },
    { kind: "source_trouble", failure: "missing" },
  ]);
  await close();
});

Deno.test("Reloader says what waits for a restart", async () => {
  const { reloader, logged, close } = await openReloader(wordAgents({ a: "1" }));
  await reloader.follow(said(changed(`${wordAgents({ a: "1" })}server: {host: 0.0.0.0}\n`)));
  assert.equal(logged.find(({ level }) => level === "warn")?.fields.keys, "server.host");
  assert.deepEqual(reloader.counts, { applied: 0, unchanged: 1, refused: 0 });
  await close();
});
