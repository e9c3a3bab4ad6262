import assert from "node:assert/strict";
import { givingAccepted } from "../../src/a2a/giving_accepted.ts";
import { asDirect, SIDE_ARTIFACT } from "../../src/a2a/parts.ts";
import type { Part, StreamResponse } from "../../src/a2a/types.ts";
import { callOf, COMPLETED, echo, openHouse, requestOf, type RunFunction } from "../task/house.ts";

const DATA: Part = { data: { city: "Oslo" }, mediaType: "application/json" };
const IN_TEXT: Part = { text: '{"city":"Oslo"}', mediaType: "text/plain" };

function asking(parts: Part[], acceptedOutputModes?: string[]) {
  return { ...requestOf("", { parts }), configuration: { acceptedOutputModes } };
}

/** The parts of all artifacts that a stream shows. */
function partsIn(events: readonly { readonly event: StreamResponse }[]): Part[] {
  return events.flatMap(({ event }) => "artifactUpdate" in event ? event.artifactUpdate.artifact.parts : []);
}

/** [what the caller accepts, whether data is written as text] */
const ACCEPTED: readonly (readonly [string[] | undefined, boolean])[] = [
  [undefined, false],
  [[], false],
  [["text/plain"], true],
  [["TEXT/plain; charset=utf-8"], true],
  [["text/*"], true],
  [["image/png", "text/plain"], true],
  [["text/plain", "application/json"], false],
  [["text/plain", "Application/JSON"], false],
  [["text/plain", "application/*"], false],
  [["text/plain", "*/*"], false],
  // Text would be no better than JSON.
  [["image/png"], false],
  [["text/html"], false],
];
for (const [accepted, isText] of ACCEPTED) {
  Deno.test(`givingAccepted() gives data as ${isText ? "text" : "data"} to who accepts ${JSON.stringify(accepted)}`, async () => {
    const { service } = openHouse(echo);
    const giving = givingAccepted(service);
    const expected = [isText ? IN_TEXT : DATA];
    const answer = await giving.sendMessage(asking([DATA], accepted), callOf());
    assert.ok("task" in answer);
    assert.deepEqual(answer.task.artifacts?.flatMap(({ parts }) => parts), expected);
    const streamed = await Array.fromAsync(giving.sendStreamingMessage(asking([DATA], accepted), callOf()));
    assert.deepEqual(partsIn(streamed), expected);
    const kept = await giving.getTask({ id: answer.task.id }, callOf());
    assert.deepEqual(kept.artifacts?.flatMap(({ parts }) => parts), [DATA]);
  });
}

/** [a part, what it is to who accepts text alone] */
const PARTS: readonly (readonly [Part, Part])[] = [
  [{ data: [1, null] }, { text: "[1,null]", mediaType: "text/plain" }],
  [{ data: null }, { text: "null", mediaType: "text/plain" }],
  [{ ...DATA, metadata: { a: 1 }, filename: "a.json" }, { ...IN_TEXT, metadata: { a: 1 }, filename: "a.json" }],
  [{ ...DATA, mediaType: "application/json; charset=utf-8" }, IN_TEXT],
  [{ data: {}, mediaType: "application/x-odd" }, { data: {}, mediaType: "application/x-odd" }],
  [{ text: "hi" }, { text: "hi" }],
  [{ raw: "aGk=", mediaType: "image/png" }, { raw: "aGk=", mediaType: "image/png" }],
];
for (const [part, given] of PARTS) {
  Deno.test(`givingAccepted() gives ${JSON.stringify(part)} as ${JSON.stringify(given)}`, async () => {
    const answer = await givingAccepted(openHouse(echo).service).sendMessage(asking([part], ["text/plain"]), callOf());
    assert.ok("task" in answer);
    assert.deepEqual(answer.task.artifacts?.[0]?.parts, [given]);
    assert.deepEqual(answer.task.history?.[0]?.parts, [part], "what was sent is shown as it was sent");
  });
}

Deno.test("givingAccepted() leaves alone what is no answer, and words that answer by themselves", async () => {
  const beside: RunFunction = async (_input, run) => {
    const metadata = { [SIDE_ARTIFACT]: "progress" };
    await run.emit({ artifact: { artifactId: run.nextId("artifact"), parts: [DATA], metadata } });
    return COMPLETED;
  };
  const answer = await givingAccepted(openHouse(beside).service).sendMessage(asking([DATA], ["text/plain"]), callOf());
  assert.ok("task" in answer);
  assert.deepEqual(answer.task.artifacts?.[0]?.parts, [DATA]);
  const word: RunFunction = (_input, run) =>
    Promise.resolve({
      ...COMPLETED,
      message: asDirect({ messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [DATA] }),
    });
  const said = await givingAccepted(openHouse(word).service).sendMessage(asking([DATA], ["text/plain"]), callOf());
  assert.ok("message" in said);
  assert.deepEqual(said.message.parts, [DATA]);
});
