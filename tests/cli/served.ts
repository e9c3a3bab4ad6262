import { inSandbox } from "../e2e/sandbox.ts";

/** Serves the agents of a configuration from a process of its own while `act` runs. */
export async function withServer(text: string, act: (url: string) => Promise<void>): Promise<void> {
  await inSandbox(async (sandbox) => {
    await sandbox.write("agents.yaml", text);
    const server = await sandbox.serve(["agents.yaml"]);
    await act(`http://localhost:${server.port}`);
  });
}
