import assert from "node:assert/strict";
import { answerOf, apply, connectAgent, type Task } from "../../client.ts";
import { createDial } from "../../src/server/dial.ts";
import { FIRST } from "../server/door/certificates.ts";
import { CARD } from "../a2a/fake_service.ts";
import { npmPackages } from "./tool_folder.ts";

/*
 * Our client against the gRPC servers of @a2a-js/sdk (on grpc-js, in Node), of both generations, over TCP and TLS.
 * deno run -A tests/conformance/sdk_grpc_servers.ts
 */

const packages = await npmPackages("sdk", [
  "@a2a-js/sdk@1.3.0",
  "@a2a-js/sdk-0.3@npm:@a2a-js/sdk@0.3.14",
  "@grpc/grpc-js@1.14",
  "@bufbuild/protobuf@2",
]);
const program = new URL("sdk_grpc_server.mjs", import.meta.url).pathname;

async function withNodeServer(files: readonly string[], act: (port: number) => Promise<void>): Promise<void> {
  const server = new Deno.Command("node", { args: [program, packages, ...files], stdin: "piped", stdout: "piped" })
    .spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const { value = "" } = await reader.read();
    assert.match(value, /^\d+\n$/);
    await act(Number(value));
  } finally {
    await server.stdin.close();
    await reader.cancel();
    await server.status;
  }
}

async function checkAgent(protocolVersion: string, url: string): Promise<void> {
  const supportedInterfaces = [{ url, protocolBinding: "GRPC", protocolVersion }];
  const openBytes = createDial({ caCerts: [FIRST.cert] });
  await using agent = connectAgent({ ...CARD, supportedInterfaces }, { openBytes });
  const sent = await agent.send("Hi");
  assert.ok("task" in sent);
  assert.equal(answerOf(sent.task), "Hello");
  assert.equal((await agent.getTask(sent.task.id)).status.state, "TASK_STATE_COMPLETED");
  await assert.rejects(agent.getTask("nope"), { reason: "TASK_NOT_FOUND" });
  await assert.rejects(agent.cancelTask(sent.task.id), { reason: "TASK_NOT_CANCELABLE" });
  let task: Task | undefined;
  for await (const { event } of agent.stream("Hi")) if (!("message" in event)) task = apply(task, event);
  assert.ok(task);
  assert.deepEqual([answerOf(task), task.status.state], ["Hello", "TASK_STATE_COMPLETED"]);
  // Taken up in the middle, without numbers: a snapshot, and what comes behind it.
  for await (const { event } of agent.stream("Hi")) {
    if (!("statusUpdate" in event)) continue;
    task = undefined;
    for await (const { event: watched } of agent.watchTask(event.statusUpdate.taskId)) {
      if (!("message" in watched)) task = apply(task, watched);
    }
    break;
  }
  assert.equal(task === undefined ? "" : answerOf(task), "Hello");
  console.log("ok    ", protocolVersion, url);
}

const folder = await Deno.makeTempDir();
try {
  await Deno.writeTextFile(`${folder}/cert.pem`, FIRST.cert);
  await Deno.writeTextFile(`${folder}/key.pem`, FIRST.key);
  for (const version of ["1.0", "0.3"]) {
    await withNodeServer([], (port) => checkAgent(version, `http://127.0.0.1:${port}`));
    const files = [`${folder}/cert.pem`, `${folder}/key.pem`];
    await withNodeServer(files, (port) => checkAgent(version, `https://127.0.0.1:${port}`));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
