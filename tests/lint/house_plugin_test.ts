import assert from "node:assert/strict";
import house from "./house_plugin.ts";

const longBody = Array.from({ length: 61 }, (_, line) => `  step(${line});`).join("\n");

/** [rule, file, planted source, how many breaches] */
const ROWS: [rule: string, file: string, source: string, breaches: number][] = [
  ["no-cast", "src/a2a/x.ts", "export const a = JSON.parse('1') as number;", 1],
  ["no-cast", "src/a2a/x.ts", "export const a = <number> JSON.parse('1');", 1],
  ["no-cast", "src/a2a/x.ts", "export const a = [1][0]!;", 1],
  ["no-cast", "src/a2a/x.ts", "export const a = ['b'] as const;", 0],
  ["no-cast", "tests/a2a/x_test.ts", "export const a = JSON.parse('1') as number;", 0],
  ["function-size", "src/lib/x.ts", `export function f() {\n${longBody}\n}`, 1],
  ["function-size", "src/lib/x.ts", `export const f = () => {\n${longBody}\n};`, 1],
  ["function-size", "src/lib/x.ts", "export function f(a: 1, b: 2, c: 3, d: 4) { return [a, b, c, d]; }", 1],
  ["function-size", "src/lib/x.ts", "export function f(a: 1, b: 2, c: 3) { return [a, b, c]; }", 0],
  ["runtime-at-the-rim", "src/agent/x.ts", "export const e = Deno.cwd();", 1],
  ["runtime-at-the-rim", "src/config/load.ts", "export const e = Deno.cwd();", 1],
  ["runtime-at-the-rim", "src/config/sources/file.ts", "export const e = Deno.cwd();", 0],
  ["runtime-at-the-rim", "src/server/x.ts", "export const e = Deno.cwd();", 0],
  ["no-node-http2", "src/lib/x.ts", "import http2 from 'node:http2'; http2;", 1],
  ["no-node-http2", "src/lib/x.ts", "export const m = await import('npm:@grpc/grpc-js@1');", 1],
  ["no-node-http2", "tests/x_test.ts", "import grpc from '@grpc/grpc-js'; grpc;", 1],
  ["no-node-http2", "src/lib/x.ts", "import http from 'node:http'; http;", 0],
  ["type-names", "src/task/x.ts", "export class TaskManager {}", 1],
  ["type-names", "src/task/x.ts", "export interface ITask { id: string }", 1],
  ["type-names", "src/task/x.ts", "export type BaseTask = { id: string };", 1],
  ["type-names", "src/task/x.ts", "export interface Interval { id: string }", 0],
  ["no-console", "src/task/x.ts", "console.log('x');", 1],
  ["no-console", "tests/task/x_test.ts", "console.log('x');", 0],
  ["no-env-sleep", "src/agent/x.ts", "setTimeout(() => {}, 5);", 1],
  ["no-env-sleep", "src/server/x.ts", "setTimeout(() => {}, 5);", 0],
];

for (const [rule, file, source, breaches] of ROWS) {
  Deno.test(`house/${rule} finds ${breaches} in ${file}: ${source.slice(0, 48).replaceAll("\n", " ")}`, () => {
    const found = Deno.lint.runPlugin(house, `/house/${file}`, source);
    assert.equal(found.filter(({ id }) => id === `house/${rule}`).length, breaches);
  });
}
