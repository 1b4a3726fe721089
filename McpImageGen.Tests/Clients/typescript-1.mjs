import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { authorization, url, versionOf, visit } from './visit.mjs';

const client = new Client({ name: 'typescript-1', version: '1.0.0' });
const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: authorization } } });
await client.connect(transport);
await visit(client, { version: versionOf('@modelcontextprotocol/sdk'), protocol: transport.protocolVersion });
