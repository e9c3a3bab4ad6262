import assert from "node:assert/strict";
import { listAgents } from "../../../src/a2a/client/list_agents.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { CARD } from "../fake_service.ts";
import { isError, loopback } from "../loopback.ts";

const list = (respond: (request: Request) => Response) =>
  listAgents("http://agents.example/", {
    fetch: loopback(respond),
    auth: { kind: "bearer", token: new Secret("t0ken") },
    random: Math.random,
    sleep: () => Promise.resolve(),
    timers: manualTimers(),
  }, new AbortController().signal);

Deno.test("listAgents() reads the agents of a server and passes over what is none", async () => {
  const seen: (string | null)[] = [];
  const agents = await list((request) => {
    seen.push(request.url, request.headers.get("authorization"), request.headers.get("a2a-version"));
    return Response.json({ agents: [{ ...CARD, id: "echo" }, CARD, { id: "broken" }, 7] });
  });
  assert.deepEqual(agents, [{ id: "echo", card: CARD }]);
  assert.deepEqual(seen, ["http://agents.example/v1/agents", "Bearer t0ken", "1.0"]);
});

for (
  const [name, response, reason, message] of [
    ["nothing there", new Response("", { status: 404 }), "AGENT_NOT_FOUND", /is it the URL of a hector server/],
    ["a server of something else", new Response("", { status: 501 }), "AGENT_NOT_FOUND", /is it the URL of a hector/],
    [
      "a closed door",
      new Response("", { status: 401, headers: { "www-authenticate": "Bearer" } }),
      "UNAUTHENTICATED",
      /wants Bearer and did not take what it was shown/,
    ],
    ["a server that is busy", new Response("", { status: 503 }), "UNAVAILABLE", /503/],
  ] as const
) {
  Deno.test(`listAgents() says ${reason} of ${name}`, async () => {
    await assert.rejects(list(() => response), isError(reason, message));
  });
}

Deno.test("listAgents() knows no agents of a server that lists none", async () => {
  assert.deepEqual(await list(() => Response.json([])), []);
});
