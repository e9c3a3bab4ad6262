/*
 * The reference SDK at its fastest: its own JSON-RPC handler on a bare Deno.serve, its store in memory, an agent that
 * only publishes. Arguments: what it publishes (`task`: one finished task; `events`: the same answer in the events that
 * a streaming agent sends), and a port, 0 for any.
 */
import { AgentCard, Task, TaskArtifactUpdateEvent, TaskStatusUpdateEvent } from "@a2a-js/sdk";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from "@a2a-js/sdk/server";

const ARTIFACT = { artifactId: "answer", parts: [{ text: "The capital of France is Paris." }] };
const [publish = "task", port = "0"] = Deno.args;
const inEvents = publish === "events";

const executor: AgentExecutor = {
  execute: ({ taskId, contextId, userMessage }, bus) => {
    const state = inEvents ? "TASK_STATE_SUBMITTED" : "TASK_STATE_COMPLETED";
    const artifacts = inEvents ? [] : [ARTIFACT];
    const task = Task.fromJSON({ id: taskId, contextId, status: { state }, artifacts, history: [] });
    bus.publish(AgentEvent.task({ ...task, history: [userMessage] }));
    if (inEvents) {
      const status = (state: string) =>
        AgentEvent.statusUpdate(TaskStatusUpdateEvent.fromJSON({ taskId, contextId, status: { state } }));
      bus.publish(status("TASK_STATE_WORKING"));
      bus.publish(
        AgentEvent.artifactUpdate(TaskArtifactUpdateEvent.fromJSON({ taskId, contextId, artifact: ARTIFACT })),
      );
      bus.publish(status("TASK_STATE_COMPLETED"));
    }
    bus.finished();
    return Promise.resolve();
  },
  cancelTask: () => Promise.resolve(),
};

const card = AgentCard.fromJSON({
  name: "assistant",
  description: "Answers",
  version: "1",
  supportedInterfaces: [{ url: "http://127.0.0.1/", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
  capabilities: { streaming: true },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain"],
  skills: [],
});
const transport = new JsonRpcTransportHandler(
  new DefaultRequestHandler(card, new InMemoryTaskStore(), executor),
);

function eventStream(events: AsyncGenerator<unknown>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
    },
    async cancel() {
      await events.return(undefined);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const { addr } = Deno.serve({ hostname: "127.0.0.1", port: Number(port), onListen: () => {} }, async (request) => {
  const context = new ServerCallContext({ requestedVersion: request.headers.get("a2a-version") ?? "" });
  const answer = await transport.handle(await request.text(), context);
  return Symbol.asyncIterator in answer ? eventStream(answer) : Response.json(answer);
});
console.log(`http://127.0.0.1:${addr.port}`);
