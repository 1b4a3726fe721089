// What mcp-remote tells its user when the token is wrong: all that it prints until it gives up.
import { spawn } from 'node:child_process';

// The older transport has an address of its own.
const url = process.env.MCP_URL;
const address = process.argv.includes('sse-only') ? url.replace(/mcp$/, 'sse') : url;
const remote = spawn('mcp-remote', [address, '--allow-http', '--header', 'Authorization:${AUTH}', ...process.argv.slice(2)], {
  env: { ...process.env, AUTH: 'Bearer wrong' },
});
let said = '';
for (const stream of [remote.stdout, remote.stderr]) stream.on('data', text => { said += text; });
remote.stdin.write(JSON.stringify({
  jsonrpc: '2.0', id: 1, method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}) + '\n');
await new Promise(resolve => remote.on('exit', resolve));
console.log(said);
