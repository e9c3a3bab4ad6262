import assert from "node:assert/strict";
import { toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Message, Part } from "../../src/a2a/types.ts";
import type { ModelDeps } from "../../src/model/model.ts";
import { type LoadedParts, shownMessages, type Takes } from "../../src/model/shown_messages.ts";
import { said } from "./model_fakes.ts";

const TAKES: Takes = {
  types: ["image/png", "audio/*"],
  maxBytes: 6,
  byUrl: (_type, url) => url.startsWith("https://known/"),
};

const PNG = { raw: "AAAA", mediaType: "image/png" };
const { signal } = new AbortController();

/** Answers with what stands under the address, and counts how often it was asked. */
function files(table: Record<string, { bytes: Uint8Array; mediaType?: string }>) {
  const asked: [url: string, maxBytes: number][] = [];
  const load: NonNullable<ModelDeps["loadFile"]> = (url, { maxBytes }) => {
    asked.push([url, maxBytes]);
    const found = table[url];
    return found === undefined ? Promise.reject(new Error("404 Not Found")) : Promise.resolve(found);
  };
  return { asked, load };
}

async function parts(messages: readonly Message[], load?: ModelDeps["loadFile"]): Promise<Part[]> {
  const shown = await shownMessages({ messages, signal }, TAKES, { load, loaded: new WeakMap() });
  return shown.flatMap((message) => message.parts);
}

const newest = (...content: Part[]) => [said("ROLE_USER", ...content)];
const older = (...content: Part[]) => [said("ROLE_USER", ...content), said("ROLE_USER", { text: "and now?" })];

/** [what, part, what is shown] */
const SHOWN: [what: string, part: Part, shown: Part][] = [
  ["text", { text: "hi" }, { text: "hi" }],
  ["data", { data: { a: 1 } }, { data: { a: 1 } }],
  ["a picture", PNG, PNG],
  ["a media type in capitals", { raw: "AAAA", mediaType: "IMAGE/PNG; q=1" }, {
    raw: "AAAA",
    mediaType: "IMAGE/PNG; q=1",
  }],
  ["any sound", { raw: "AAAA", mediaType: "audio/flac" }, { raw: "AAAA", mediaType: "audio/flac" }],
  ["as many bytes as may be", { raw: "AAAAAAAA", mediaType: "image/png" }, { raw: "AAAAAAAA", mediaType: "image/png" }],
  ["a picture that the provider fetches", { url: "https://known/a", mediaType: "image/png" }, {
    url: "https://known/a",
    mediaType: "image/png",
  }],
  ["a text file", { raw: btoa("a,b"), mediaType: "text/csv", filename: "x.csv" }, {
    raw: btoa("a,b"),
    mediaType: "text/csv",
    filename: "x.csv",
  }],
  ["a JSON file", { raw: btoa("{}"), mediaType: "application/json" }, {
    raw: btoa("{}"),
    mediaType: "application/json",
  }],
  ["a long text file", { raw: btoa("0123456789"), mediaType: "text/plain" }, {
    raw: btoa("0123456789"),
    mediaType: "text/plain",
  }],
];

for (const [what, part, shown] of SHOWN) {
  Deno.test(`shownMessages() shows ${what}`, async () => assert.deepEqual(await parts(newest(part)), [shown]));
}

/** [what, part, what is said of it] */
const REFUSED: [what: string, part: Part, told: RegExp][] = [
  ["a PDF", { raw: "AAAA", mediaType: "application/pdf", filename: "a.pdf" }, /raw part "a\.pdf".*"application\/pdf"/],
  ["a picture of another kind", { raw: "AAAA", mediaType: "image/tiff" }, /"image\/tiff"; text, .*image\/png/],
  ["a video by address", { url: "https://x/y", mediaType: "video/mp4" }, /url part.*"video\/mp4"/],
  ["a picture by address", { url: "https://x/y", mediaType: "image/png" }, /url part.*does not fetch files/],
  ["an address without a type", { url: "https://x/y.png" }, /url part.*does not fetch files/],
  ["bytes without a type", { raw: "AAAA" }, /raw part.*no mediaType/],
  ["too many bytes", { raw: "AAAAAAAAAA==", mediaType: "image/png" }, /it has 7 bytes, and at most 6/],
];

for (const [what, part, told] of REFUSED) {
  Deno.test(`shownMessages() refuses ${what} by name`, async () => {
    await assert.rejects(parts(newest(part)), { name: "ModelError", kind: "invalid_request", message: told });
  });

  Deno.test(`shownMessages() refuses ${what} still while tools are at work on the message`, async () => {
    const call = said("ROLE_AGENT", toolCallPart({ id: "1", name: "f", arguments: {} }));
    const outcome = said("ROLE_USER", toolOutcomePart({ id: "1", name: "f", output: "", isError: false }));
    await assert.rejects(parts([...newest(part), call, outcome]), { kind: "invalid_request" });
  });

  Deno.test(`shownMessages() notes ${what} in the past, so that the conversation can go on`, async () => {
    assert.match((await parts(older(part)))[0]?.text ?? "", /^\[(raw|url) part .*not shown\]$/);
  });
}

const LINK = { url: "https://x/y", mediaType: "image/png" };

Deno.test("shownMessages() fetches what the provider would not, within its bounds", async () => {
  const { load, asked } = files({ "https://x/y": { bytes: new Uint8Array(3) } });
  assert.deepEqual(await parts(newest({ ...LINK, filename: "y.png" }), load), [
    { raw: "AAAA", mediaType: "image/png", filename: "y.png" },
  ]);
  assert.deepEqual(asked, [["https://x/y", 6]]);
});

Deno.test("shownMessages() takes the type that the file came with, where the part has none", async () => {
  const { load } = files({
    "https://x/y": { bytes: new Uint8Array(3), mediaType: "image/png" },
    "https://x/z": { bytes: new TextEncoder().encode("ä"), mediaType: "text/plain" },
  });
  assert.deepEqual(await parts(newest({ url: "https://x/y" }, { url: "https://x/z" }), load), [
    { raw: "AAAA", mediaType: "image/png" },
    { raw: "w6Q=", mediaType: "text/plain" },
  ]);
});

Deno.test("shownMessages() does not fetch what the model could not be shown", async () => {
  const { load, asked } = files({});
  await assert.rejects(parts(newest({ url: "https://x/y", mediaType: "video/mp4" }), load), /video\/mp4/);
  assert.deepEqual(asked, []);
});

Deno.test("shownMessages() says why a file cannot be fetched", async () => {
  const { load } = files({});
  await assert.rejects(parts(newest(LINK), load), {
    kind: "invalid_request",
    message: /cannot be read: 404 Not Found/,
  });
  assert.match((await parts(older(LINK), load))[0]?.text ?? "", /not shown/);
});

Deno.test("shownMessages() fetches a part once for all calls of a turn, and again if that failed", async () => {
  const table: Record<string, { bytes: Uint8Array }> = {};
  const { load, asked } = files(table);
  const messages = newest(LINK);
  const loaded: LoadedParts = new WeakMap();
  const show = () => shownMessages({ messages, signal }, TAKES, { load, loaded });
  await assert.rejects(show());
  table["https://x/y"] = { bytes: new Uint8Array(1) };
  await show();
  assert.deepEqual((await show())[0]?.parts, [{ raw: "AA==", mediaType: "image/png" }]);
  assert.equal(asked.length, 2);
});

Deno.test("shownMessages() ends with the signal's reason while it fetches", async () => {
  const controller = new AbortController();
  const load = () => {
    controller.abort(new Error("the peer canceled"));
    return Promise.reject(new Error("aborted"));
  };
  const request = { messages: newest(LINK), signal: controller.signal };
  await assert.rejects(shownMessages(request, TAKES, { load, loaded: new WeakMap() }), /the peer canceled/);
});

Deno.test("shownMessages() hands on messages without files as they are", async () => {
  const message = said("ROLE_USER", { text: "a" });
  const [shown] = await shownMessages({ messages: [message], signal }, TAKES, {
    load: undefined,
    loaded: new WeakMap(),
  });
  assert.equal(shown, message);
});
