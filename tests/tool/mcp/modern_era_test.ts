import assert from "node:assert/strict";
import { inputRequired } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { LogFields } from "../../../src/lib/log.ts";
import { answered, callOf, openToolset, questionOf, serveModern, toolsOf } from "./tool_servers.ts";

/* Servers of the protocol of 2026-07-28: no session, no handshake, and questions that need no open request. */

type Register = Parameters<typeof serveModern>[0];

const greeter: Register = (server) => {
  server.registerTool(
    "greet",
    {
      description: "Greets",
      inputSchema: z.object({ name: z.string() }),
      outputSchema: z.object({ length: z.number() }),
    },
    ({ name }) => ({
      content: [{ type: "text", text: `Hello, ${name}` }],
      structuredContent: { length: name.length },
    }),
  );
};

const requestedSchema = z.object({ count: z.int() });

let orders = 0;
const shop: Register = (server) => {
  server.registerTool(
    "order",
    { description: "Orders", inputSchema: z.object({}), outputSchema: z.object({ ordered: z.number() }) },
    (_input, { mcpReq: { inputResponses } }) => {
      const { count, address } = Object(inputResponses);
      if (count?.action === "decline") return { content: [{ type: "text", text: "Then not" }], isError: true };
      if (count === undefined) {
        return inputRequired({
          inputRequests: {
            count: inputRequired.elicit({ message: "How many?", requestedSchema }),
            address: inputRequired.elicitUrl({ message: "Where to?", url: "https://maps.example/pick" }),
          },
          requestState: "kept by the server",
        });
      }
      orders++;
      const ordered = Number(count.content.count);
      return {
        content: [{ type: "text", text: `Ordered ${ordered}; address: ${address?.action}` }],
        structuredContent: { ordered },
      };
    },
  );
};

Deno.test("mcp speaks the protocol of 2026", async () => {
  await using server = serveModern(greeter);
  const told: LogFields[] = [];
  const log = { info: (_: string, fields: LogFields = {}) => void told.push(fields), warn: () => {}, error: () => {} };
  await using toolset = openToolset({ ...server.options, headers: { "x-key": "k" } }, { log });
  assert.deepEqual(await callOf(toolset, "greet", { name: "Ada" }), {
    content: "Hello, Ada",
    parts: [{ data: { length: 3 }, mediaType: "application/json" }],
  });
  assert.equal(told[0]?.protocol, "2026-07-28");
  assert.ok(server.requests.every(({ headers }) => headers.get("x-key") === "k"));
  assert.ok(server.requests.some(({ headers }) => headers.get("mcp-method") === "tools/call"));
});

Deno.test("a question of 2026 outlives the process that asked it: the call begins again with the answers", async () => {
  await using server = serveModern(shop);
  const first = openToolset(server.options);
  const count = await questionOf(first, "order");
  assert.equal(count.kind, "input");
  await first.close();

  await using second = openToolset(server.options);
  const again = await questionOf(second, "order", {}, answered(count, "many"));
  assert.match(again.question[0]?.text ?? "", /count has to be integer/);
  const page = await questionOf(second, "order", {}, answered(again, "3"));
  assert.equal(page.kind, "auth");
  assert.equal(orders, 0);
  const result = await callOf(second, "order", {}, answered(page, "done"));
  assert.equal(result.content, "Ordered 3; address: accept");
  assert.equal(orders, 1);
});

Deno.test("a question of 2026 may be declined", async () => {
  await using server = serveModern(shop);
  await using toolset = openToolset(server.options);
  const page = await questionOf(toolset, "order", {}, answered(await questionOf(toolset, "order"), "no"));
  const result = await callOf(toolset, "order", {}, answered(page, "no"));
  assert.deepEqual([result.content, result.isError], ["Then not", true]);
});

Deno.test("a server that asks for what no peer can give is told so by the model", async () => {
  await using server = serveModern((server) => {
    server.registerTool(
      "think",
      { inputSchema: z.object({}) },
      () => inputRequired({ inputRequests: { roots: inputRequired.listRoots() } }),
    );
  });
  await using toolset = openToolset(server.options);
  const result = await callOf(toolset, "think").catch((thrown) => ({ content: String(thrown), isError: true }));
  assert.equal(result.isError, true);
  assert.match(result.content, /roots/);
});

Deno.test("mcp reads the tools again when the server says that they have changed", async () => {
  const names = ["one"];
  await using server = serveModern((server) => {
    for (const name of names) server.registerTool(name, { inputSchema: z.object({}) }, () => ({ content: [] }));
  });
  await using toolset = openToolset(server.options);
  assert.deepEqual([...(await toolsOf(toolset)).keys()], ["one"]);
  names.push("two");
  assert.deepEqual([...(await toolsOf(toolset)).keys()], ["one"], "nobody has said so yet");
  server.toolsChanged();
  while ((await toolsOf(toolset)).size < 2) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual([...(await toolsOf(toolset)).keys()], ["one", "two"]);
});

Deno.test("mcp goes where the configuration lets it, and says what would", async () => {
  await using toolset = openToolset({ url: "http://10.255.255.1/mcp" });
  const { signal } = new AbortController();
  assert.deepEqual(await toolset.tools(signal), []);
  await assert.rejects(
    async () => await toolset.check?.(signal),
    /Cannot use tools\.remote: .*10\.255\.255\.1 leads to an address that is not public; allow can name it/,
  );
});
