import assert from "node:assert/strict";
import type { Part } from "../../src/a2a/types.ts";
import { A2AError } from "../../src/a2a/errors.ts";
import { takingOnly } from "../../src/a2a/taking_only.ts";
import { callOf, echo, isRefusal, openHouse, requestOf } from "../task/house.ts";

const TAKEN = ["text/*", "image/PNG", "application/json"];
const raw = "aGk=";

/** [the part, whether it is taken] */
const ROWS: readonly (readonly [Part, boolean])[] = [
  [{ text: "hi" }, true],
  [{ text: "hi", mediaType: "application/x-odd" }, true],
  [{ data: { a: 1 }, mediaType: "application/x-odd" }, true],
  [{ raw }, true],
  [{ url: "https://a.example/b" }, true],
  [{ raw, mediaType: "image/png" }, true],
  [{ url: "https://a.example/b.png", mediaType: "IMAGE/png" }, true],
  [{ raw, mediaType: "text/csv; charset=utf-8" }, true],
  [{ raw, mediaType: "image/gif" }, false],
  [{ raw, mediaType: "application/pdf" }, false],
  [{ url: "https://a.example/b.pdf", mediaType: "application/pdf" }, false],
  [{ raw, mediaType: "text" }, false],
];
for (const [part, isTaken] of ROWS) {
  Deno.test(`takingOnly() ${isTaken ? "takes" : "refuses"} ${JSON.stringify(part)}`, async () => {
    const service = takingOnly(openHouse(echo).service, TAKEN);
    const request = requestOf("", { parts: [{ text: "look" }, part] });
    if (isTaken) {
      assert.ok("task" in await service.sendMessage(request, callOf()));
      assert.ok((await Array.fromAsync(service.sendStreamingMessage(request, callOf()))).length > 0);
    } else {
      await assert.rejects(service.sendMessage(request, callOf()), isRefusal("CONTENT_TYPE_NOT_SUPPORTED"));
      const streamed = Array.fromAsync(service.sendStreamingMessage(request, callOf()));
      await assert.rejects(streamed, isRefusal("CONTENT_TYPE_NOT_SUPPORTED"));
      assert.deepEqual((await service.listTasks({}, callOf())).tasks, []);
    }
  });
}

Deno.test("takingOnly() names the part and what would be taken", async () => {
  const service = takingOnly(openHouse(echo).service, TAKEN);
  const request = requestOf("", { parts: [{ text: "look" }, { raw, mediaType: "video/mp4" }] });
  const thrown = await service.sendMessage(request, callOf()).catch((thrown) => thrown);
  assert.ok(thrown instanceof A2AError);
  assert.deepEqual(thrown.violations.map(({ field }) => field), ["message.parts.1.mediaType"]);
  assert.match(
    thrown.message,
    /"video\/mp4" is not among what this agent takes: text\/\*, image\/png, application\/json/,
  );
});

Deno.test("takingOnly() takes whatever comes where all is taken", async () => {
  for (const all of [undefined, ["text/plain", "*/*"]]) {
    const service = takingOnly(openHouse(echo).service, all);
    const request = requestOf("", { parts: [{ raw, mediaType: "video/mp4" }] });
    assert.ok("task" in await service.sendMessage(request, callOf()));
  }
});
