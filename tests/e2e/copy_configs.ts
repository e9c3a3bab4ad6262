import { ROOT } from "./hector_process.ts";

/** Copies the example configurations, so that what they start may write beside them. */
export async function copyConfigs(to: string, from = `${ROOT}configs`): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await Deno.mkdir(`${to}/${name}`);
      await copyConfigs(`${to}/${name}`, `${from}/${name}`);
    } else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
