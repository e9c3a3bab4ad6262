/*
 * A program that talks with an agent, wherever it runs and whatever it speaks:
 *
 *     deno run --allow-net --allow-env docs/examples/ask_agent.ts http://localhost:8080/agents/assistant
 */
import { A2AError, answerOf, apply, connectAgent, Secret, type Task, textOf, toolCallsOf } from "../../client.ts";

const [url = "http://localhost:8080"] = Deno.args;
const token = Deno.env.get("HECTOR_TOKEN");
await using agent = connectAgent(
  url,
  token === undefined ? {} : { auth: { kind: "bearer", token: new Secret(token) } },
);

const card = await agent.card();
console.log(`talking with ${card.name}`);

// Ask, and wait for the whole answer. An agent answers with a task, or with a message where there is nothing to follow.
const reply = await agent.send("Hello");
console.log("message" in reply ? textOf(reply.message) : answerOf(reply.task));

// Ask, and follow the answer as it comes. A connection that breaks is taken up again behind the last event.
let task: Task | undefined;
for await (const { event } of agent.stream("note: buy milk")) {
  if ("message" in event) continue;
  task = apply(task, event);
  for (const { name } of "statusUpdate" in event ? toolCallsOf(task.status.message ?? { parts: [] }) : []) {
    console.log(`the agent uses ${name}`);
  }
}
console.log(`${task?.status.state}: ${task === undefined ? "" : answerOf(task)}`);

// An agent may ask back; the answer goes to the same task.
const asked = await agent.send("which");
if ("task" in asked && asked.task.status.state === "TASK_STATE_INPUT_REQUIRED") {
  console.log(`the agent asks: ${answerOf(asked.task)}`);
  const answered = await agent.send("the second one", { taskId: asked.task.id });
  console.log("task" in answered ? answerOf(answered.task) : textOf(answered.message));
}

// What goes wrong has a reason to act on.
try {
  await agent.getTask("no-such-task");
} catch (thrown) {
  if (!(thrown instanceof A2AError)) throw thrown;
  console.log(`${thrown.reason}: ${thrown.message}`);
}

const { tasks, totalSize } = await agent.listTasks({ pageSize: 2 });
console.log(`the newest ${tasks.length} of ${totalSize} tasks`);
