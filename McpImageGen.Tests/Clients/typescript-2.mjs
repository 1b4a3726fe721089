import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { authorization, url, versionOf, visit } from './visit.mjs';

const client = new Client({ name: 'typescript-2', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: authorization } } }));
await visit(client, { version: versionOf('@modelcontextprotocol/client'), protocol: client.getNegotiatedProtocolVersion() });
