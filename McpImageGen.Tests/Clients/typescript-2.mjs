import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { headers, url, versionOf, visitWith } from './visit.mjs';

const client = new Client({ name: 'typescript-2', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
await visitWith(client, { version: versionOf('@modelcontextprotocol/client') });
