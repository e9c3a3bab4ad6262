import assert from "node:assert/strict";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import { extendCard } from "../../../src/a2a/card/extend_card.ts";

const CARD = buildCard({
  id: "desk",
  name: "Desk",
  description: "Answers",
  version: "1.0.0",
  baseUrl: "https://agents.example",
  skills: [
    { id: "answer", name: "Answer", description: "Answers questions", tags: ["general"] },
    { id: "order", name: "Order", description: "Takes orders", tags: ["shop"] },
  ],
});

Deno.test("extendCard() changes nothing where there is nothing more to say", () => {
  assert.deepEqual(extendCard(CARD, {}), CARD);
});

Deno.test("extendCard() adds skills, and one with a known id stands for the public one, in its place", () => {
  const order = { id: "order", name: "Order", description: "Takes orders on account", tags: ["shop"] };
  const refund = { id: "refund", name: "Refund", description: "Pays back", tags: [] };
  const { skills } = extendCard(CARD, { skills: [refund, order] });
  assert.deepEqual(skills.map(({ id }) => id), ["answer", "order", "refund"]);
  assert.equal(skills[1]?.description, "Takes orders on account");
  assert.deepEqual(skills[2]?.tags, ["refund"]);
});

Deno.test("extendCard() replaces texts and adds media types once", () => {
  const { name, description, documentationUrl, defaultInputModes, defaultOutputModes } = extendCard(CARD, {
    name: "Desk for staff",
    description: "Answers more",
    documentationUrl: "https://agents.example/staff",
    inputModes: ["application/json", "text/plain"],
    outputModes: ["image/png"],
  });
  assert.deepEqual([name, description, documentationUrl], [
    "Desk for staff",
    "Answers more",
    "https://agents.example/staff",
  ]);
  assert.deepEqual(defaultInputModes, ["text/plain", "application/json"]);
  assert.deepEqual(defaultOutputModes, ["text/plain", "image/png"]);
});

Deno.test("extendCard() keeps where and how the agent is called", () => {
  const { supportedInterfaces, capabilities, version } = extendCard(CARD, { name: "Other" });
  assert.deepEqual([supportedInterfaces, capabilities, version], [
    CARD.supportedInterfaces,
    CARD.capabilities,
    CARD.version,
  ]);
});
