import assert from "node:assert/strict";
import { clientCredentials } from "../../../src/a2a/client/client_credentials.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { Secret } from "../../../src/lib/secret.ts";

const WANTED = { url: new URL("https://agent.example"), schemes: undefined, signal: new AbortController().signal };

/** A provider of tokens that are numbered, on a clock that is set by hand. */
function provider(answer: (count: number) => Response | Error) {
  const clock = { nowMs: 0 };
  let count = 0;
  const auth = clientCredentials({
    tokenUrl: "https://login.example/token",
    clientId: "m:e",
    clientSecret: new Secret("s e"),
    scopes: [],
    fetch: () => {
      const made = answer(++count);
      return made instanceof Error ? Promise.reject(made) : Promise.resolve(made);
    },
    now: () => clock.nowMs,
  });
  const ask = async (refused = false) => auth.kind === "provider" ? await auth.headers({ ...WANTED, refused }) : {};
  return { clock, ask, count: () => count };
}

const token = (count: number) => Response.json({ access_token: `t${count}`, expires_in: 100 });

Deno.test("clientCredentials() asks once for many requests, until the token runs out soon", async () => {
  const { ask, clock, count } = provider(token);
  const first = await Promise.all([ask(), ask(), ask()]);
  assert.deepEqual(first.map(({ authorization }) => authorization), ["Bearer t1", "Bearer t1", "Bearer t1"]);
  clock.nowMs = 69_000;
  assert.equal((await ask()).authorization, "Bearer t1");
  clock.nowMs = 71_000;
  assert.equal((await ask()).authorization, "Bearer t2");
  assert.equal(count(), 2);
});

Deno.test("clientCredentials() gets another token for one that was not taken", async () => {
  const { ask } = provider(token);
  await ask();
  assert.equal((await ask(true)).authorization, "Bearer t2");
});

/** [what comes, which error that is, what it says] */
const FAILURES: readonly (readonly [Response | Error, string, RegExp])[] = [
  [new TypeError("no route"), "UNAVAILABLE", /Cannot get a token from https:\/\/login\.example: the connection failed/],
  [new Response("down", { status: 503 }), "UNAVAILABLE", /it answers 503/],
  [Response.json({ error: "invalid_client" }, { status: 401 }), "UNAUTHENTICATED", /it answers 401/],
  [Response.json({ token: "x" }), "UNAUTHENTICATED", /holds no access_token/],
];

for (const [answer, reason, words] of FAILURES) {
  Deno.test(`clientCredentials() throws ${reason} where ${words}`, async () => {
    const { ask } = provider(() => answer);
    await assert.rejects(ask(), (thrown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.reason, reason);
      assert.match(thrown.message, words);
      assert.ok(!thrown.message.includes("s e"));
      return true;
    });
  });
}
