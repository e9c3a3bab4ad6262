import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { earlyFace } from "../../src/server/early_face.ts";
import { isLoopback } from "../../src/server/host_check.ts";

function early(options: { readonly unready?: string } = {}) {
  const { promise: code, resolve } = Promise.withResolvers<void>();
  let opened = 0;
  const face = earlyFace({
    open: async () => {
      opened++;
      await code;
      return (request) => Promise.resolve(new Response(`face: ${new URL(request.url).pathname}`));
    },
    health: { version: "1", uptimeSeconds: () => 1, unreadyBecause: () => options.unready },
    checkHost: ({ url }) => {
      if (!isLoopback(new URL(url).hostname)) throw new A2AError("PERMISSION_DENIED", "not here");
    },
  });
  return { face, arrive: resolve, opened: () => opened };
}

const ask = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init);

Deno.test("earlyFace() tells that it is ready before its code is there, and asks for none", async () => {
  const { face, opened } = early();
  const response = await face.fetch(ask("/ready?verbose=1"));
  assert.deepEqual([response.status, await response.json()], [200, { status: "ready" }]);
  assert.equal(opened(), 0);
});

Deno.test("earlyFace() tells what keeps it from being ready", async () => {
  const response = await early({ unready: "stopping" }).face.fetch(ask("/ready"));
  assert.deepEqual([response.status, await response.json()], [503, { status: "not ready", reason: "stopping" }]);
});

Deno.test("earlyFace() lets all other requests wait for its code, which is loaded once", async () => {
  const { face, arrive, opened } = early();
  const asked = [
    face.fetch(ask("/health")),
    face.fetch(ask("/ready", { method: "POST" })),
    face.fetch(new Request("http://evil.example/ready")),
    face.load().then((answer) => answer(ask("/loaded"))),
  ];
  arrive();
  const answers = await Promise.all(asked.map(async (response) => await (await response).text()));
  assert.deepEqual(answers, ["face: /health", "face: /ready", "face: /ready", "face: /loaded"]);
  assert.equal(opened(), 1);
});

Deno.test("earlyFace() leaves everything to the face once it is there", async () => {
  const { face, arrive } = early();
  arrive();
  await face.load();
  assert.equal(await (await face.fetch(ask("/ready"))).text(), "face: /ready");
});

Deno.test("earlyFace() fails requests whose code cannot be loaded", async () => {
  const face = earlyFace({
    open: () => Promise.reject(new Error("no code")),
    health: { version: "1", uptimeSeconds: () => 1, unreadyBecause: () => undefined },
    checkHost: () => {},
  });
  await assert.rejects(face.fetch(ask("/health")), /^Error: no code$/);
});
