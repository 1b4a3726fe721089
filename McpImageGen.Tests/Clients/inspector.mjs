import { execFileSync } from 'node:child_process';
import { authorization, call, show, url, versionOf } from './visit.mjs';

const inspect = (...request) => JSON.parse(execFileSync(
  'mcp-inspector', ['--cli', url, '--transport', 'http', '--header', `Authorization: ${authorization}`, ...request], { encoding: 'utf8' }));

const { tools } = inspect('--method', 'tools/list');
const result = inspect('--method', 'tools/call', '--tool-name', call.name, '--tool-arg', `prompt=${call.arguments.prompt}`);
await show(tools, result, { version: versionOf('@modelcontextprotocol/inspector') });
