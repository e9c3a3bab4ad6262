import assert from "node:assert/strict";
import type { LogFields } from "../../../src/lib/log.ts";
import { inTempDir } from "../run_tool.ts";
import {
  answered,
  callOf,
  type EverythingOver,
  FILESYSTEM,
  openToolset,
  questionOf,
  startEverything,
  toolsOf,
} from "./tool_servers.ts";

/* The reference servers of the protocol, over each transport. */

const TRANSPORTS: readonly EverythingOver[] = ["stdio", "streamable-http", "sse"];

for (const over of TRANSPORTS) {
  Deno.test(`mcp uses the reference server over ${over}`, async (t) => {
    await using server = await startEverything(over);
    const told: LogFields[] = [];
    const log = {
      info: (_: string, fields: LogFields = {}) => void told.push(fields),
      warn: () => {},
      error: () => {},
    };
    await using toolset = openToolset(server.options, { log });

    await t.step("its tools are there", async () => {
      const tools = await toolsOf(toolset);
      assert.ok(tools.size >= 10, [...tools.keys()].join());
      const echo = tools.get("echo");
      assert.match(echo?.description ?? "", /Echoes/);
      assert.partialDeepStrictEqual(echo?.input, { type: "object", properties: { message: { type: "string" } } });
      assert.equal(echo?.replay, "once");
      assert.partialDeepStrictEqual(told, [{ name: "remote", protocol: "2025-11-25" }]);
    });
    await t.step("text comes back as text", async () => {
      assert.deepEqual(await callOf(toolset, "echo", { message: "hi" }), { content: "Echo: hi" });
    });
    await t.step("structured content becomes a data part", async () => {
      const { content, parts } = await callOf(toolset, "get-structured-content", { location: "Chicago" });
      assert.deepEqual(parts, [{ data: JSON.parse(content), mediaType: "application/json" }]);
    });
    await t.step("an image becomes a file", async () => {
      const { content, parts } = await callOf(toolset, "get-tiny-image");
      assert.match(content, /\[file: image\/png, \d+ bytes\]/);
      assert.equal(parts?.[0]?.mediaType, "image/png");
      assert.ok((parts?.[0]?.raw ?? "").length > 1000);
    });
    await t.step("links to resources are told", async () => {
      const { content } = await callOf(toolset, "get-resource-links", { count: 2 });
      assert.equal(content.match(/\[resource demo:\/\//g)?.length, 2);
    });
    await t.step("an embedded resource is text, or a file", async () => {
      const text = await callOf(toolset, "get-resource-reference", { resourceType: "Text", resourceId: 1 });
      assert.match(text.content, /\[resource demo:\/\/resource\/dynamic\/text\/1\]\nResource 1/);
      const blob = await callOf(toolset, "get-resource-reference", { resourceType: "Blob", resourceId: 1 });
      assert.equal(blob.parts?.length, 1);
    });
    await t.step("progress is said", async () => {
      const said: string[] = [];
      const say = (delta: string) => Promise.resolve(void said.push(delta));
      await callOf(toolset, "trigger-long-running-operation", { duration: 0.2, steps: 2 }, { say });
      assert.deepEqual(said, ["1/2\n", "2/2\n"]);
    });
    await t.step("a tool that fails says so", async () => {
      const result = await callOf(toolset, "get-sum", { a: "no number" });
      assert.equal(result.isError, true);
    });
    await t.step("a call that nobody waits for any more ends", async () => {
      const leave = new AbortController();
      const reason = new Error("nobody waits");
      const say = () => Promise.resolve(leave.abort(reason));
      const input = { duration: 60, steps: 600 };
      await assert.rejects(
        callOf(toolset, "trigger-long-running-operation", input, { say, signal: leave.signal }),
        (thrown) => thrown === reason,
      );
    });
    await t.step("a form is asked, and its answer goes on with the same call", async () => {
      const asked = await questionOf(toolset, "trigger-elicitation-request");
      assert.equal(asked.kind, "input");
      assert.match(asked.question[0]?.text ?? "", /- name \(string\): Your full, legal name/);
      const { content } = await callOf(
        toolset,
        "trigger-elicitation-request",
        {},
        answered(asked, "name: Ada\ncheck: yes"),
      );
      assert.match(content, /Name: Ada\n/);
      assert.match(content, /Agreed to terms: true/);
    });
    await t.step("a form is asked again where the answer is none, and may be declined", async () => {
      const first = await questionOf(toolset, "trigger-elicitation-request");
      const again = await questionOf(
        toolset,
        "trigger-elicitation-request",
        {},
        answered(first, "name: Ada\ninteger: many"),
      );
      assert.match(again.question[0]?.text ?? "", /^integer has to be integer/);
      const { content } = await callOf(toolset, "trigger-elicitation-request", {}, answered(again, "no"));
      assert.match(content, /decline/);
    });
    for (const errorPath of [false, true]) {
      await t.step(`a page is to be visited, told by ${errorPath ? "an error" : "a request"}`, async () => {
        const input = { url: "https://consent.example/page", errorPath };
        const asked = await questionOf(toolset, "trigger-url-elicitation", input);
        assert.equal(asked.kind, "auth");
        assert.match(
          asked.question[0]?.text ?? "",
          errorPath ? /open a page at modelcontextprotocol\.io/ : /open a page at consent\.example/,
        );
        // The reference server asks once more, by a request, when it is called again.
        const last = errorPath
          ? await questionOf(toolset, "trigger-url-elicitation", input, answered(asked, "done"))
          : asked;
        const { content } = await callOf(toolset, "trigger-url-elicitation", input, answered(last, "done"));
        assert.match(content, /accept/);
      });
    }
  });
}

Deno.test("mcp keeps the filesystem server to its folder, and asks before what it calls destructive", async () => {
  await inTempDir(async (folder) => {
    await Deno.writeTextFile(`${folder}/note.txt`, "the door code is 4711");
    const options = { command: "node", args: [FILESYSTEM, folder], exclude: ["*_tree"], trust_annotations: true };
    await using toolset = openToolset(options);
    const tools = await toolsOf(toolset);
    assert.ok(!tools.has("directory_tree") && tools.has("read_text_file"));
    const guarded = [...tools.values()].filter((tool) => tool.needsApproval?.({}) === true).map(({ name }) => name);
    assert.ok(guarded.includes("write_file") && !guarded.includes("read_text_file"), guarded.join());
    assert.equal(tools.get("read_text_file")?.replay, "safe");
    assert.equal(tools.get("edit_file")?.replay, "once");
    const read = await callOf(toolset, "read_text_file", { path: `${folder}/note.txt` });
    assert.match(read.content, /4711/);
    const outside = await callOf(toolset, "read_text_file", { path: "/etc/passwd" });
    assert.equal(outside.isError, true);
    assert.match(outside.content, /outside allowed directories/);
  });
});

Deno.test("mcp tells why the tools of a server are away, and nothing of where it is", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const rows: [options: object, reason: string][] = [
    [{ url: `http://127.0.0.1:${port}/mcp` }, "it cannot be reached"],
    [{ command: "/no/such/program" }, "its program cannot be started"],
  ];
  for (const [options, reason] of rows) {
    await using toolset = openToolset(options);
    assert.deepEqual(toolset.away?.(), []);
    assert.equal((await toolsOf(toolset)).size, 0);
    assert.deepEqual(toolset.away?.(), [{ name: "remote", reason }]);
  }
});

Deno.test("mcp leaves no process behind", async () => {
  const server = await startEverything("stdio");
  const toolset = openToolset(server.options);
  const { content } = await callOf(toolset, "get-env");
  const seen: unknown = JSON.parse(content);
  // The server sees what it needs and nothing of ours.
  assert.deepEqual(
    Object.keys(Object(seen)).filter((name) => !/^(PATH|HOME|USER|LOGNAME|LANG|TERM|TMPDIR)$/.test(name)),
    [],
  );
  await toolset.close();
  await assert.rejects(callOf(toolset, "echo", { message: "hi" }), /no tool/);
});

Deno.test("a server that is killed in the middle of a call is told of, and is back in a later turn", async () => {
  for (const over of ["streamable-http", "sse"] as const) {
    const first = await startEverything(over);
    await using toolset = openToolset(first.options);
    const say = () => first.kill();
    const input = { duration: 60, steps: 600 };
    await assert.rejects(
      callOf(toolset, "trigger-long-running-operation", input, { say }),
      /has ended in the middle of the call|did not come|Error POSTing|Connection/,
    );
    const { options: { url } } = { options: Object(first.options) };
    await using _second = await startEverything(over, Number(new URL(url).port));
    const { content } = await untilThere(() => callOf(toolset, "echo", { message: "again" }));
    assert.equal(content, "Echo: again");
  }
});

/** The toolset rests after a failure; a turn without the tools is no failure of the turn. */
async function untilThere<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (thrown) {
      if (!(thrown instanceof Error) || !/There is no tool|is not there/.test(thrown.message)) throw thrown;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
