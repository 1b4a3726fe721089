// No MCP library and no handshake: one POST, one answer.
import { headers, url, visit } from './visit.mjs';

async function request(method, params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()).result;
}

const { tools } = await request('tools/list', {});
await visit({ tools, call: params => request('tools/call', params), version: process.version });
