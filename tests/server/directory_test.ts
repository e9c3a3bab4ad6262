import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { ANONYMOUS, type Caller } from "../../src/a2a/service.ts";
import { type AgentDirectory, findAgent, visibleAgents } from "../../src/server/directory.ts";
import { servedAgent } from "./served_agent.ts";

const known: Caller = { tenant: "default", subject: "ada", roles: [], anonymous: false };
const agents = [servedAgent("hidden", "private"), servedAgent("staff", "internal"), servedAgent("desk", "public")];

function directory(defaultAgent?: string): AgentDirectory {
  return { agents: new Map(agents.map((agent) => [agent.id, agent])), defaultAgent };
}

/** [names in order of precedence, caller, default agent, expected agent or undefined for not found] */
const ROWS: [
  names: (string | undefined | null)[],
  caller: Caller,
  fallback: string | undefined,
  id: string | undefined,
][] = [
  [["desk"], ANONYMOUS, undefined, "desk"],
  [[undefined, null, "", "desk", "staff"], ANONYMOUS, undefined, "desk"],
  [["staff"], ANONYMOUS, undefined, undefined],
  [["staff"], known, undefined, "staff"],
  [["hidden"], known, undefined, undefined],
  [["nobody"], known, "desk", undefined],
  [["constructor"], known, undefined, undefined],
  [["__proto__"], known, undefined, undefined],
  [[], ANONYMOUS, undefined, "desk"],
  [[], known, undefined, "staff"],
  [[], known, "desk", "desk"],
  [[], ANONYMOUS, "hidden", "desk"],
];

for (const [names, caller, fallback, id] of ROWS) {
  Deno.test(`findAgent(${JSON.stringify(names)}) for ${caller.subject}, default ${fallback}, is ${id}`, () => {
    if (id !== undefined) assert.equal(findAgent(directory(fallback), names, caller).id, id);
    else {
      assert.throws(() => findAgent(directory(fallback), names, caller), (thrown) => {
        return thrown instanceof A2AError && thrown.reason === "AGENT_NOT_FOUND";
      });
    }
  });
}

Deno.test("findAgent() says the same of a private agent as of none", () => {
  const told = (name: string) => {
    try {
      findAgent(directory(), [name], known);
      return "found";
    } catch (thrown) {
      return String(thrown).replace(name, "X");
    }
  };
  assert.equal(told("hidden"), told("nobody"));
});

Deno.test("findAgent() of an empty directory is not found", () => {
  assert.throws(() => findAgent({ agents: new Map(), defaultAgent: undefined }, [], known), A2AError);
});

Deno.test("visibleAgents() keeps the order and hides what the caller may not know", () => {
  assert.deepEqual(visibleAgents(directory(), ANONYMOUS).map(({ id }) => id), ["desk"]);
  assert.deepEqual(visibleAgents(directory(), known).map(({ id }) => id), ["staff", "desk"]);
});
