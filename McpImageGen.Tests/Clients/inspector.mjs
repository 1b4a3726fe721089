import { run } from './run.mjs';
import { authorization, url, versionOf, visit } from './visit.mjs';

const WRONG = 5; // how it ends when a tool's answer is an error; it prints that all the same
const inspect = async (...request) => JSON.parse(await run(
  'mcp-inspector', ['--cli', url, '--transport', 'http', '--header', `Authorization: ${authorization}`, ...request],
).catch(error => error.code === WRONG && error.output ? error.output : Promise.reject(error)));

const { tools } = await inspect('--method', 'tools/list');
await visit({
  tools,
  call: ({ name, arguments: given }) => inspect('--method', 'tools/call', '--tool-name', name,
    ...Object.entries(given).flatMap(([key, value]) => ['--tool-arg', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`])),
  version: versionOf('@modelcontextprotocol/inspector'),
});
