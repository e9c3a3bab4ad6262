import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { MemoryStore } from "./memory_store.ts";
import type { Store, StoreDeps } from "./store.ts";

export const memoryStore = definePlugin({
  options: z.strictObject({}).meta({ description: "Tasks live in the process and end with it." }),
  create: (_options, deps: StoreDeps): Promise<Store> => Promise.resolve(new MemoryStore(deps)),
});
