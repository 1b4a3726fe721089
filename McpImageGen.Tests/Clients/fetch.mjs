// No MCP library and no handshake: one POST, one answer.
import { authorization, call, show, url } from './visit.mjs';

async function request(method, params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: authorization },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()).result;
}

const { tools } = await request('tools/list', {});
await show(tools, await request('tools/call', call), { version: process.version });
