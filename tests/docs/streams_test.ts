import assert from "node:assert/strict";
import { RESUME_EXTENSION } from "../../src/a2a/extensions.ts";
import { type HectorServer } from "../e2e/hector_process.ts";
import { inSandbox } from "../e2e/sandbox.ts";

/* docs/streams.md: what it says, on the real program. */

const root = new URL("../../", import.meta.url).pathname;
const page = await Deno.readTextFile(`${root}docs/streams.md`);
const [start = "", ...curls] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script = ""]) => script.trim());

interface Numbered {
  readonly seq: number;
  readonly text: string;
}

/** The events of server-sent events. */
function eventsOf(stream: string): readonly Numbered[] {
  return [...stream.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data = ""]) => ({
    seq: Number(id),
    text: data,
  }));
}

const V1 = { "a2a-version": "1.0", "content-type": "application/json" };

async function stream({ url }: HectorServer, path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...V1, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

Deno.test("docs/streams.md: its commands show a stream, and what stands behind the fifth of its events", () =>
  inSandbox(async ({ serve, paste }) => {
    assert.match(start, /^hector serve configs\/scripted\.yaml$/);
    const server = await serve([`${root}configs/scripted.yaml`]);
    const [first = "", again = ""] = curls.map((curl) => curl.replace("http://localhost:8080", server.url));
    const whole = eventsOf((await paste(first)).out);
    const rest = eventsOf((await paste(again)).out);
    assert.ok(whole.length > 5 && whole.at(-1)?.text.includes("TASK_STATE_COMPLETED"));
    assert.deepEqual(rest, whole.filter(({ seq }) => seq > 5));
  }));

Deno.test("docs/streams.md: a subscription goes on behind a number, by header and by the extension, also when all is over", () =>
  inSandbox(async ({ serve }) => {
    const server = await serve([`${root}configs/scripted.yaml`]);
    const message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "count" }] };
    const whole = eventsOf((await stream(server, "/agents/actor/message:stream", { message })).text);
    const { task: { id } } = JSON.parse(whole[0]?.text ?? "");
    const path = `/agents/actor/tasks/${id}:subscribe`;
    const behind = (place: number) => whole.filter(({ seq }) => seq > place);
    const byHeader = await stream(server, path, {}, { "last-event-id": "5" });
    assert.deepEqual(eventsOf(byHeader.text), behind(5));
    const asking = (afterSeq: number) => ({
      jsonrpc: "2.0",
      id: 1,
      method: "SubscribeToTask",
      params: { id, metadata: { [RESUME_EXTENSION]: { afterSeq } } },
    });
    const rest = async (afterSeq: number, headers = {}) =>
      eventsOf((await stream(server, "/agents/actor", asking(afterSeq), headers)).text).map(({ seq }) => seq);
    assert.deepEqual(await rest(7), behind(7).map(({ seq }) => seq));
    assert.deepEqual(await rest(7, { "last-event-id": "2" }), behind(7).map(({ seq }) => seq));
    assert.deepEqual(await rest(0), whole.map(({ seq }) => seq));
    const beyond = await stream(server, "/agents/actor", asking(9999));
    assert.match(beyond.text, /INVALID_PARAMS/);
    const without = await stream(server, path, {});
    assert.match(without.text, /UNSUPPORTED_OPERATION/);
  }));

Deno.test("docs/streams.md: a socket tells numbers to those who ask by the extension", () =>
  inSandbox(async ({ serve }) => {
    const { url } = await serve([`${root}configs/scripted.yaml`]);
    const socket = new WebSocket(`${url.replace("http", "ws")}/agents/actor/ws`);
    await new Promise((resolve) => socket.onopen = resolve);
    const message = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "count" }] };
    const seqsOf = (place: object) => {
      const { promise, resolve } = Promise.withResolvers<readonly (number | undefined)[]>();
      const seqs: (number | undefined)[] = [];
      socket.onmessage = ({ data }) => {
        const { seq, result } = JSON.parse(data);
        seqs.push(seq);
        if (result.statusUpdate?.status.state === "TASK_STATE_COMPLETED") resolve(seqs);
      };
      const params = { message, metadata: place };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "SendStreamingMessage", params }));
      return promise;
    };
    const whole = await seqsOf({ [RESUME_EXTENSION]: {} });
    assert.deepEqual(await seqsOf({ [RESUME_EXTENSION]: { afterSeq: 5 } }), whole.filter((seq = 0) => seq > 5));
    assert.ok((await seqsOf({})).every((seq) => seq === undefined));
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  }));

Deno.test("docs/streams.md names the extension as cards do, and its example is one of it", () => {
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  assert.deepEqual(Object.keys(JSON.parse(example).metadata), [RESUME_EXTENSION]);
  const uris = new Set(page.match(/https:\/\/hector\.dev\/[^\s`"]+/g));
  assert.deepEqual([...uris], [RESUME_EXTENSION]);
});
