// As Claude Desktop starts it: a process that speaks stdio. What follows the script's name goes to mcp-remote.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { authorization, url, versionOf, visitWith } from './visit.mjs';

// The older transport has an address of its own.
const address = process.argv.includes('sse-only') ? url.replace(/mcp$/, 'sse') : url;

const client = new Client({ name: 'mcp-remote', version: '1.0.0' });
await client.connect(new StdioClientTransport({
  command: 'mcp-remote',
  args: [address, '--allow-http', '--header', `Authorization: ${authorization}`, ...process.argv.slice(2)],
  env: process.env,
}));
await visitWith(client, { version: versionOf('mcp-remote') }, undefined);
