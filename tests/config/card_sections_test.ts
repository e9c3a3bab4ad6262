import assert from "node:assert/strict";
import type { z } from "zod";
import { AgentSection } from "../../src/config/agent_section.ts";
import { ServerSection } from "../../src/config/server_section.ts";

const agent = (section: unknown) => AgentSection.safeParse(section);
const server = (section: unknown) => ServerSection.safeParse(section);
const problems = ({ error }: z.ZodSafeParseResult<unknown>) => error?.issues.map(({ path }) => path.join(".")) ?? [];

Deno.test("an agent of which nothing is said streams, declares nothing and has no extended card", () => {
  const { streaming, extensions, extended_card } = AgentSection.parse({});
  assert.deepEqual([streaming, extensions, extended_card], [true, [], undefined]);
});

Deno.test("an extension is a URI, and not required unless it says so", () => {
  const { extensions } = AgentSection.parse({
    extensions: [{ uri: "urn:a:b" }, { uri: "https://x.example/e/v1", required: true, params: { a: [1] } }],
  });
  assert.deepEqual(extensions, [
    { uri: "urn:a:b", required: false },
    { uri: "https://x.example/e/v1", required: true, params: { a: [1] } },
  ]);
});

for (const uri of ["", "no uri", "urn:a,urn:b", "urn:a b", 7, undefined]) {
  Deno.test(`an extension may not be called ${JSON.stringify(uri)}`, () => {
    assert.deepEqual(problems(agent({ extensions: [{ uri }] })), ["extensions.0.uri"]);
  });
}

Deno.test("an extended card may be declared without saying anything yet", () => {
  assert.deepEqual(AgentSection.parse({ extended_card: {} }).extended_card, {
    skills: [],
    input_modes: [],
    output_modes: [],
  });
});

Deno.test("an extended card's skills are told like the public ones", () => {
  const skill = { id: "s", name: "S", description: "d" };
  const { extended_card } = AgentSection.parse({ extended_card: { skills: [skill] } });
  assert.deepEqual(extended_card?.skills, [{ ...skill, tags: [], examples: [] }]);
  assert.deepEqual(problems(agent({ extended_card: { skills: [{ id: "s" }] } })), [
    "extended_card.skills.0.name",
    "extended_card.skills.0.description",
  ]);
  assert.deepEqual(problems(agent({ extended_card: { skill: [] } })), ["extended_card"]);
});

Deno.test("a signing key is a secret, with a name and an algorithm where the file gives them", () => {
  const { card_signing } = ServerSection.parse({
    card_signing: { keys: [{ key: "PEM" }, { key: "{}", kid: "2", alg: "PS256" }] },
  });
  const [first, second] = card_signing?.keys ?? [];
  assert.equal(first?.key.reveal(), "PEM");
  assert.equal(String(first?.key), "[secret]");
  assert.deepEqual([second?.kid, second?.alg], ["2", "PS256"]);
});

const REFUSED: [section: unknown, paths: string[]][] = [
  [{}, ["card_signing.keys"]],
  [{ keys: [] }, ["card_signing.keys"]],
  [{ keys: [{ kid: "1" }] }, ["card_signing.keys.0.key"]],
  [{ keys: [{ key: "PEM", alg: "HS256" }] }, ["card_signing.keys.0.alg"]],
  [{ keys: [{ key: "PEM", file: "x" }] }, ["card_signing.keys.0"]],
];
for (const [section, paths] of REFUSED) {
  Deno.test(`server.card_signing may not be ${JSON.stringify(section)}`, () => {
    assert.deepEqual(problems(server({ card_signing: section })), paths);
  });
}

Deno.test("a card of which nothing is said takes all from the rest of the file", () => {
  assert.deepEqual(AgentSection.parse({}).card, {});
  assert.equal(ServerSection.parse({}).transport, "jsonrpc");
});

Deno.test("a card names a version, a provider, a page and a transport", () => {
  const card = {
    version: "4.2",
    provider: { organization: "Acme", url: "https://acme.example" },
    documentation_url: "https://acme.example/desk",
    preferred_transport: "rest",
  };
  assert.deepEqual(AgentSection.parse({ card }).card, card);
});

const NO_CARDS: [section: unknown, path: string][] = [
  [{ version: "" }, "card.version"],
  [{ provider: { organization: "Acme" } }, "card.provider.url"],
  [{ provider: { url: "https://acme.example" } }, "card.provider.organization"],
  [{ documentation_url: "here" }, "card.documentation_url"],
  [{ preferred_transport: "JSONRPC" }, "card.preferred_transport"],
  [{ skills: [] }, "card"],
];
for (const [card, path] of NO_CARDS) {
  Deno.test(`an agent's card may not be ${JSON.stringify(card)}`, () =>
    assert.deepEqual(problems(agent({ card })), [path]));
}
